"""Every page and every error page, in both languages, in a wide window and on a phone.

axe with the rules of WCAG 2.2 AA and best practice finds nothing, the console is silent (so the
content policy refuses nothing), and nothing hangs over the edge at 320 px, which is 400 % zoom.
"""

from collections.abc import Callable

import pytest

from audit.checklists.loader import all_checklists
from audit.checklists.rules.confirming import doubts_of
from audit.facilities.rules import FacilityKind
from audit.findings.rules import State
from audit.photos.faces import may_suggest_faces
from tests.pages.assignments import ASSIGNMENT_PAGES
from tests.pages.city import City
from tests.pages.conftest import NO_PAGES, Reader, Site, pretty
from tests.pages.notices import NOTICE_PAGES
from tests.pages.of_findings import FINDING_PAGES
from tests.pages.of_papers import PAPERS

pytestmark = pytest.mark.browser

Where = Callable[[City], str]
TOILET, ROAD, SITE = FacilityKind.TOILET, FacilityKind.ROAD, FacilityKind.WEBSITE


def at(path: str) -> Where:
    return lambda _city: path


def place(kind: FacilityKind, more: str = "") -> Where:
    return lambda city: f"/facilities/{city.places[kind]}{more}"


def blank(kind: FacilityKind, page: str = "new") -> Where:
    return lambda city: f"/inspections/{page}?facility={city.places[kind]}"


def doubt() -> str:
    return next(one.key for each in all_checklists() for one in doubts_of(each))


