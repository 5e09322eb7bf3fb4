"""Forms that were not accepted: what is wrong stands on top, is reached by its link, and is read
without a fault of its own."""

from collections.abc import Callable

import pytest

from audit.facilities.rules import FacilityKind
from audit.findings import actions as steps
from audit.findings.rules import State, Verb
from tests.pages.city import City
from tests.pages.conftest import Reader, Site, pretty

pytestmark = pytest.mark.browser

BY_VERB = "form[action$='/{0}']"
# name: (role, where, the form, what is typed first: selector to value)
FORMS: dict[str, tuple[str, Callable[[City], str], str, dict[str, str]]] = {
    "login": ("", lambda _: "/account/login", "main form", {"#login": "nobody"}),
    "password": ("supervisor", lambda _: "/account/password", "main form", {"#password": "short"}),
    "new toilet": (
        "supervisor",
        lambda _: "/facilities/new/toilet",
        "main form",
        {"#built_on": "spring", "#lon": "far"},
    ),
    "a place far outside": (
        "supervisor",
        lambda _: "/facilities/new/toilet",
        "main form",
        {"#name": "远处公厕", "#district": "512002", "#lon": "105.336", "#lat": "30.098"},
    ),
    "a setting": (
        "administrator",
        lambda _: "/settings/scan_pages",
        "main form",
        {"#value": "many"},
    ),
    "a place that another changed": (
        "coordinator",
        lambda city: f"/facilities/{city.places[FacilityKind.TOILET]}/edit",
        "main form",
        {"input[name=shown]": "", "#name": "另一个名字"},
    ),
    "new person": ("administrator", lambda _: "/people/new", "main form", {"#login": "李"}),
    "new organisation": ("coordinator", lambda _: "/organisations/new", "main form", {}),
    "many findings without a reason": (
        "coordinator",
        lambda _: "/findings/bulk?act=reject&whole=1&query=state%3Dall",
        "form[action$='/findings/bulk']",
        {},
    ),
    "many facilities without a reason": (
        "coordinator",
        lambda _: "/facilities/bulk?act=retire&whole=1",
        "form[action$='/facilities/bulk']",
        {},
    ),
    "a saved view without a name": (
        "coordinator",
        lambda city: f"/saved/{city.view}/name",
        "main form",
        {"#name": ""},
    ),
    "one more role": (
        "administrator",
        lambda city: f"/people/{city.waiting_person}",
        BY_VERB.format("roles"),
        {},
    ),
    "one more measure": (
        "coordinator",
        lambda city: f"/facilities/{city.places[FacilityKind.TOILET]}/measures",
        "#add form",
        {},
    ),
    "one more organisation": (
        "coordinator",
        lambda city: f"/facilities/{city.places[FacilityKind.TOILET]}/organisations",
        "#add form",
        {},
    ),
    "closing without a reason": (
        "coordinator",
        lambda city: f"/organisations/{city.owner}",
        BY_VERB.format("close"),
        {},
    ),
    "new website": (
        "coordinator",
        lambda _: "/facilities/new/website",
        "main form",
        {"#url": "somewhere"},
    ),
    "inspection": (
        "supervisor",
        lambda city: f"/inspections/new?facility={city.places[FacilityKind.TOILET]}",
        "main form",
        {"#wc-door-force": "strong"},
    ),
    "re-check": (
        "supervisor",
        lambda city: f"/inspections/recheck/{city.findings[State.FIXED]}",
        "main form",
        {},
    ),
    "refusal": (
        "coordinator",
        lambda city: f"/findings/{city.findings[State.REPORTED]}",
        BY_VERB.format("reject"),
        {},
    ),
    "dispatch to nobody": (
        "department",
        lambda city: f"/findings/{city.findings[State.CONFIRMED]}",
        BY_VERB.format("dispatch"),
        {"#dispatch-organisation": ""},
    ),
    "report without photo": (
        "organisation",
        lambda city: f"/findings/{city.findings[State.DISPATCHED]}",
        BY_VERB.format("report_fixed"),
        {},
    ),
    "opening again": (
        "coordinator",
        lambda city: f"/findings/{city.findings[State.CLOSED]}",
        BY_VERB.format("reopen"),
        {},
    ),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", FORMS)
def test_a_refused_form_says_what_to_change(
    inspect_as: Callable[..., Reader], site: Site, name: str, language: str
) -> None:
    role, where, form, typed = FORMS[name]
    reader = inspect_as(role, language)
    reader.widen(1366)
    reader.open(where(site.city))
    for selector, value in typed.items():
        reader.driver.execute_script(
            "document.querySelector(arguments[0]).value = arguments[1]", selector, value
        )
    reader.send(form)
    assert reader.driver.title.startswith("有错误：" if language == "zh" else "Error: ")
    assert reader.driver.execute_script("return document.activeElement.id") == "error-summary"
    assert _dead_links(reader) == []
    wrong = reader.look()
    assert not wrong, pretty(wrong)


def _dead_links(reader: Reader) -> list[str]:
    """Links of the summary whose field is not there, or lies hidden in something closed."""
    return list(
        reader.driver.execute_script(
            "return [...document.querySelectorAll('.error-summary a')].map((a) => a.hash.slice(1))"
            ".filter((id) => !document.getElementById(id)?.checkVisibility())"
        )
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_step_that_somebody_else_has_taken_is_explained(
    inspect_as: Callable[..., Reader], site: Site, language: str
) -> None:
    number = site.builder.finding(State.REPORTED)
    reader = inspect_as("coordinator", language)
    reader.widen(1366)
    reader.open(f"/findings/{number}")
    other = site.builder.actors["coordinator"]
    site.builder.step(number, lambda one: steps.act(one, Verb.CONFIRM, other))
    reader.send(BY_VERB.format("confirm"))
    assert reader.text("h1")
    wrong = reader.look()
    assert not wrong, pretty(wrong)


def test_a_form_without_its_token_is_explained(inspect_as: Callable[..., Reader]) -> None:
    reader = inspect_as("")
    reader.widen(390)
    reader.open("/account/login")
    reader.driver.execute_script("document.querySelector('main [name=csrf_token]').value = ''")
    reader.send("main form")
    assert "安全标记" in reader.text()
    wrong = reader.look()
    assert not wrong, pretty(wrong)
