"""What a start refuses, in one sentence that says what to do."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from audit.core.settings import ROOT, load_settings
from audit.setup import check_ground

NOBODY = 65534


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder in use; it belongs to the user of `as_somebody_else`."""
    home = Path(tempfile.mkdtemp())
    home.chmod(0o755)
    var = home / "var"
    (var / "keys").mkdir(parents=True)
    (var / "keys" / "secret.key").write_text("x" * 40)
    (var / "tantu.db").write_bytes(b"")
    if os.geteuid() == 0:
        for path in (var, *var.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    monkeypatch.setenv("TANTU_VAR_DIR", str(var))
    load_settings.cache_clear()
    yield var
    load_settings.cache_clear()
    shutil.rmtree(home)


def refusal(new_key: bool = False) -> str:
    with pytest.raises(click.ClickException) as caught:
        check_ground(new_key)
    assert "\n" not in caught.value.message
    return caught.value.message


@contextlib.contextmanager
def as_somebody_else() -> Iterator[None]:
    """Root may do anything, so the check is made as a user who may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_data_folder_in_order_is_taken(folder: Path) -> None:
    check_ground()


@pytest.mark.parametrize(
    ("path", "mode"), [(".", 0o555), ("tantu.db", 0o444), ("keys/secret.key", 0), ("keys", 0o444)]
)
def test_what_cannot_be_written_is_named(folder: Path, path: str, mode: int) -> None:
    (folder / path).chmod(mode)
    with as_somebody_else():
        said = refusal()
    (folder / path).chmod(0o700)
    assert str(folder / path) in said
    assert "chown" in said


def test_a_lost_key_is_not_replaced_in_silence(folder: Path) -> None:
    (folder / "keys" / "secret.key").unlink()
    assert "secret.key is missing" in refusal()
    check_ground(new_key=True)


def test_a_data_folder_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANTU_VAR_DIR", "/proc/nothing/var")
    load_settings.cache_clear()
    assert "TANTU_VAR_DIR" in refusal()
    load_settings.cache_clear()


def test_a_data_folder_that_depends_on_where_one_stands_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TANTU_VAR_DIR", "var2")
    load_settings.cache_clear()
    assert "TANTU_VAR_DIR is wrong: write the full path" in refusal()


def test_a_wrong_setting_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANTU_PHOTO_MAX_MB", "900")
    assert "TANTU_PHOTO_MAX_MB" in refusal()


def test_a_database_that_does_not_answer_is_named_without_its_password(folder: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "TANTU_VAR_DIR": str(folder),
        "TANTU_DATABASE_URL": "postgresql+psycopg://tantu:geheim@127.0.0.1:1/tantu",
    }
    answer = subprocess.run(
        [sys.executable, ROOT / "run.py", "init"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "TANTU_DATABASE_URL" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert "geheim" not in answer.stderr
