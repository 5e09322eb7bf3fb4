"""The page of a scan under way keeps itself fresh and takes nobody's place away."""

from collections.abc import Callable

import pytest
from selenium.webdriver.support.ui import WebDriverWait

from audit.core.db import db, transaction
from audit.webscan.actions import finish_scan, keep_page
from audit.webscan.models import Scan
from tests.pages.city import SEEN
from tests.pages.conftest import Reader, Site

pytestmark = pytest.mark.browser
ENDED = "return document.getElementById('announcer').textContent === '扫描完成，看到了 1 页。'"


def test_the_sentence_follows_the_scan_and_the_end_is_announced(
    inspect_as: Callable[..., Reader], site: Site
) -> None:
    scan_id = site.builder.scan(lambda one: keep_page(one.id, 1, SEEN))
    reader = inspect_as("supervisor", "zh")
    reader.open(f"/scans/{scan_id}")
    reader.driver.execute_script("document.documentElement.dataset.same = '1'")
    assert reader.text("[data-progress-now]") != "扫描完成，看到了 1 页。"
    with site.app.app_context(), transaction():
        finish_scan(db.session.get_one(Scan, scan_id))
    WebDriverWait(reader.driver, 20, 0.1).until(lambda one: one.execute_script(ENDED))
    assert reader.text("[data-progress-now]") == "扫描完成，看到了 1 页。"
    assert reader.text("[data-progress-link]") == "看最新结果"
    same = "return document.documentElement.dataset.same"
    assert reader.driver.execute_script(same) == "1", "the page was not loaded anew"
