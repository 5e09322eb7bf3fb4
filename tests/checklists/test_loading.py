from pathlib import Path

import pytest

from audit.checklists import loader
from audit.checklists.loader import (
    BrokenChecklist,
    UnknownChecklist,
    all_checklists,
    checklists_for,
    get_checklist,
    load_checklist,
)

from .small import SMALL, edition_hash, line_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "past").mkdir()
    (tmp_path / "small.toml").write_text(SMALL, "utf-8")
    monkeypatch.setattr(loader, "FOLDER", tmp_path)
    return tmp_path


def test_the_three_lists_are_there() -> None:
    assert {"public-building", "public-toilet", "road"} <= {one.id for one in all_checklists()}


def test_a_list_is_found_by_the_kind_of_facility() -> None:
    assert [one.id for one in checklists_for("toilet")] == ["public-toilet"]
    assert checklists_for("nothing") == ()


def test_a_list_is_read_once() -> None:
    assert get_checklist("road") is get_checklist("road")


@pytest.mark.parametrize(
    "name", ["nothing", "", "../editions", "road.toml", "a/b", "ROAD", "r" * 99]
)
def test_an_unknown_list_is_refused(name: str) -> None:
    with pytest.raises(UnknownChecklist):
        get_checklist(name)


@pytest.mark.parametrize("edition", ["1999.1", "../../x", "2026.1\n"])
def test_an_unknown_edition_is_refused(edition: str) -> None:
    with pytest.raises(UnknownChecklist):
        get_checklist("road", edition)


def test_an_inspection_finds_the_edition_that_it_was_made_with(folder: Path) -> None:
    older = SMALL.replace("2026.1", "2025.3").replace("1200", "1000").replace("1199", "999")
    (folder / "past" / "small.2025.3.toml").write_text(older, "utf-8")
    assert get_checklist("small").edition == "2026.1"
    assert get_checklist("small", "2026.1").edition == "2026.1"
    assert get_checklist("small", "2025.3").item("sm-width").limits[0].value == 1000


@pytest.mark.parametrize("name", ["past/../small", "small\n", "small/../small"])
def test_a_name_never_leads_along_folders(folder: Path, name: str) -> None:
    (folder / "small").mkdir()
    with pytest.raises(UnknownChecklist):
        get_checklist(name)


def test_a_broken_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL.replace('unit = "mm"', 'unit = "cm"'), "utf-8")
    with pytest.raises(BrokenChecklist) as broken:
        load_checklist(path)
    assert [(one.file, one.line) for one in broken.value.errors] == [
        (str(path), line_of('unit = "mm"'))
    ]


def test_layout_and_examples_do_not_change_the_hash() -> None:
    spaced = SMALL.replace("edition =", "edition   =").replace("value = 1200", "value = 1200.0")
    fewer = spaced.replace("  answer = 1199\n", "  answer = 1198\n")
    assert edition_hash(fewer) == edition_hash(SMALL)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value = 1200", "value = 1201"),
        ("How wide?", "How broad?"),
        ("宽度不足", "太窄"),
        ('"S3"', '"S2"'),
    ],
)
def test_limits_and_words_change_the_hash(old: str, new: str) -> None:
    assert edition_hash(SMALL.replace(old, new)) != edition_hash(SMALL)