COLUMNS = "column.login=0&column.name=1&column.role=2&column.district=3"
# name: (role, endpoint, where); the endpoint says which view the page stands for
PAGES: dict[str, tuple[str, str, Where]] = {
    "welcome": ("", "desk.start", at("/")),
    "login": ("", "accounts.login", at("/account/login?next=/findings/")),
    "help": ("", "web.help_page", at("/help")),
    "statement": ("", "web.accessibility", at("/accessibility")),
    "gallery": ("", "web.gallery", at("/gallery")),
    "desk of a supervisor": ("supervisor", "desk.start", at("/")),
    "desk of a coordinator": ("coordinator", "desk.start", at("/")),
    "desk of a department": ("department", "desk.start", at("/")),
    "desk of an organisation": ("organisation", "desk.start", at("/")),
    "desk of a planner": ("planner", "desk.start", at("/")),
    "desk of security": ("security", "desk.start", at("/")),
    "password": ("supervisor", "accounts.password", at("/account/password")),
    "settings": ("administrator", "policy.index", at("/settings/")),
    "limits and working days": ("administrator", "clocks.index", at("/clocks/")),
    "limits to look at": ("organisation", "clocks.index", at("/clocks/")),
    "a limit": ("administrator", "clocks.limit", at("/clocks/limit?stage=fix&severity=S1")),
    "severities": ("administrator", "severities.index", at("/settings/severities/")),
    "a severity": ("administrator", "severities.show", at("/settings/severities/wc-stall-width")),
    "routes": ("administrator", "routing.index", at("/routing/")),
    "a route": ("administrator", "routing.route", at("/routing/route?kind=toilet")),
    "a route tried": ("department", "routing.attempt", at("/routing/try?kind=toilet")),
    "who has how much to do": ("department", "routing.loads", at("/routing/workload")),
    "statistics": ("coordinator", "statistics.index", at("/statistics/")),
    "supervision": ("coordinator", "statistics.watch", at("/statistics/supervision")),
    "statistics of nothing": ("auditor", "statistics.index", at("/statistics/?from=2001-01")),
    "a setting": ("administrator", "policy.show", at("/settings/slope_tolerance")),
    "yes or no": ("administrator", "policy.show", at("/settings/recheck_by_other_inspector")),
    "texts": ("administrator", "texts.index", at("/settings/texts/")),
    "a text": ("administrator", "texts.show", at("/settings/texts/notice_opening")),
    "a setting to look at": ("auditor", "policy.show", at("/settings/login_tries")),
    "people": ("coordinator", "people.index", at("/people/")),
    "people, all": ("auditor", "people.index", at("/people/?role=supervisor&state=active")),
    "people, none": ("administrator", "people.index", at("/people/?q=nobody")),
    "new person": ("administrator", "people.new", at("/people/new")),
    "person": ("coordinator", "people.show", lambda c: f"/people/{c.people['supervisor'].id}"),
    "person of many roles": (
        "administrator",
        "people.show",
        lambda c: f"/people/{c.waiting_person}",
    ),
    "person from above": ("security", "people.show", lambda c: f"/people/{c.waiting_person}"),
    "person, to read": ("auditor", "people.show", lambda c: f"/people/{c.waiting_person}"),
    "edit person": ("administrator", "people.edit", lambda c: f"/people/{c.waiting_person}/edit"),
    "people from a table": ("coordinator", "newcomers.new", at("/people/import/")),
    "columns of people": (
        "coordinator",
        "newcomers.columns",
        lambda c: f"/people/import/{c.newcomers}/columns",
    ),
    "trial of people": (
        "coordinator",
        "newcomers.check",
        lambda c: f"/people/import/{c.newcomers}/check?{COLUMNS}",
    ),
    "people taken in": (
        "coordinator",
        "newcomers.done",
        lambda c: f"/people/import/{c.taken_in}/done",
    ),
    "organisations": ("coordinator", "organisations.index", at("/organisations/")),
    "organisations, none": ("department", "organisations.index", at("/organisations/?q=nobody")),
    "new organisation": ("administrator", "organisations.new", at("/organisations/new")),
    "organisation": ("coordinator", "organisations.show", lambda c: f"/organisations/{c.owner}"),
    "organisation, closed": (
        "coordinator",
        "organisations.show",
        lambda c: f"/organisations/{c.closed}",
    ),
    "edit organisation": (
        "coordinator",
        "organisations.edit",
        lambda c: f"/organisations/{c.owner}/edit",
    ),
    "facilities": ("coordinator", "facilities.index", at("/facilities/")),
    "facilities, narrowed": (
        "coordinator",
        "facilities.index",
        at("/facilities/?kind=toilet&district=512002&review=accepted&q=公厕"),
    ),
    "facilities, due": ("supervisor", "facilities.index", at("/facilities/?seen=due")),
    "facilities, none": ("coordinator", "facilities.index", at("/facilities/?q=nowhere")),
    "near, asking": ("supervisor", "facilities.near", at("/facilities/near")),
    "near, found": (
        "supervisor",
        "facilities.near",
        at("/facilities/near?lon=104.6276&lat=30.1222"),
    ),
    "near, no place": ("supervisor", "facilities.near", at("/facilities/near?lon=abc&lat=30")),
    "near, none": ("supervisor", "facilities.near", at("/facilities/near?lon=105.9&lat=30.9")),
    "choose a kind": ("supervisor", "facilities.choose_kind", at("/facilities/new")),
    "new toilet": ("supervisor", "facilities.new", at("/facilities/new/toilet")),
    "new road": ("coordinator", "facilities.new", at("/facilities/new/road")),
    "new website": ("coordinator", "facilities.new", at("/facilities/new/website")),
    "facility": ("coordinator", "facilities.show", place(TOILET)),
    "facility never inspected": ("supervisor", "facilities.show", place(ROAD)),
    "facility of a long name": (
        "coordinator",
        "facilities.show",
        lambda c: f"/facilities/{c.long}",
    ),
    "facility waiting": ("coordinator", "facilities.show", lambda c: f"/facilities/{c.waiting}"),
    "facility refused": ("coordinator", "facilities.show", lambda c: f"/facilities/{c.refused}"),
    "refuse a facility": (
        "coordinator",
        "review.refuse",
        lambda c: f"/facilities/{c.waiting}/refuse",
    ),
    "facility, website": ("coordinator", "facilities.show", place(SITE)),
    "measures": ("planner", "measures.index", at("/measures/?year=2026&state=planned")),
    "measures of a facility": ("coordinator", "measures.of_facility", place(TOILET, "/measures")),
    "edit a measure": (
        "coordinator",
        "measures.edit",
        lambda c: f"/facilities/{c.places[TOILET]}/measures/{c.measure}/edit",
    ),
    "organisations of a facility": ("coordinator", "duties.index", place(TOILET, "/organisations")),
    "edit facility": ("coordinator", "facilities.edit", place(TOILET, "/edit")),
    "capture": ("supervisor", "capture.show", at("/capture/")),
    "inspections": ("supervisor", "inspections.index", at("/inspections/")),
    "inspections, mine": ("supervisor", "inspections.index", at("/inspections/?mine=1")),
    "inspections, none": ("coordinator", "inspections.index", at("/inspections/?mine=1")),
    "inspection form": ("supervisor", "inspections.new", blank(TOILET)),
    "inspection form of a road": ("supervisor", "inspections.new", blank(ROAD)),
    "checklist on paper": ("supervisor", "inspections.paper", blank(TOILET, "paper")),
    "draft": ("supervisor", "inspections.edit", lambda c: f"/inspections/{c.draft}/edit"),
    "result": ("supervisor", "inspections.show", lambda c: f"/inspections/{c.visit}"),
    "withdrawn inspection": (
        "supervisor",
        "inspections.show",
        lambda c: f"/inspections/{c.withdrawn}",
    ),
    "withdraw an inspection": (
        "coordinator",
        "withdrawals.show",
        lambda c: f"/inspections/{c.visit}/withdraw",
    ),
    "result of a re-check": (
        "supervisor",
        "inspections.show",
        lambda c: f"/inspections/{c.recheck}",
    ),
    "re-check form": (
        "supervisor",
        "inspections.recheck",
        lambda c: f"/inspections/recheck/{c.findings[State.FIXED]}",
    ),
    "findings": ("coordinator", "findings.index", at("/findings/")),
    "findings, narrowed": (
        "coordinator",
        "findings.index",
        at("/findings/?state=open&state=closed&severity=S2&district=512002&kind=toilet&q=公厕"),
    ),
    "findings, none": ("coordinator", "findings.index", at("/findings/?q=nothing")),
    "facilities, ticked": (
        "coordinator",
        "facilities.index",
        at("/facilities/?kind=toilet&tick=page"),
    ),
    "many facilities to retire": (
        "coordinator",
        "many_places.preview",
        at("/facilities/bulk?act=retire&whole=1"),
    ),
    "many facilities for one": (
        "administrator",
        "many_places.preview",
        at("/facilities/bulk?act=organisation&whole=1&query=kind%3Droad"),
    ),
    "many facilities, done": (
        "coordinator",
        "many_places.done",
        lambda c: f"/facilities/bulk/{c.changed}",
    ),
    "saved views": ("coordinator", "saved.index", at("/saved/")),
    "saved views of others": ("supervisor", "saved.index", at("/saved/")),
    "saved views, none": ("security", "saved.index", at("/saved/")),
    "rename a saved view": ("coordinator", "saved.rename", lambda c: f"/saved/{c.view}/name"),
    "findings, saved": ("coordinator", "findings.index", at("/findings/?severity=S2")),
    "map, to be saved": ("coordinator", "maps.show", at("/map/?severity=S2&q=公厕")),
    "findings, ticked": (
        "department",
        "findings.index",
        at("/findings/?state=confirmed&tick=page"),
    ),
    "many findings, preview": (
        "coordinator",
        "many.preview",
        at("/findings/bulk?act=reject&whole=1&query=state%3Dall"),
    ),
    "many findings to send": (
        "department",
        "many.preview",
        at("/findings/bulk?act=dispatch&whole=1&query=state%3Dall"),
    ),
    "many findings, none": (
        "coordinator",
        "many.preview",
        at("/findings/bulk?act=trust&pick=ZY-2026-999999"),
    ),
    "many findings, done": ("coordinator", "many.done", lambda c: f"/findings/bulk/{c.bulk}"),
    **PAPERS,
    "findings of an organisation": ("organisation", "findings.index", at("/findings/")),
    **FINDING_PAGES,
    **ASSIGNMENT_PAGES,
    **NOTICE_PAGES,
    "plate": ("supervisor", "plates.plate", place(TOILET, "/plate")),
    "retire": ("coordinator", "register.retire", place(ROAD, "/retire")),
    "retire, refused": ("coordinator", "register.retire", place(TOILET, "/retire")),
    "split": ("coordinator", "splitting.split", place(TOILET, "/split")),
    "facility split in two": ("coordinator", "facilities.show", lambda c: f"/facilities/{c.part}"),
    "merge": ("coordinator", "register.merge", place(TOILET, "/merge")),
    "standards": ("supervisor", "standards.index", at("/standards/")),
    "standards, to be confirmed": ("administrator", "standards.index", at("/standards/")),
    "a list": ("supervisor", "standards.show_list", at("/standards/lists/public-toilet")),
    "a list, compared": (
        "supervisor",
        "standards.show_list",
        at("/standards/lists/public-building?against=2026.1"),
    ),
    "editions of a list": ("supervisor", "editions.show", at("/standards/lists/road/editions")),
    "editions, to be proposed": (
        "administrator",
        "editions.show",
        at("/standards/lists/public-building/editions"),
    ),
    "editions, to be published": (
        "administrator",
        "editions.show",
        at("/standards/lists/road/editions"),
    ),
    "previews of an edition": (
        "administrator",
        "rejudging.index",
        at("/standards/previews/?edition=road+2026.1"),
    ),
    "preview": (
        "administrator",
        "rejudging.show",
        lambda c: f"/standards/previews/{c.preview}?change=other",
    ),
    "preview under way": (
        "administrator",
        "rejudging.show",
        lambda c: f"/standards/previews/{c.preview_under_way}",
    ),
    "desk of an administrator": ("administrator", "desk.start", at("/")),
    "a clause": ("administrator", "standards.confirm", lambda _: f"/standards/clauses/{doubt()}"),
    "imports": ("coordinator", "transfer.index", at("/imports/")),
    "import, new": ("coordinator", "transfer.new", at("/imports/new")),
    "import, columns": (
        "coordinator",
        "transfer.columns",
        lambda c: f"/imports/{c.imported}/columns",
    ),
    "import, bad rows": ("coordinator", "transfer.show", lambda c: f"/imports/{c.imported}"),
    "import, twins": (
        "coordinator",
        "transfer.show",
        lambda c: f"/imports/{c.imported}?state=twin",
    ),
    "map": ("coordinator", "maps.show", at("/map/")),
    "original": ("coordinator", "photos.original", lambda c: f"/photos/{c.photo}/original"),
    "cover": ("coordinator", "photos.cover", lambda c: f"/photos/{c.photo}/cover"),
    **(
        {
            "cover, faces looked for": (
                "coordinator",
                "photos.cover",
                lambda c: f"/photos/{c.photo}/cover?suggest=1",
            )
        }
        if may_suggest_faces()
        else {}
    ),
    "scans": ("coordinator", "webscan.index", at("/scans/")),
    "scan": ("coordinator", "webscan.show", lambda c: f"/scans/{c.scan}"),
    "finding of a website, to be looked at": (
        "organisation",
        "findings.show",
        lambda c: f"/findings/{c.site_waits}",
    ),
    "finding of a website, undecided": (
        "coordinator",
        "findings.show",
        lambda c: f"/findings/{c.site_undecided}",
    ),
    "finding of a website, handed over": (
        "supervisor",
        "findings.show",
        lambda c: f"/findings/{c.site_handed_over}",
    ),
    "scan under way": ("supervisor", "webscan.show", lambda c: f"/scans/{c.scan_under_way}"),
    "scan failed": ("coordinator", "webscan.show", lambda c: f"/scans/{c.scan_failed}"),
    "not found": ("supervisor", "", at("/no-such-page")),
    "not allowed": ("supervisor", "", place(TOILET, "/edit")),
    "not to be opened": ("supervisor", "", at("/account/logout")),
}
SAMPLE = ("welcome", "desk of a coordinator", "finding closed for coordinator", "result", "draft")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", list(PAGES))
def test_nothing_is_wrong_with(
    inspect_as: Callable[..., Reader], site: Site, name: str, language: str
) -> None:
    role, endpoint, where = PAGES[name]
    reader = inspect_as(role, language, "auto")
    reader.widen(1366)
    reader.open(where(site.city))
    assert (reader.status() == 200) is bool(endpoint), f"{reader.status()}: another page was meant"
    wrong = reader.look() | reader.enlarged()
    if language == "zh":
        wrong |= reader.colours() | reader.on_paper()
    assert not wrong, pretty(wrong)


def test_every_view_that_makes_a_page_is_looked_at(site: Site) -> None:
    views = {
        rule.endpoint for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    assert views - NO_PAGES == {endpoint for _, endpoint, _ in PAGES.values() if endpoint}


def test_a_fault_would_be_noticed(inspect_as: Callable[..., Reader]) -> None:
    reader = inspect_as("")
    reader.widen(320)
    reader.open("/help")
    reader.driver.execute_script(
        "const wide = document.createElement('table');"
        "wide.innerHTML = '<tr><td><img src=/healthz></td></tr>';"
        "document.querySelector('main').append(wide);"
        "wide.style.width = '50rem'"
    )
    assert any(fault.startswith("image-alt") for fault in reader.faults())
    assert reader.wider()
