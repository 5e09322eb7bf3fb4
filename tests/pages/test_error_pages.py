"""The pages that say what went wrong, each as it is in both languages and at every width: what a
request can cause is caused, the rest is raised by a page of this test's application."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import request
from selenium.webdriver import Chrome
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from audit.core import errors
from audit.web.access import public
from audit.web.errors import TITLES
from tests.conftest import lasting_app
from tests.pages.conftest import Reader, Site, pretty
from tests.served import served

pytestmark = pytest.mark.browser

RAISED: dict[int, Exception] = {
    401: errors.NotSignedIn(),
    403: errors.NotAllowed(),
    409: errors.Conflict(),
    413: RequestEntityTooLarge(),
    415: UnsupportedMediaType(),
    422: errors.Invalid({"name": "太长"}),
    429: errors.TooManyTries(60),
    500: ZeroDivisionError("of the test"),
    503: errors.Busy(),
    507: errors.DiskFull(),
}
CAUSED = {400: "/?q=%00", 404: "/no-such-page", 405: "/account/logout"}
WHERE = {**CAUSED, **{status: f"/raises/{status}" for status in RAISED}}
PLAIN = "/raises/plain"
LANGS = {"zh": "zh-CN", "en": "en"}


def raises(what: str) -> str:
    raise RAISED.get(int(what) if what.isdigit() else 500, RuntimeError(what))


def break_every_page() -> dict[str, str]:
    if request.path == PLAIN:
        raise RuntimeError("what every page needs is broken")
    return {}


@pytest.fixture(scope="module")
def failing(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with lasting_app(migrated, tmp_path_factory.mktemp("errors")) as app:
        app.add_url_rule("/raises/<what>", "raises", public(raises))
        app.context_processor(break_every_page)
        with served(app) as (port, _):
            yield Site(app, f"http://127.0.0.1:{port}", None, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_wrong_with_an_error_page(driver: Chrome, failing: Site, language: str) -> None:
    reader, wrong = Reader(driver, failing), {}
    reader.become("", language, "auto")
    assert set(WHERE) == set(TITLES), "every status that has a title"
    for status, path in {**WHERE, 500.5: PLAIN}.items():
        reader.widen(1366)
        reader.open(path)
        assert reader.status() == int(status)
        assert (
            reader.driver.execute_script("return document.documentElement.lang") == LANGS[language]
        )
        wrong[status] = reader.look() | reader.enlarged() | reader.colours() | reader.on_paper()
    wrong = {status: found for status, found in wrong.items() if found}
    assert not wrong, pretty(wrong)


def test_a_page_without_the_rest_of_the_house_says_what_happened(
    driver: Chrome, failing: Site
) -> None:
    reader = Reader(driver, failing)
    reader.become("", "en")
    reader.open(PLAIN)
    assert "administrator" in reader.text() and "of the test" not in reader.text("body")
