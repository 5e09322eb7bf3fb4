"""The checklists of the `checklists/` folder, read once and kept.

The newest edition of a list stands in `<id>.toml`, older ones in `past/<id>.<edition>.toml`.
"""

import re
from functools import cache
from pathlib import Path

from .lint import PAST, lint_grammar, parse
from .lint.report import LintError
from .reading import read_checklist
from .rules.grammar import Checklist

FOLDER = Path(__file__).parents[2] / "checklists"
NAME = re.compile(r"[a-z0-9-]{1,80}", re.ASCII)
EDITION = re.compile(r"[0-9.]{1,20}", re.ASCII)


class UnknownChecklist(LookupError):
    """No list has this id, or the list has no such edition."""


class BrokenChecklist(ValueError):
    """A file that does not follow the grammar; `errors` says where and why."""

    def __init__(self, errors: list[LintError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


def get_checklist(checklist_id: str, edition: str | None = None) -> Checklist:
    """Today's edition, or the one asked for. Raises UnknownChecklist."""
    if not NAME.fullmatch(checklist_id) or (edition and not EDITION.fullmatch(edition)):
        raise UnknownChecklist(checklist_id)
    today = _kept(FOLDER, f"{checklist_id}.toml")
    if today is not None and edition in {None, today.edition}:
        return today
    past = _kept(FOLDER, f"{PAST}/{checklist_id}.{edition}.toml")
    if past is None:
        raise UnknownChecklist(f"{checklist_id} {edition or ''}".rstrip())
    return past


def editions_of(checklist_id: str) -> tuple[str, ...]:
    """Every edition of a list, today's first. Raises UnknownChecklist."""
    today = get_checklist(checklist_id).edition
    past = (FOLDER / PAST).glob(f"{checklist_id}.*.toml")
    older = {path.name.removeprefix(f"{checklist_id}.").removesuffix(".toml") for path in past}
    return (today, *sorted(older - {today}, reverse=True))


def checklist_ids() -> tuple[str, ...]:
    """In order, without reading the lists."""
    return _names(FOLDER)


def all_checklists() -> tuple[Checklist, ...]:
    """Today's edition of every list, ordered by id."""
    return tuple(get_checklist(name) for name in checklist_ids())


def checklists_for(kind: str) -> tuple[Checklist, ...]:
    """Today's lists that can be used on a facility of this kind, ordered by id."""
    return tuple(checklist for checklist in all_checklists() if kind in checklist.kinds)


def load_checklist(path: Path) -> Checklist:
    """Read from the file, anew each time. Raises BrokenChecklist."""
    text = path.read_text("utf-8")
    errors = lint_grammar(text, str(path))
    if errors:
        raise BrokenChecklist(errors)
    return read_checklist(parse(text))


@cache
def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


@cache
def _kept(folder: Path, name: str) -> Checklist | None:
    path = folder / name
    return load_checklist(path) if path.exists() else None
