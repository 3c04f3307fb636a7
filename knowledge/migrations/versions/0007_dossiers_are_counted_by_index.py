"""Dossiers: the reports count in an index; what is due and what has ended is found in small ones."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COUNTED = (
    "unit_id", "topic_id", "state", "channel", "received_on", "due_on", "finished_on",
    "supplements", "supplement_on", "origin_id",
)  # fmt: skip
IS_RUNNING = sa.text("state IN (2, 4) AND finished_on IS NULL")
HAS_ENDED = sa.text("state IN (3, 7, 8, 9, 10) AND finished_on IS NULL")


def upgrade() -> None:
    """Apply the change."""
    op.create_index("ix_dossier_counted", "dossier", list(COUNTED))
    op.create_index(
        "ix_dossier_running",
        "dossier",
        ["due_on"],
        sqlite_where=IS_RUNNING,
        postgresql_where=IS_RUNNING,
    )
    op.create_index(
        "ix_dossier_ended",
        "dossier",
        ["changed_at"],
        sqlite_where=HAS_ENDED,
        postgresql_where=HAS_ENDED,
    )


def downgrade() -> None:
    """Take the change back."""
    for name in ("ended", "running", "counted"):
        op.drop_index(f"ix_dossier_{name}", "dossier")
