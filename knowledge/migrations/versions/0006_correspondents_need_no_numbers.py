"""Correspondents: choices without a number are typed in words, so none have to be remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("correspondent") as table:
        table.drop_column("numbers")


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("correspondent") as table:
        table.add_column(sa.Column("numbers", sa.JSON(), nullable=False, server_default="{}"))
