"""Only what has been handled stands in the index of handled events.

A planner took it to find what waits, and each arriving event was written into it for nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

HANDLED = sa.text("handled_at IS NOT NULL")


def upgrade() -> None:
    """Apply the change."""
    op.drop_index("ix_inbox_handled_at", "inbox")
    op.create_index(
        "ix_inbox_handled_at",
        "inbox",
        ["handled_at"],
        sqlite_where=HANDLED,
        postgresql_where=HANDLED,
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_inbox_handled_at", "inbox")
    op.create_index("ix_inbox_handled_at", "inbox", ["handled_at"])
