"""Alembic's entry: runs the steps on the connection that `gateway.store.migrate` hands over, in one transaction."""

from alembic import context
from sqlmodel import SQLModel

from gateway.store import tables

assert tables.APPEND_ONLY, "importing the tables fills the metadata"

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
with context.begin_transaction():
    context.run_migrations()
