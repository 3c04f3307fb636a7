"""Alembic's entry: runs on the connection that `knowledge.database.upgrade` hands over."""

from alembic import context

from knowledge.database import Base
from knowledge.records import (  # noqa: F401 (importing them names their tables)
    conversation,
    decision,
    delivery,
    dossier,
    procedure,
    proposal,
    setting,
    staff,
)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
