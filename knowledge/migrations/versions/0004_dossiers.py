"""Dossiers: origins, units, topics, the dossiers; consents, counted look-ups, followed dossiers."""

import sqlalchemy as sa
from alembic import op

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    _around()
    _dossier()


def _around() -> None:
    op.create_table(
        "dossier_consent",
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat", name=op.f("pk_dossier_consent")),
    )
    op.create_table(
        "dossier_follow",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("told_state", sa.SmallInteger(), nullable=False),
        sa.Column("told_due", sa.Date(), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_follow")),
        sa.UniqueConstraint("chat", "code", name=op.f("uq_dossier_follow_chat_code")),
    )
    op.create_index(op.f("ix_dossier_follow_chat"), "dossier_follow", ["chat"])
    op.create_index(op.f("ix_dossier_follow_code"), "dossier_follow", ["code"])
    op.create_table(
        "dossier_origin",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("is_copy", sa.Boolean(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_origin")),
        sa.UniqueConstraint("name", name=op.f("uq_dossier_origin_name")),
    )
    op.create_table(
        "dossier_topic",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("sector", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_topic")),
        sa.UniqueConstraint(
            "code", "name", "sector", name=op.f("uq_dossier_topic_code_name_sector")
        ),
    )
    op.create_table(
        "dossier_try",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("chat", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("series", sa.String(length=32), nullable=False),
        sa.Column("is_wrong_proof", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_try")),
    )
    op.create_index(op.f("ix_dossier_try_at"), "dossier_try", ["at"])
    op.create_index("ix_dossier_try_channel", "dossier_try", ["channel", "at"])
    op.create_index("ix_dossier_try_chat", "dossier_try", ["chat", "at"])
    op.create_index("ix_dossier_try_code", "dossier_try", ["code", "at"])
    op.create_index("ix_dossier_try_series", "dossier_try", ["series", "at"])
    op.create_table(
        "dossier_unit",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_unit")),
        sa.UniqueConstraint("agency", "name", name=op.f("uq_dossier_unit_agency_name")),
    )


def _dossier() -> None:
    op.create_table(
        "dossier",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("origin_id", NUMBER, nullable=False),
        sa.Column("unit_id", NUMBER, nullable=False),
        sa.Column("topic_id", NUMBER, nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("supplement_on", sa.Date(), nullable=True),
        sa.Column("supplement_by", sa.Date(), nullable=True),
        sa.Column("supplements", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("papers", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("fetch_at", sa.Text(), nullable=True),
        sa.Column("id_proof", sa.String(length=32), nullable=True),
        sa.Column("phone_proof", sa.String(length=32), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("synced_at", MOMENT, nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["origin_id"], ["dossier_origin.id"], name=op.f("fk_dossier_origin_id_dossier_origin")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["dossier_topic.id"], name=op.f("fk_dossier_topic_id_dossier_topic")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["dossier_unit.id"], name=op.f("fk_dossier_unit_id_dossier_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("code", "origin_id", name=op.f("uq_dossier_code_origin_id")),
    )
    op.create_index("ix_dossier_finished_on", "dossier", ["finished_on"])


def downgrade() -> None:
    """Take the change back: the dossiers have to be imported again."""
    for table in (
        "dossier",
        "dossier_unit",
        "dossier_try",
        "dossier_topic",
        "dossier_origin",
        "dossier_follow",
        "dossier_consent",
    ):
        op.drop_table(table)
