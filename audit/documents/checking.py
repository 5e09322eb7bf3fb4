"""Are the files of papers what the rows say? Each is read; what no row names is found."""

from collections.abc import Iterator

from audit.core.db import db
from audit.photos.leftovers import fault_of, leftovers
from audit.photos.rules import original_key

from .queries import issued_contents, named_files
from .rules.content import digest
from .storage import document_storage

REWRITTEN = "its content is not what was issued"
SURPLUS = "no document in the database needs this file"
STRANGER = "this file is none of ours"


def check_documents(*, repair: bool = False) -> list[str]:
    """One sentence for each fault. `repair` deletes what `leftovers` says, nothing else."""
    known = set[str]()
    found = [f"{REWRITTEN}: {number}" for number, told, plain in issued_contents()
             if digest(plain) != told]  # fmt: skip
    found += _faults(known)
    found += leftovers(document_storage(), known, surplus=SURPLUS, stranger=STRANGER, repair=repair)
    return found


def _faults(known: set[str]) -> Iterator[str]:
    named = dict.fromkeys(named_files())
    db.session.rollback()
    for sha256 in named:
        key = original_key(sha256)
        known.add(key)
        if fault := fault_of(document_storage(), key, sha256):
            yield f"{fault}: {key}"
