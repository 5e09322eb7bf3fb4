from enum import StrEnum


class ImportState(StrEnum):
    """Undone is no end: a file can be checked and taken in anew."""

    READ = "read"  # the columns wait to be named
    CHECKED = "checked"  # tried: nothing is on the register yet
    ADDING = "adding"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class RowState(StrEnum):
    READ = "read"
    GOOD = "good"
    BAD = "bad"
    TWIN = "twin"  # seems to stand on the register, or higher up in the file, already
    FAR = "far"  # lies well outside the district that is to answer for it
    ADDED = "added"
    UNDONE = "undone"
    KEPT = "kept"  # could not be undone: somebody works with it


class Kept(StrEnum):
    """Why a row was not undone; stands in its `error`."""

    SEEN = "seen"
    SCANNED = "scanned"
    MEASURE = "measure"
    DUTY = "duty"
    JOINED = "joined"
    CHANGED = "changed"
    ELSEWHERE = "elsewhere"


ASKED = (RowState.TWIN, RowState.FAR)  # added only where a person says so
OVERFLOWS = "overflows"  # the row had more cells than the header
STANDING = (ImportState.READ, ImportState.CHECKED, ImportState.UNDONE)
AT_WORK = (ImportState.ADDING, ImportState.UNDOING)
