"""README tells the truth: every setting with its default, every command, every script, and no
more than there is."""

import re
from pathlib import Path

import click
import pytest

from audit.cli import main
from audit.core.settings import ROOT, Settings

README = (ROOT / "README.md").read_text("utf-8")
MEANING = r"[^|]{4,} / [^|]{4,} \|$"  # in both languages
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("checklists/*.md")])


def commands(group: click.Group, path: str = "run.py") -> set[str]:
    found = set()
    for name, command in group.commands.items():
        whole = f"{path} {name}"
        found |= commands(command, whole) if isinstance(command, click.Group) else {whole}
    return found


def shown_default(name: str) -> str:
    default = Settings.model_fields[name].default
    if isinstance(default, Path):
        return f"`{default.relative_to(ROOT)}/`"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`" if str(default) else "空 empty"


def test_every_setting_stands_in_readme_with_its_default() -> None:
    rows = re.findall(rf"^\| `TANTU_(\w+)` \| (.+?) \| {MEANING}", README, re.MULTILINE)
    expected = [(name.upper(), shown_default(name)) for name in Settings.model_fields]
    assert sorted(rows) == sorted(expected)
    assert len(re.findall(r"^\| `TANTU_", README, re.MULTILINE)) == len(rows), "half a row"


def test_every_command_stands_in_readme() -> None:
    rows = re.findall(rf"^\| `(run\.py [\w -]+)` \| {MEANING}", README, re.MULTILINE)
    assert sorted(rows) == sorted(commands(main))


def test_every_script_stands_in_readme() -> None:
    rows = re.findall(r"^\| `scripts/([\w-]+)` \|", README, re.MULTILINE)
    scripts = [path.name for path in (ROOT / "scripts").iterdir() if path.is_file()]
    assert sorted(rows) == sorted(scripts)


def test_the_glossary_gives_the_words_that_pages_say() -> None:
    glossary = (ROOT / "ARCHITECTURE.md").read_text("utf-8").partition("\n## Glossary\n")[2]
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \|", glossary.partition("\n## ")[0], re.MULTILINE)
    assert len(rows) > 30
    catalogue = ROOT / "audit" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    said = [catalogue, *(ROOT / "audit").rglob("*.py"), *(ROOT / "audit").rglob("*.toml")]
    pages = "".join(path.read_text("utf-8") for path in said)
    words = {word for row in rows[1:] if row != "—" for word in row.split("、")}
    assert {word for word in words if word not in pages} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_of_a_page_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target.partition("#")[0]).exists(), f"{page.name}: {target}"


def test_every_picture_has_a_text_in_its_place() -> None:
    texts = re.findall(r"!\[(.*?)\]", README)
    assert texts
    assert all(len(text) > 10 for text in texts)


def test_every_setting_explains_itself() -> None:
    assert all(len(field.description or "") > 3 for field in Settings.model_fields.values())
