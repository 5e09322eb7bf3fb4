"""Whether a refused request has left anything behind."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import select

from audit.core.db import Base, db


def contents(app: Flask) -> dict[str, tuple[int, str]]:
    """For each table how many rows it has, and a hash of all their values."""
    found = {}
    with app.app_context(), db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
            found[table.name] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    return found


@contextmanager
def nothing_written(app: Flask, *but: str) -> Iterator[None]:
    """Every row of every table is as before, `but` those of the tables named."""
    before = contents(app)
    yield
    after = contents(app)
    changed = {name for name in before if before[name] != after[name]} - set(but)
    assert changed == set(), {name: (before[name][0], after[name][0]) for name in changed}
