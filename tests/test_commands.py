"""What `run.py` says of itself and of its settings."""

import pytest
from click.testing import CliRunner

from audit.cli import main
from audit.core.settings import load_settings


def said(*words: str) -> str:
    answer = CliRunner().invoke(main, words, catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_help_offers_no_option_that_means_nothing_here() -> None:
    options = said("--help").partition("Options:")[2].partition("Commands:")[0]
    assert [line.split()[0] for line in options.splitlines() if line.strip()] == ["--help"]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql+psycopg://tantu:se/c@ret@db/tantu", "postgresql+psycopg://tantu:***@db/tantu"),
        ("postgresql+psycopg://db/tantu?user=t&password=hush-7kq&a=b", "?user=t&password=***&a=b"),
        ("postgresql+psycopg://tantu@db/tantu", "postgresql+psycopg://tantu@db/tantu"),
        ("sqlite:////srv/tantu.db", "sqlite:////srv/tantu.db"),
    ],
)
def test_the_list_of_settings_shows_no_password(
    monkeypatch: pytest.MonkeyPatch, address: str, shown: str
) -> None:
    monkeypatch.setenv("TANTU_DATABASE_URL", address)
    for name in ("TANTU_S3_KEY_SECRET", "TANTU_SMS_SECRET"):
        monkeypatch.setenv(name, "hush-7kq")
    load_settings.cache_clear()
    try:
        told = said("settings")
    finally:
        load_settings.cache_clear()
    [line] = [one for one in told.splitlines() if one.startswith("TANTU_DATABASE_URL=")]
    assert line.endswith(shown)
    assert "hush-7kq" not in told and "ret@" not in told
