"""Staff, roles, events that stay, proposals of imports, looks at links; who made a revision."""

from typing import Any

import sqlalchemy as sa
from alembic import op

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# A published revision may get an end; nothing else about it may change.
KEPT = (
    "procedure_id, number, name, levels, sector, kind, province, owner, decision_number, "
    "decision_date, portal_id, source, source_date, status, fingerprint, mark, content, "
    "in_force_from, published_at, author, approver"
)
SAYS_REVISION = "a published revision is never changed or erased"
SAYS_EVENT = "events are never changed or erased"
GUARDS = (
    ("revision_stays", f"UPDATE OF {KEPT}", "revision", "OLD.status = 'published'", SAYS_REVISION),
    ("revision_is_kept", "DELETE", "revision", "OLD.status = 'published'", SAYS_REVISION),
    ("event_stays", "UPDATE", "event", "1 = 1", SAYS_EVENT),
    ("event_is_kept", "DELETE", "event", "1 = 1", SAYS_EVENT),
)


def upgrade() -> None:
    """Apply the change."""
    _people()
    _imports()
    columns: tuple[sa.Column[Any], ...] = (
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("author", sa.String(length=60), nullable=True),
        sa.Column("approver", sa.String(length=60), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("listed_on", sa.Date(), nullable=True),
    )
    for column in columns:
        op.add_column("revision", column)
    op.create_index("ix_revision_mark", "revision", ["mark"])
    columns = (
        sa.Column("basis_effective_from", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(length=60), nullable=True),
        sa.Column("carried_out_at", MOMENT, nullable=True),
    )
    for column in columns:
        op.add_column("decision", column)
    op.add_column("decision_item", sa.Column("successor_code", sa.String(16), nullable=True))
    for guard in GUARDS:
        _guard(*guard)


def _guard(name: str, event: str, table: str, condition: str, says: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{says}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) "
        f"EXECUTE FUNCTION {name}()"
    )


def _people() -> None:
    op.create_table(
        "staff",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "role",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("duty", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("granted_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_role_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
    )
    op.create_index(op.f("ix_role_staff_id"), "role", ["staff_id"])
    op.create_table(
        "event",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_at"), "event", ["at"])
    op.create_index("ix_event_subject", "event", ["subject", "id"])


def _imports() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index(op.f("ix_import_run_digest"), "import_run", ["digest"])
    op.create_table(
        "seen",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("run_id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("portal_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_seen_run_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seen")),
        sa.UniqueConstraint("run_id", "slug", name=op.f("uq_seen_run_id_slug")),
    )
    op.create_index(op.f("ix_seen_code"), "seen", ["code"])
    op.create_table(
        "proposal",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("run_id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("change", sa.String(length=20), nullable=False),
        sa.Column("source_draft", sa.Text(), nullable=True),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("has_conflict", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_proposal_run_id_import_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_slug"), "proposal", ["slug"])
    op.create_index("ix_proposal_verdict", "proposal", ["verdict", "id"])
    op.create_table(
        "link_look",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("finding", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_look")),
    )
    op.create_index(op.f("ix_link_look_slug"), "link_look", ["slug"])


def downgrade() -> None:
    """Take the change back."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _, table, *_ in GUARDS:
        op.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else f" ON {table}"))
        if not is_sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_column("decision_item", "successor_code")
    for column in ("carried_out_at", "recorded_by", "basis_effective_from"):
        op.drop_column("decision", column)
    op.drop_index("ix_revision_mark", table_name="revision")
    for column in ("listed_on", "origin", "approver", "author", "version"):
        op.drop_column("revision", column)
    for table in ("link_look", "proposal", "seen", "import_run", "event", "role", "staff"):
        op.drop_table(table)
