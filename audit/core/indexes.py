"""Conditions worded so that SQLite, which has no statistics, takes the index that we mean."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, or_
from sqlalchemy.sql.expression import UnaryExpression
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.sql.visitors import replacement_traverse

from .db import is_sqlite

EMPTY = (0, -1)
PADDED = 8  # a few lengths of the list of ranges make a few statements, which stay compiled


def inside(cell: Any, ranges: Sequence[tuple[int, int]]) -> ColumnElement[bool]:
    """Whether a column of cells lies in one of the ranges."""
    missing = -len(ranges) % PADDED
    return or_(*(cell.between(low, high) for low, high in [*ranges, *[EMPTY] * missing]))


def without_index(parts: Iterable[Any], names: Collection[str]) -> list[Any]:
    """The same conditions or order, made so that SQLite uses no index of these columns for them.

    It takes an equality for rarer than any range, and a sorted index for quicker than a sort: it
    would read a whole district, or everything in order, for a street.
    """
    if not is_sqlite():
        return list(parts)

    def bare(element: Any, **_: Any) -> Any:
        if isinstance(element, Select):
            return element  # what stands in brackets is found by its own indexes
        if isinstance(element, Column) and element.name in names:
            return UnaryExpression(element, operator=custom_op("+"), type_=element.type)
        return None

    return [replacement_traverse(part.expression, {}, bare) for part in parts]
