"""Codes of the executing agencies, which show an agency of another province where its name does not."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    column = sa.Column("agency_codes", sa.JSON(), nullable=False, server_default="[]")
    op.add_column("revision", column)


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("revision", "agency_codes")
