"""Settings refuse nonsense; the key that signs cookies is ours alone; texts are compiled."""

import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from audit.core.language import compile_catalogues
from audit.core.settings import ROOT, Settings, load_settings
from audit.core.text import Text


def test_a_key_is_made_once_and_readable_by_us_alone(tmp_path: Path) -> None:
    first = Settings(var_dir=tmp_path).secret_key()
    assert first == Settings(var_dir=tmp_path).secret_key()
    assert len(first) >= 43
    file = tmp_path / "keys" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert Settings(var_dir=tmp_path / "other").secret_key() != first


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TANTU_IDLE_MINUTES", "0"),
        ("TANTU_LOGIN_TRIES", "many"),
        ("TANTU_DEFAULT_LANGUAGE", "fr"),
        ("TANTU_NUMBER_PREFIX", "'; drop"),
        ("TANTU_PHOTO_MAX_MB", "-1"),
    ],
)
def test_nonsense_in_a_setting_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_settings_are_read_from_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TANTU_VAR_DIR", str(tmp_path))
    (tmp_path / "settings.env").write_text("TANTU_CITY_NAME=成都市\n", encoding="utf-8")
    load_settings.cache_clear()
    try:
        assert load_settings().city_name == "成都市"
    finally:
        load_settings.cache_clear()


def test_a_misspelt_setting_in_the_file_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TANTU_VAR_DIR", str(tmp_path))
    (tmp_path / "settings.env").write_text("TANTU_CITY_NAEM=成都市\n", encoding="utf-8")
    load_settings.cache_clear()
    with pytest.raises(ValidationError, match="tantu_city_naem"):
        load_settings()


def test_every_setting_says_what_it_does() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_defaults_serve_this_machine_and_send_nothing_out() -> None:
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    assert defaults["var_dir"] == ROOT / "var"
    assert "127.0.0.1" in defaults["public_url"]
    assert defaults["tiles_url"] == defaults["webdriver_url"] == defaults["scan_allow"] == ""


def test_catalogues_are_compiled_when_the_text_is_newer(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    po, mo = folder / "messages.po", folder / "messages.mo"
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    po.write_text(head + 'msgid "检查"\nmsgstr "Inspection"\n', encoding="utf-8")
    compile_catalogues(tmp_path)
    assert b"Inspection" in mo.read_bytes()
    made = mo.stat().st_mtime_ns
    compile_catalogues(tmp_path)
    assert mo.stat().st_mtime_ns == made, "not made anew for nothing"
    assert {path.name for path in folder.iterdir()} == {"messages.po", "messages.mo"}


def at_once(act: Callable[[], object], times: int = 4) -> list[object]:
    """What each of several threads got, or the error it met."""
    start, got = threading.Barrier(times), []

    def run() -> None:
        start.wait()
        try:
            got.append(act())
        except OSError as failure:
            got.append(failure)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_two_processes_that_start_together_sign_with_one_key(tmp_path: Path) -> None:
    for number in range(20):
        settings = Settings(var_dir=tmp_path / str(number))
        assert len(set(at_once(settings.secret_key))) == 1
        assert [path.name for path in (settings.var_dir / "keys").iterdir()] == ["secret.key"]


def test_two_processes_that_start_together_both_have_the_texts(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    texts = "".join(f'msgid "检查{n}"\nmsgstr "Inspection {n}"\n\n' for n in range(2000))
    (folder / "messages.po").write_text(head + texts, encoding="utf-8")
    assert at_once(lambda: compile_catalogues(tmp_path)) == [None] * 4
    assert {path.name for path in folder.iterdir()} == {"messages.po", "messages.mo"}


@pytest.mark.parametrize(("language", "shown"), [("en", "Road"), ("zh", "道路"), ("fr", "道路")])
def test_a_text_is_chinese_unless_english_is_asked(language: str, shown: str) -> None:
    assert Text("道路", "Road").in_(language) == shown
