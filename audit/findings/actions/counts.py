"""Keep the map's counts right."""

from sqlalchemy.dialects import postgresql, sqlite

from audit.core.db import db, is_sqlite
from audit.geo.cells import parent_cell

from ..models import Finding, MapCell
from ..rules import State

ZOOMS = range(6, 17)
COLUMNS = {"S1": "n1", "S2": "n2", "S3": "n3", "S4": "n4"}
MILLION = 1_000_000  # sums of whole millionths of a degree never drift, as sums of floats do
BLANK = dict.fromkeys(COLUMNS.values(), 0)


def count_in(finding: Finding, state: State) -> None:
    _add(finding, state, 1)


def count_out(finding: Finding, state: State) -> None:
    _add(finding, state, -1)


def _add(finding: Finding, state: State, change: int) -> None:
    if finding.cell is None:
        return
    column = COLUMNS[finding.severity]
    east, north = (
        round((degrees or 0) * MILLION) * change for degrees in (finding.lon, finding.lat)
    )
    rows = [
        {
            "zoom": zoom,
            "cell": parent_cell(finding.cell, zoom),
            "district_code": finding.district_code,
            "state": state,
            **BLANK,
            column: change,
            "east": east,
            "north": north,
        }
        for zoom in ZOOMS
    ]
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    adding = insert(MapCell)
    db.session.execute(
        adding.on_conflict_do_update(
            index_elements=["zoom", "cell", "district_code", "state"],
            set_={
                column: getattr(MapCell, column) + change,
                "east": MapCell.east + east,
                "north": MapCell.north + north,
            },
        ),
        rows,
    )
