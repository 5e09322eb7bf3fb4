"""Keep the map's counts right."""

from collections.abc import Iterable

from sqlalchemy.dialects import postgresql, sqlite

from audit.core.db import db, is_sqlite
from audit.geo.cells import parent_cell

from ..models import Finding, MapCell
from ..rules import State

ZOOMS = range(6, 17)
COLUMNS = {"S1": "n1", "S2": "n2", "S3": "n3", "S4": "n4"}
KEY = ("zoom", "cell", "district_code", "kind", "state")
SUMS = (*COLUMNS.values(), "east", "north")
MILLION = 1_000_000  # sums of whole millionths of a degree never drift, as sums of floats do


def count_moves(moves: Iterable[tuple[Finding, State | None, State | None]]) -> None:
    """Count each finding out of the state it leaves (None: it was nowhere, being new or elsewhere)
    and into its new one (None: it leaves its place). The place is that of this moment."""
    rows: list[dict[str, object]] = []
    for finding, left, entered in moves:
        if left == entered:
            continue
        if left is not None:
            rows += _rows(finding, left, -1)
        if entered is not None:
            rows += _rows(finding, entered, 1)
    if rows:
        _add(rows)


def _rows(finding: Finding, state: State, change: int) -> list[dict[str, object]]:
    if finding.cell is None or finding.lon is None or finding.lat is None:
        return []
    sums = dict.fromkeys(SUMS, 0)
    sums[COLUMNS[finding.severity]] = change
    sums["east"] = round(finding.lon * MILLION) * change
    sums["north"] = round(finding.lat * MILLION) * change
    shared = {
        "district_code": finding.district_code, "kind": finding.kind, "state": state, **sums
    }  # fmt: skip
    return [{"zoom": zoom, "cell": parent_cell(finding.cell, zoom), **shared} for zoom in ZOOMS]


def _add(rows: list[dict[str, object]]) -> None:
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    adding = insert(MapCell)
    rows.sort(key=lambda row: [str(row[name]) for name in KEY])  # one order: no deadlocks
    db.session.execute(
        adding.on_conflict_do_update(
            index_elements=KEY,
            set_={name: getattr(MapCell, name) + adding.excluded[name] for name in SUMS},
        ),
        rows,
    )


def miscounted() -> int:
    """How many cells do not hold what the findings say; reads every finding."""
    kept = {
        tuple(getattr(row, name) for name in KEY): tuple(getattr(row, name) for name in SUMS)
        for row in db.session.scalars(db.select(MapCell).execution_options(yield_per=1000))
    }
    true = _counts_afresh()
    zero = (0,) * len(SUMS)
    return sum(kept.get(key, zero) != true.get(key, zero) for key in kept.keys() | true.keys())


def recount() -> None:
    """Count every cell anew from the findings."""
    db.session.execute(db.delete(MapCell))
    rows = [
        dict(zip((*KEY, *SUMS), (*key, *sums), strict=True))
        for key, sums in _counts_afresh().items()
    ]
    if rows:
        db.session.execute(db.insert(MapCell), rows)


def _counts_afresh() -> dict[tuple[object, ...], tuple[int, ...]]:
    counted: dict[tuple[object, ...], tuple[int, ...]] = {}
    for finding in db.session.scalars(db.select(Finding).execution_options(yield_per=1000)):
        for row in _rows(finding, finding.state, 1):
            key = tuple(row[name] for name in KEY)
            added = [int(str(row[name])) for name in SUMS]
            before = counted.get(key, (0,) * len(SUMS))
            counted[key] = tuple(one + two for one, two in zip(before, added, strict=True))
    return counted
