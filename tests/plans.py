"""How SQLite finds what a query asks for. Without statistics its plans do not depend on what is in
the tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from audit.core.db import db


@contextmanager
def plans_of_reads() -> Iterator[list[str]]:
    """The plan of each statement that reads, filled in at the end."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    plans: list[str] = []
    try:
        yield plans
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    connection = db.engine.raw_connection()
    for statement, parameters in asked:
        if "SELECT" not in statement:
            continue
        rows = connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plans.append("; ".join(row[3] for row in rows))
    connection.close()
