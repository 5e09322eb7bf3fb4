from flask_babel import lazy_gettext as _

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Conflict, Invalid
from audit.core.ids import new_id
from audit.core.settings import settings
from audit.facilities.actions import check_on_register
from audit.facilities.models import Facility
from audit.facilities.rules import FacilityKind
from audit.journal.actions import record
from audit.queue.runs import later

from ..models import Scan, ScanState
from ..queries import find_latest_scan, find_unfinished, suspects_of

JOB = "scan_website"
ALREADY = _("这个网站正在扫描，完成后结果会显示在这里。")
NOT_A_SITE = _("只有网站可以扫描。")


MOST_PAGES = 500


def request_scan(facility: Facility, actor: Actor, pages: int | None = None) -> Scan:
    """Promise a scan; a worker does it. Raises `Conflict` while one is under way,
    and for a website that has left the register.

    Unless `pages` says how many, there are enough to look at every suspect page again.
    """
    if facility.kind is not FacilityKind.WEBSITE or facility.url is None:
        raise Invalid({"facility": NOT_A_SITE}, NOT_A_SITE)
    check_on_register(facility)
    if find_unfinished(facility.id) is not None:
        raise Conflict(ALREADY)
    scan = Scan(
        id=new_id(),
        facility_id=facility.id,
        url=facility.url,
        state=ScanState.QUEUED,
        pages_wanted=pages or _pages_for(facility),
        requested_by_id=actor.id,
        requested_by_name=actor.name,
        requested_at=now(),
    )
    db.session.add(scan)
    db.session.flush()
    record(actor, "request", "scan", scan.id, district=facility.district_code)
    later(JOB, scan_id=str(scan.id))
    return scan


def _pages_for(facility: Facility) -> int:
    suspect = set().union(*suspects_of(find_latest_scan(facility.id)).values())
    return min(max(settings().scan_pages, len(suspect) + 1), MOST_PAGES)


def begin_scan(scan: Scan) -> None:
    """Also when an interrupted scan is taken up again; what it has done stays done."""
    scan.state = ScanState.RUNNING
    scan.started_at = scan.started_at or now()
