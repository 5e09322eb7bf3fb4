"""Files named by their content that rows of other rooms name: is each whole, and is each needed?"""

import hashlib
from collections.abc import Collection, Iterator

from .rules import KEY
from .storage import FolderStorage

A_DAY = 24 * 3600
MISSING = "the file is missing"
UNREADABLE = "the file is there and cannot be read"
CHANGED = "the file is not what was kept: its bytes have changed"


def fault_of(storage: FolderStorage, key: str, sha256: str) -> str:
    """What is wrong with one file; empty when it is what was kept."""
    try:
        with storage.open(key) as file:
            return "" if hashlib.sha256(file.read()).hexdigest() == sha256 else CHANGED
    except FileNotFoundError:
        return MISSING
    except OSError:
        return UNREADABLE


def leftovers(
    storage: FolderStorage, known: Collection[str], *, surplus: str, stranger: str, repair: bool
) -> Iterator[str]:
    """One sentence for each file that is not `known`: `surplus` says it of ours, `stranger` of
    others. They count from a day old on: a younger one may belong to what is being saved.
    `repair` deletes those that are ours, and unfinished ones; nothing else."""
    for one in list(storage.stored()):
        if one.name in known or one.age_seconds <= A_DAY:
            continue
        is_ours = KEY.fullmatch(one.name) is not None
        yield f"{surplus if is_ours else stranger}: {one.name}"
        if repair and is_ours and storage.age_seconds(one.name) > A_DAY:
            storage.delete(one.name)
    if repair:
        storage.sweep()
