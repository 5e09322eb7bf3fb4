"""Each kind of facility: its form, its list, its place on the map, what the database refuses."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from audit.checklists.loader import all_checklists, checklists_for
from audit.checklists.rules import FACTS, FacilityFacts, possible_items
from audit.core.actors import SYSTEM
from audit.core.db import transaction
from audit.core.ids import new_id
from audit.core.settings import ROOT
from audit.demo.reading import places
from audit.facilities.actions import add_facility
from audit.facilities.rules import KINDS, FacilityDraft, FacilityKind, Review, UrlRule
from tests.careful import CarefulClient
from tests.factories import YANJIANG, Factory

SignIn = Callable[..., CarefulClient]
KIND = pytest.mark.parametrize("kind", FacilityKind, ids=str)
PRIVATE = {"home"}  # a list without a facility: homes stand on no list and on no map
ADDRESS = "https://app.city.example/"


def typed(kind: FacilityKind) -> dict[str, str]:
    """What the form of this kind must be told, and one of its choices."""
    about = KINDS[kind]
    told = {"name": f"示例{about.title.zh}", "district": YANJIANG}
    if about.has_place:
        told |= {"lon": "104.6276", "lat": "30.1222"}
    if about.url is UrlRule.REQUIRED:
        told["url"] = ADDRESS
    listed = next(name for name in about.facts if FACTS[name].values)
    told[f"fact.{listed}"] = (
        "yes" if listed == "public_money" else str(next(iter(FACTS[listed].values)))
    )
    return told | {f"fact.{name}": "2025-05-01" for name in about.required}


@KIND
def test_a_kind_is_registered_listed_mapped_and_inspected(
    signed_in: SignIn, kind: FacilityKind
) -> None:
    browser, about = signed_in("coordinator"), KINDS[kind]
    form = f"/facilities/new/{kind}"
    html = browser.get(form).get_data(as_text=True)
    action = re.findall(rf'action="({form}/[^"]+)"', html)[0]
    added = browser.send(action, typed(kind), form)
    assert added.status_code == 303, added.get_data(as_text=True)
    page = browser.get(added.location).get_data(as_text=True)
    assert about.title.zh in page
    listed = browser.get(f"/facilities/?kind={kind}").get_data(as_text=True)
    assert f"示例{about.title.zh}" in listed and about.drawing in listed
    spots = browser.get(f"/map/facilities?bbox=104,29,106,31&z=12&kind={kind}").get_json()
    assert spots["total"] == int(about.has_place)
    place = added.location.rsplit("/", 1)[1]
    visit = signed_in("supervisor").get(f"/inspections/new?facility={place}")
    assert visit.status_code == 200
    assert visit.get_data(as_text=True).count('data-item="') > 4


@KIND
def test_the_database_refuses_a_place_or_an_address_that_the_kind_has_not(
    app: Flask, make: Factory, kind: FacilityKind
) -> None:
    about = KINDS[kind]
    right = FacilityDraft(
        kind,
        "x",
        YANJIANG,
        lon=104.6 if about.has_place else None,
        lat=30.1 if about.has_place else None,
        url=ADDRESS if about.url is UrlRule.REQUIRED else None,
    )
    here = replace(right, lon=104.6, lat=30.1)
    nowhere = replace(right, lon=None, lat=None)
    wrong = [nowhere if about.has_place else here]
    if about.url is not UrlRule.OPTIONAL:
        wrong.append(replace(right, url=None if right.url else ADDRESS))
    with app.app_context():
        for draft in wrong:
            with pytest.raises(IntegrityError), transaction():
                add_facility(new_id(), draft, SYSTEM, Review.ACCEPTED)
        with transaction():
            add_facility(new_id(), right, SYSTEM, Review.ACCEPTED)


def test_what_a_kind_asks_for_and_is_narrowed_by_exists() -> None:
    for kind, about in KINDS.items():
        assert set(about.filters) | set(about.required) <= set(about.facts) <= set(FACTS), kind
        assert all(FACTS[name].is_asked for name in about.facts), kind
        assert all(FACTS[name].values for name in about.filters), kind


def test_every_list_serves_a_kind_but_that_of_homes() -> None:
    served = {kind for checklist in all_checklists() for kind in checklist.kinds}
    assert served == {kind.value for kind in FacilityKind} | PRIVATE


def test_an_event_needs_its_day(signed_in: SignIn) -> None:
    browser, form = signed_in("coordinator"), "/facilities/new/event"
    html = browser.get(form).get_data(as_text=True)
    action = re.findall(rf'action="({form}/[^"]+)"', html)[0]
    for day in ("", "2025-13-01", "1999-12-31"):
        sent = browser.send(action, typed(FacilityKind.EVENT) | {"fact.held_on": day}, form)
        assert sent.status_code == 422
        assert 'id="fact.held_on-error"' in sent.get_data(as_text=True)


def row(kind: FacilityKind) -> str:
    """As it stands in docs/kinds.md."""
    about = KINDS[kind]
    where = {
        UrlRule.NONE: [],
        UrlRule.OPTIONAL: ["web address if any"],
        UrlRule.REQUIRED: ["web address"],
    }
    asked = [*(["place"] if about.has_place else []), *where[about.url]]
    asked += ["line or area"] if about.has_shape else []
    asked += ["dates of works"] if about.has_works else []
    facts = FacilityFacts(values={"kind": kind.value})
    lists = [f"`{one.id}` ({len(possible_items(one, facts))})" for one in checklists_for(kind)]
    cells = (
        f"`{kind}` {about.title.zh} {about.title.en}",
        about.code,
        "; ".join([", ".join(asked), ", ".join(f"`{name}`" for name in about.facts)]),
        ", ".join(lists),
        "yes" if about.has_place else "no",
        str(sum(place.kind is kind for place in places())),
        f"`test_kinds.py[{kind}]`",
    )
    return f"| {' | '.join(cells)} |"


def test_the_page_on_kinds_tells_what_is_where() -> None:
    page = (ROOT / "docs" / "kinds.md").read_text("utf-8")
    assert [line for line in page.splitlines() if line.startswith("| `")] == [
        row(kind) for kind in FacilityKind
    ]
