"""Finds every mistake in a checklist, with file, line and reason."""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..reading import read_checklist
from ..rules.grammar import Checklist
from .meaning import check_meaning
from .places import Block, scan
from .proofs import check_examples
from .report import LintError, Report
from .shape import check_shape

LOCK = "editions.lock"
PAST = "past"
PLACE_IN_MESSAGE = re.compile(r"\s*\(at line (\d+), column \d+\)")

Editions = Mapping[str, str]


def parse(text: str) -> dict[str, Any]:
    """TOML with exact fractions. Raises tomllib.TOMLDecodeError."""
    return tomllib.loads(text, parse_float=Decimal)


def lint_grammar(text: str, file: str) -> list[LintError]:
    """What would keep the file from being read: syntax, keys, ids, references, limits."""
    report = Report(file)
    _check_grammar(text, report)
    return sorted(report.errors)


def lint_text(text: str, file: str, published: Editions | None = None) -> list[LintError]:
    """Everything about one file, examples and published edition too.

    `file` is the path as it is to be shown; its name must be that of the list.
    """
    report = Report(file)
    read = _check_grammar(text, report)
    if read is None or report.errors:
        return sorted(report.errors)
    table, root = read
    checklist = read_checklist(table)
    check_examples(checklist, table, root, report)
    if Path(file).parent.name != PAST:
        _check_help(checklist, root, report)
    locked = (published or {}).get(f"{checklist.id} {checklist.edition}")
    if locked not in {None, checklist.content_hash}:
        reason = f"edition {checklist.edition} is published with other content: raise the edition"
        report.at(root, "edition", reason)
    return sorted(report.errors)


def lint_folder(folder: Path) -> list[LintError]:
    """Every list of the folder, past editions too, against the lock file."""
    lock = folder / LOCK
    published = published_editions(folder)
    errors: list[LintError] = []
    found: set[str] = set()
    for path in checklist_files(folder):
        text = path.read_text("utf-8")
        errors += lint_text(text, str(path), published)
        found.add(_edition_key(text))
    lines = lock.read_text("utf-8").splitlines() if lock.exists() else []
    for key in published:
        if key not in found:
            line = next(n for n, text in enumerate(lines, 1) if f'"{key}"' in text)
            errors.append(LintError(str(lock), line, f"published edition {key} is gone"))
    return errors


def checklist_files(folder: Path) -> list[Path]:
    """Today's editions, then past ones, each in the order of their names."""
    return [*sorted(folder.glob("*.toml")), *sorted((folder / PAST).glob("*.toml"))]


def published_editions(folder: Path) -> dict[str, str]:
    """Maps "id edition" to the content hash, from the lock file."""
    lock = folder / LOCK
    return dict(tomllib.loads(lock.read_text("utf-8"))) if lock.exists() else {}


def _check_grammar(text: str, report: Report) -> tuple[dict[str, Any], Block] | None:
    try:
        table = parse(text)
    except tomllib.TOMLDecodeError as wrong:
        place = PLACE_IN_MESSAGE.search(str(wrong))
        line = int(place[1]) if place else len(text.splitlines())
        report.add(line, f"not TOML: {PLACE_IN_MESSAGE.sub('', str(wrong))}")
        return None
    root = scan(text)
    check_shape(table, root, report)
    if report.errors:
        return None
    check_meaning(table, root, report)
    _check_file_name(table, root, report)
    return table, root


def _check_help(checklist: Checklist, root: Block, report: Report) -> None:
    for item, block in zip(checklist.items, root.inside("item"), strict=True):
        if item.limits and item.why is None:
            report.at(block, "id", f"{item.id} lacks why: what does a failure do, and to whom?")


def _check_file_name(table: Mapping[str, Any], root: Block, report: Report) -> None:
    path = Path(report.file)
    is_past = path.parent.name == PAST
    wanted = f"{table['id']}.{table['edition']}" if is_past else table["id"]
    if path.stem != wanted:
        report.at(root, "id", f"the file must be named {wanted}.toml")


def _edition_key(text: str) -> str:
    try:
        table = parse(text)
    except tomllib.TOMLDecodeError:
        return ""
    return f"{table.get('id')} {table.get('edition')}"
