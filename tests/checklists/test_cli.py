from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from audit.checklists.cli import checklist

from .small import SMALL, line_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small.toml").write_text(SMALL, "utf-8")
    return tmp_path


def run(*words: object) -> Result:
    return CliRunner().invoke(checklist, [str(word) for word in words])


def test_lint_is_quiet_about_a_good_folder(folder: Path) -> None:
    result = run("lint", "--folder", folder)
    assert (result.exit_code, result.output) == (0, "1 checklists, no errors\n")


def test_lint_names_file_line_and_reason_and_fails(folder: Path) -> None:
    (folder / "small.toml").write_text(SMALL.replace("GB55019 2.3.2", "GB9 2.3.2"), "utf-8")
    result = run("lint", "--folder", folder)
    assert result.exit_code == 1
    place = f"{folder / 'small.toml'}:{line_of('GB55019 2.3.2')}"
    assert result.output == f"{place}: GB9 2.3.2 names no row of instruments.toml\n"
    assert run("lint", "other", "--folder", folder).exit_code == 0


def test_list_tells_drafts_from_published_editions(folder: Path) -> None:
    assert run("list", "--folder", folder).output == "small 2026.1 draft toilet 3 小表\n"
    assert run("publish", "small", "--folder", folder).exit_code == 0
    assert run("list", "--folder", folder).output == "small 2026.1 published toilet 3 小表\n"


def test_a_published_edition_is_not_published_again_with_other_content(folder: Path) -> None:
    run("publish", "small", "--folder", folder)
    lock = (folder / "editions.lock").read_text()
    (folder / "small.toml").write_text(SMALL.replace('"S3"', '"S2"'), "utf-8")
    result = run("publish", "small", "--folder", folder)
    assert result.exit_code == 1
    assert ":2: edition 2026.1 is published with other content" in result.output
    assert (folder / "editions.lock").read_text() == lock


def test_a_list_that_is_not_there_is_not_published(folder: Path) -> None:
    assert "There is no" in run("publish", "../small", "--folder", folder).output
