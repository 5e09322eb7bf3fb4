"""Alembic runs inside our application, on its engine."""

from alembic import context
from sqlalchemy import Enum

import audit.app  # noqa: F401 -- brings every table into the metadata
from audit.core.db import Base, UtcDateTime, db


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """A migration stands alone: our own types are written as what they are in the database."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def run() -> None:
    with db.engine.connect().execution_options(writing=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
