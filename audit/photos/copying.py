"""All pictures from one storage into another, each compared; what is there already is left out."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from .rules import KEY, is_original
from .storage import Storage


@dataclass
class CopyReport:
    """`refused` were not copied: an original that is not what its name says, or a file that went
    away or could not be read meanwhile. `strangers` are no pictures of ours."""

    copied: int = 0
    there: int = 0
    refused: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


def copy_pictures(source: Storage, target: Storage, tell: Callable[[int], None]) -> CopyReport:
    """Nothing is deleted. Broken off, it goes on where it stopped: a file is put whole or not at
    all, so one of the same length is the same file. `tell` hears how many were seen so far.
    """
    report = CopyReport()
    there = {one.name: one.bytes for one in target.stored()}
    for seen, one in enumerate(source.stored(), 1):
        if not KEY.fullmatch(one.name):
            report.strangers.append(one.name)
        elif there.get(one.name) == one.bytes:
            report.there += 1
        else:
            _copy(one.name, source, target, report)
        tell(seen)
    return report


def _copy(key: str, source: Storage, target: Storage, report: CopyReport) -> None:
    try:
        with source.open(key) as file:
            content = file.read()
    except OSError:
        report.refused.append(key)
        return
    if is_original(key) and hashlib.sha256(content).hexdigest() != key.rsplit("/", 1)[1]:
        report.refused.append(key)
        return
    target.put(key, content, sealed=is_original(key))
    report.copied += 1
