"""One real scan of the sample website, and the first steps of what it finds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from audit.browser.errors import BrowserMissing
from audit.browser.settings import BrowserSettings
from audit.core.actors import May
from audit.core.db import db, transaction
from audit.facilities.models import Facility
from audit.facilities.queries import get_facility
from audit.findings import actions as findings
from audit.findings.queries import FindingFilter, get_finding, list_findings
from audit.findings.rules import Verb
from audit.queue.models import JobRun, RunState
from audit.queue.runs import do
from audit.webscan.actions import JOB, request_scan

from .cast import CITY_COORDINATOR, belonging
from .site import HOST, serve_site
from .telling import City

SITE = "web-portal"
PAGES = 8
CONFIRMED, DISPATCHED = 5, 3  # of the findings of the scan, the gravest first
ORDER = "请在 20 个工作日内整改；改好后重新扫描，不再出现即销号。"


def scan_sample_site(city: City, say: Callable[[str], None]) -> None:
    """Done at once, as a worker would; left out, with the reason said, where it cannot be done."""
    port = _port(city)
    try:
        BrowserSettings().find_browser()
        with serve_site(port), _reachable(f"{HOST}:{port}"):
            say("扫描示例网站……")
            _do(_request(city))
    except BrowserMissing:
        say("没有找到 Chromium，不扫描示例网站。")
    except OSError as error:
        say(f"端口 {port} 不能使用，不扫描示例网站：{error.strerror}")
    else:
        _follow_up(city)


@contextmanager
def _reachable(address: str) -> Iterator[None]:
    """Let the scanner of this process reach one private address."""
    config = current_app.config
    chosen = config["SETTINGS"]
    allowed = ",".join(filter(None, (chosen.scan_allow, address)))
    config["SETTINGS"] = chosen.model_copy(update={"scan_allow": allowed})
    try:
        yield
    finally:
        config["SETTINGS"] = chosen


def _site(city: City) -> Facility:
    return get_facility(city.facilities[SITE], city.actors[CITY_COORDINATOR], May.REQUEST_SCAN)


def _port(city: City) -> int:
    """As the register has it; 0, which takes a free one, where it names none."""
    port = urlsplit(_site(city).url or "").port
    db.session.rollback()
    return port or 0


def _request(city: City) -> UUID:
    with transaction():
        return request_scan(_site(city), city.actors[CITY_COORDINATOR], PAGES).id


def _do(scan_id: UUID) -> None:
    """The run that was promised for the scan; the worker that is woken too will find it done."""
    queued = select(JobRun).where(JobRun.job == JOB, JobRun.state == RunState.QUEUED)
    runs = [
        run.id for run in db.session.scalars(queued) if run.arguments.get("scan_id") == str(scan_id)
    ]
    db.session.rollback()  # hold no read transaction while the pages are visited
    for run_id in runs:
        do(str(run_id))


def _follow_up(city: City) -> None:
    """The coordinator confirms the gravest findings, the office sends some of them on."""
    place, coordinator = city.places[SITE], city.actors[CITY_COORDINATOR]
    office = city.actors[belonging(place.office)]
    rows, _total = list_findings(coordinator, FindingFilter(facility=city.facilities[SITE]))
    numbers = [row.number for row in rows[:CONFIRMED]]
    with transaction():
        for number in numbers:
            findings.act(get_finding(number, coordinator), Verb.CONFIRM, coordinator)
        for number in numbers[:DISPATCHED]:
            owner = city.organisations[place.owner]
            findings.dispatch(get_finding(number, office), office, owner, ORDER)
