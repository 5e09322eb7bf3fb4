"""Two editions of a small list: what was measured under the first is judged by the second."""

from pathlib import Path

import pytest

from audit.checklists import loader
from audit.checklists.lint import parse
from audit.checklists.reading import read_checklist
from audit.checklists.rules import Checklist
from tests.checklists.small import SMALL

Change = tuple[str, str]
OLD, NEW = "2026.1", "2026.2"
STRICTER: tuple[Change, ...] = (("value = 1200", "value = 1500"), ("2026.1", "2026.2"))


def written(*changes: Change) -> str:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def edition(*changes: Change) -> Checklist:
    return read_checklist(parse(written(*changes)))


def put_on_disk(folder: Path, patch: pytest.MonkeyPatch, *changes: Change) -> None:
    """The small list in its first edition, and by these changes in its second."""
    (folder / "past").mkdir()
    (folder / "past" / "small.2026.1.toml").write_text(SMALL, "utf-8")
    (folder / "small.toml").write_text(written(*changes), "utf-8")
    patch.setattr(loader, "FOLDER", folder)
