"""Turns: sums of whole months stay when the turns are erased, and are only ever added."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SAYS = "số đếm của tháng chỉ được thêm"
GUARDS = (("turn_month_stays", "UPDATE"), ("turn_month_is_kept", "DELETE"))


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "turn_month",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("facet", sa.String(length=20), nullable=True),
        sa.Column("code", sa.String(length=16), nullable=True),
        sa.Column("sector", sa.String(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn_month")),
    )
    op.create_index(op.f("ix_turn_month_month"), "turn_month", ["month"])
    for name, event in GUARDS:
        _guard(name, event)


def _guard(name: str, event: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON turn_month "
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON turn_month FOR EACH ROW "
        f"EXECUTE FUNCTION {name}()"
    )


def downgrade() -> None:
    """Take the change back."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _ in GUARDS:
        op.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else " ON turn_month"))
        if not is_sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("turn_month")
