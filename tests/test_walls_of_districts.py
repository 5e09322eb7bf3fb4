"""What lies in another district is not there, whatever its id is put into; and what a role may not
do is refused, whatever it is done to. Over every address that there is."""

# ruff: noqa: F811 -- a fixture is imported, and asked for by its name
from collections.abc import Callable, Iterator

from flask import Flask
from werkzeug.routing import Rule

from audit.core.actors import CITY_WIDE, PERMISSIONS, May, Role
from audit.core.db import db
from audit.journal.models import JournalEntry
from audit.web.access import access_of
from tests.careful import CarefulClient
from tests.factories import ANYUE
from tests.test_walls_of_routes import (  # noqa: F401 -- `world` is a fixture
    FOR_EVERYBODY,
    QUERIES,
    World,
    address,
    rules,
    world,
)

SignIn = Callable[..., CarefulClient]
TOKEN_PAGE = "/account/password"
# Parts of an address that name something which belongs to a district.
NAMES = {
    "facility_id", "inspection_id", "number", "photo_id", "scan_id", "import_id", "user_id",
    "grant_id", "organisation_id", "duty_id", "plate_number",
    "bulk_id", "view_id", "document_id", "cluster_id", "other", "assignment_id",
}  # fmt: skip
# Allowed to the role, and then judged by who it is done to (tests/accounts/test_people_pages.py).
BY_WHOM = {"people.code", "people.edit", "people.remove_role"}
# The sender makes up the id of what they make: one that is there already is refused as taken.
MAKING = {"facilities.add", "inspections.save", "transfer.read", "newcomers.read", "photos.upload"}


def calls(app: Flask, world: World) -> Iterator[tuple[Rule, str, str]]:
    for rule in rules(app):
        where = address(app, rule, world) + QUERIES.get(rule.endpoint, lambda _: "")(world)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule, method, where


def ask(browser: CarefulClient, method: str, where: str, token: str) -> int:
    if method == "GET":
        return browser.get(where).status_code
    return browser.post(where, data={"csrf_token": token, "why": "x"}).status_code


def may(app: Flask, rule: Rule, role: Role) -> bool:
    """Where the role is held in one district."""
    access = access_of(app, rule.endpoint)
    assert access is not None
    return not access.needs or bool((set(access.needs) - CITY_WIDE) & PERMISSIONS[role])


def test_every_id_of_another_district_is_not_there(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    wrong, asked = [], 0
    before = entries(app)
    for role in (Role.COORDINATOR, Role.SUPERVISOR, Role.DEPARTMENT, Role.ADMINISTRATOR):
        browser = signed_in(role.value, district=ANYUE)
        token = browser.token(TOKEN_PAGE)
        for rule, method, where in calls(app, world):
            named = bool(rule.arguments & NAMES) or str(world.facility) in where
            if not named or rule.endpoint in MAKING or not may(app, rule, role):
                continue
            asked += 1
            status = ask(browser, method, where, token)
            if status != 404:
                wrong.append(f"{role}: {method} {where} ({rule.endpoint}): {status}")
    assert wrong == []
    assert asked > 80
    assert entries(app) == before + 8, "four people were made and signed in, and that is all"


def entries(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(JournalEntry)) or 0


def test_what_a_role_may_not_do_is_refused_and_the_rest_is_not(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    """Every address, every method, every role: what the table of permissions says, and no server
    error."""
    wrong = []
    for role in Role:
        browser = signed_in(role.value, district=ANYUE)
        token = browser.token(TOKEN_PAGE)
        for rule, method, where in calls(app, world):
            if rule.endpoint in FOR_EVERYBODY or rule.endpoint == "accounts.logout":
                continue
            status, allowed = ask(browser, method, where, token), may(app, rule, role)
            if allowed and rule.endpoint in BY_WHOM:
                continue
            if status >= 500 or (status == 403) is allowed:
                wrong.append(f"{role}: {method} {where} ({rule.endpoint}): {status}")
    assert wrong == []


def test_a_right_over_the_whole_city_is_not_had_in_a_district(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    wrong, asked = [], set()
    before = entries(app)
    for role in Role:
        held = PERMISSIONS[role] & CITY_WIDE
        browser = signed_in(role.value, district=ANYUE) if held else None
        token = browser.token(TOKEN_PAGE) if browser else ""
        for rule, method, where in calls(app, world) if held else ():
            needs = set(access_of(app, rule.endpoint).needs)  # type: ignore[union-attr]
            if browser is None or not needs & held or needs - CITY_WIDE:
                continue
            asked |= needs & held
            status = ask(browser, method, where, token)
            if status != 403:
                wrong.append(f"{role}: {method} {where} ({rule.endpoint}): {status}")
    assert wrong == []
    assert asked == CITY_WIDE
    assert entries(app) == before + 6, "three people were made and signed in, and that is all"


READING = {one for one in May if one.value.startswith("see_")}


def test_no_right_to_read_opens_an_address_that_writes(app: Flask) -> None:
    """One view for both would let whoever may look change things as well."""
    loose = [
        rule.endpoint
        for rule in rules(app)
        for access in [access_of(app, rule.endpoint)]
        if "POST" in (rule.methods or ()) and access and set(access.needs) & READING
    ]
    assert loose == []
