"""Are the files of papers what the rows say? Each is read; what no row names is found."""

import hashlib
from collections.abc import Iterator

from audit.core.db import db
from audit.photos.rules import KEY, original_key

from .queries import issued_contents, named_files
from .rules.content import digest
from .storage import document_storage

A_DAY = 24 * 3600
MISSING = "the file is missing"
CHANGED = "the file is not what was kept: its bytes have changed"
REWRITTEN = "its content is not what was issued"
SURPLUS = "no document in the database needs this file"
STRANGER = "this file is none of ours"


def check_documents(*, repair: bool = False) -> list[str]:
    """One sentence for each fault. Files that nobody names count from a day old on: a younger one
    may belong to a paper that is being issued. `repair` deletes those that are ours, no other."""
    storage, known = document_storage(), set[str]()
    found = [f"{REWRITTEN}: {number}" for number, told, plain in issued_contents()
             if digest(plain) != told]  # fmt: skip
    found += _faults(known)
    for one in list(storage.stored()):
        if one.name in known or one.age_seconds <= A_DAY:
            continue
        is_ours = KEY.fullmatch(one.name) is not None
        found.append(f"{SURPLUS if is_ours else STRANGER}: {one.name}")
        if repair and is_ours and storage.age_seconds(one.name) > A_DAY:
            storage.delete(one.name)
    if repair:
        storage.sweep()
    return found


def _faults(known: set[str]) -> Iterator[str]:
    named = dict.fromkeys(named_files())
    db.session.rollback()
    for sha256 in named:
        key = original_key(sha256)
        known.add(key)
        try:
            with document_storage().open(key) as file:
                is_whole = hashlib.sha256(file.read()).hexdigest() == sha256
        except OSError:
            yield f"{MISSING}: {key}"
            continue
        if not is_whole:
            yield f"{CHANGED}: {key}"
