"""Whether a refused request has left anything behind."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from audit.core.db import Base, db

PICTURES = "files of pictures"


def contents(app: Flask) -> dict[str, tuple[int, str]]:
    """For each table how many rows it has, and a hash of all their values; the same of pictures'
    files."""
    found = {PICTURES: files(app.config["SETTINGS"].var_dir / "photos")}
    with app.app_context(), db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
            found[table.name] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    return found


def files(folder: Path) -> tuple[int, str]:
    """How many there are, and a hash of their names, sizes and times."""
    rows = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            known = path.stat()
            rows.append((str(path), known.st_size, known.st_mtime_ns))
    return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()


@contextmanager
def nothing_written(app: Flask, *but: str) -> Iterator[None]:
    """Every row of every table is as before, `but` those of the tables named, and so is every file
    of a picture, unless rows of pictures may come."""
    before = contents(app)
    yield
    after = contents(app)
    excused = {*but, PICTURES} if "photo" in but else set(but)
    changed = {name for name in before if before[name] != after[name]} - excused
    assert changed == set(), {name: (before[name][0], after[name][0]) for name in changed}
