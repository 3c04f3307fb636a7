"""Each message changes its conversation and its correspondent: an index of the time costs two writes.

Only the purges ask for it, and read all rows anyway. Room is left in each page, so that PostgreSQL
can put a changed row beside the former one. What is sent at once stands in no index of the unsent.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UNSENT = sa.text("state <> 'waiting'")
CHANGING = ("conversation", "correspondent")


def upgrade() -> None:
    """Apply the change."""
    op.drop_index("ix_conversation_updated_at", "conversation")
    op.drop_index("ix_correspondent_heard_at", "correspondent")
    op.drop_index("ix_outbox_state", "outbox")
    op.create_index(
        "ix_outbox_unsent", "outbox", ["state"], sqlite_where=UNSENT, postgresql_where=UNSENT
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in CHANGING:
            op.execute(f"ALTER TABLE {table} SET (fillfactor = 70)")


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name == "postgresql":
        for table in CHANGING:
            op.execute(f"ALTER TABLE {table} RESET (fillfactor)")
    op.drop_index("ix_outbox_unsent", "outbox")
    op.create_index("ix_outbox_state", "outbox", ["state"])
    op.create_index("ix_correspondent_heard_at", "correspondent", ["heard_at"])
    op.create_index("ix_conversation_updated_at", "conversation", ["updated_at"])
