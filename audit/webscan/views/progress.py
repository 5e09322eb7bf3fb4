"""How far a scan is, in a sentence that the page and its script both show."""

from datetime import timedelta

from flask_babel import gettext as _

from audit.core.clock import now

from .. import queries
from ..models import Scan, ScanState

LONG = timedelta(minutes=5)
ENOUGH_TO_GUESS = 2  # pages


def say_progress(scan: Scan) -> str:
    if scan.state is ScanState.QUEUED:
        ahead = queries.count_ahead(scan)
        waits = str(_("正在排队，前面还有 %(count)s 个扫描。", count=ahead))
        return waits if ahead else str(_("正在等扫描程序开始。"))
    if scan.state is ScanState.RUNNING:
        return _said_of_pages(scan)
    if scan.state is ScanState.FAILED:
        return str(_("扫描没有完成。"))
    return str(_("扫描完成，看到了 %(seen)s 页。", seen=len(scan.seen)))


def _said_of_pages(scan: Scan) -> str:
    done, most = len(scan.pages), scan.pages_wanted
    left = _minutes_left(scan)
    if left is None:
        return str(_("正在扫描：访问了 %(done)s 页，最多 %(most)s 页。", done=done, most=most))
    said = _(
        "正在扫描：访问了 %(done)s 页，最多 %(most)s 页，最多还要约 %(minutes)s 分钟。",
        done=done,
        most=most,
        minutes=left,
    )
    return str(said)


def _minutes_left(scan: Scan) -> int | None:
    """At most, if the pages to come are like those before; None while there is nothing to tell."""
    done = len(scan.pages)
    if scan.started_at is None or done < ENOUGH_TO_GUESS:
        return None
    spent = (now() - scan.started_at).total_seconds()
    return round(max(scan.pages_wanted - done, 0) * spent / done / 60) + 1


def is_nobody_there(scan: Scan) -> bool:
    """Whether a scan has waited so long that no worker seems to run."""
    has_waited = scan.state is ScanState.QUEUED and now() - scan.requested_at > LONG
    return has_waited and not queries.is_anything_scanned()
