"""What a view of the map needs: a few hundred single things, or counts by cell."""

from .facilities import FacilitySpot, facilities_in, find_place, first_facilities
from .findings import FindingSpot, findings_in, first_findings
from .grid import MOST_POINTS, Cell, Grid, View, grid_of
from .shapes import Drawn, shapes_in

__all__ = [
    "MOST_POINTS",
    "Cell",
    "Drawn",
    "FacilitySpot",
    "FindingSpot",
    "Grid",
    "View",
    "facilities_in",
    "find_place",
    "findings_in",
    "first_facilities",
    "first_findings",
    "grid_of",
    "shapes_in",
]
