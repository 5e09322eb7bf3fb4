"""Two findings that are one problem go on in one of them, and can be taken apart again."""

import pytest

from audit.core.errors import Conflict, Invalid, NotAllowed
from audit.findings.actions import Told, act, miscounted
from audit.findings.rules import State, Verb, replay
from audit.fsck import fsck
from tests.clusters.near import (
    SignIn,
    at_night,
    clustered,
    narrow,
    number_at,
    toilet,
    with_findings,
)
from tests.clusters.test_pages import said, send
from tests.factories import ANYUE, NARROW_STALL, Factory


def merge(make: Factory, one: str, main: str, role: str = "coordinator") -> None:
    actor = make.actor(role)
    with_findings(make, [one, main], lambda a, b: act(a, Verb.MERGE, actor, Told("同一处", main=b)))


def of(make: Factory, number: str) -> tuple[State, list[Verb]]:
    with make.app.app_context():
        found = make.finding_named(number)
        assert replay(event.told() for event in found.events) == found.life()
        return found.state, [event.verb for event in found.events]


def test_the_merged_one_keeps_all_and_the_main_one_goes_on(make: Factory) -> None:
    one, main = narrow(make, 12), narrow(make)
    merge(make, one, main)
    assert of(make, one) == (State.MERGED, [Verb.OPEN, Verb.MERGE])
    assert of(make, main) == (State.REPORTED, [Verb.OPEN, Verb.TAKE_IN])
    with make.app.app_context():
        assert make.finding_named(one).due_at is None, "no clock runs"
        assert miscounted() == 0 and fsck() == []


def test_it_is_taken_apart_again_with_a_reason(make: Factory) -> None:
    one, main = narrow(make, 12), narrow(make)
    merge(make, one, main)
    office = make.actor("coordinator")
    with pytest.raises(Invalid):
        with_findings(make, [one], lambda a: act(a, Verb.UNMERGE, office))
    with_findings(make, [one], lambda a: act(a, Verb.UNMERGE, office, Told("两个厕位")))
    assert of(make, one) == (State.REPORTED, [Verb.OPEN, Verb.MERGE, Verb.UNMERGE])
    assert of(make, main)[1][-1] is Verb.LET_GO
    with make.app.app_context():
        assert make.finding_named(one).merged_into_id is None and fsck() == []


def test_where_it_was_found_again_it_stays_merged(make: Factory) -> None:
    place, main = toilet(make, 12), narrow(make)
    make.inspection(place, make.actor("supervisor"), NARROW_STALL)
    one = number_at(make, place)
    merge(make, one, main)
    make.inspection(place, make.actor("supervisor"), NARROW_STALL)
    office = make.actor("coordinator")
    with pytest.raises(Conflict):
        with_findings(make, [one], lambda a: act(a, Verb.UNMERGE, office, Told("两个厕位")))


@pytest.mark.parametrize("wrong", ["itself", "closed", "merged", "far"])
def test_it_goes_into_an_open_one_nearby_only(make: Factory, wrong: str) -> None:
    one, main = narrow(make, 12), narrow(make, 400 if wrong == "far" else 0)
    office = make.actor("coordinator")
    if wrong == "closed":
        with_findings(make, [main], lambda a: act(a, Verb.REJECT, office, Told("误报")))
    if wrong == "merged":
        merge(make, main, narrow(make, 20))
    with pytest.raises(Invalid) as refused:
        merge(make, one, one if wrong == "itself" else main)
    assert "main" in refused.value.problems
    assert of(make, one)[0] is State.REPORTED


def test_one_into_which_others_were_merged_stays_the_main_one(make: Factory) -> None:
    one, main, third = narrow(make, 12), narrow(make), narrow(make, 20)
    merge(make, one, main)
    with pytest.raises(Invalid):
        merge(make, main, third)
    merge(make, third, main)


def test_what_is_under_way_is_not_merged_and_not_by_a_supervisor(make: Factory) -> None:
    sent, main = make.dispatched(make.organisation()), narrow(make)
    with pytest.raises(Conflict):
        merge(make, sent, main)
    with pytest.raises(NotAllowed):
        merge(make, main, sent, role="supervisor")
    merge(make, main, sent)


def test_both_pages_tell_of_each_other(make: Factory, signed_in: SignIn) -> None:
    one, main = narrow(make, 12, name="另一处<b>公厕"), narrow(make)
    browser = signed_in("coordinator")
    where = f"/findings/{one}/merge"
    elsewhere = narrow(make, 30, district=ANYUE)
    for wrong in ("", "ZY-2026-999999", elsewhere, one):
        assert send(browser, where, main=wrong, why="同一处") == 422
    assert send(browser, where, main=main) == 422, "no reason"
    assert send(browser, where, main=f" {main.lower()} ", why="同一处") == 303
    merged, whole = (browser.get(f"/findings/{it}").get_data(as_text=True) for it in (one, main))
    assert f"已经并入 {main}" in merged and "待核实" in merged and "撤销并案" in merged
    assert "并入本案的问题（1）" in whole and "另一处&lt;b&gt;公厕" in whole and one in whole
    opened = browser.get("/findings/").get_data(as_text=True)
    assert main in opened and f"/findings/{one}" not in opened, "it lives no more"
    assert send(browser, f"/findings/{one}/unmerge", why="两处") == 303
    again = browser.get(f"/findings/{one}").get_data(as_text=True)
    assert "已经并入" not in again


def test_a_group_is_merged_from_the_list(make: Factory, signed_in: SignIn) -> None:
    one, main, third = narrow(make, 6), narrow(make), narrow(make, 12)
    at_night(make)
    group, browser = clustered(make)[one], signed_in("coordinator")
    where = f"/duplicates/{group}/merge"
    assert send(browser, where, main=main, ticked=[one, third]) == 422, "no reason"
    assert send(browser, where, main=main, ticked=[one, third], why="同一个厕位") == 303
    assert [of(make, it)[0] for it in (one, third)] == [State.MERGED] * 2
    assert clustered(make) == {}
    assert "没有疑似重复的问题" in browser.get("/duplicates/").get_data(as_text=True)
    assert send(browser, where, main=main, ticked=[one], why="又一次") == 404


def test_where_another_was_faster_the_page_says_what_became_of_them_and_keeps_the_reason(
    make: Factory, signed_in: SignIn
) -> None:
    one, main = narrow(make, 6), narrow(make)
    at_night(make)
    where = f"/duplicates/{clustered(make)[one]}"
    browser, faster = signed_in("coordinator"), signed_in("coordinator")
    typed = {"main": main, "seen": [one, main], "why": "写了很久的<b>理由"}
    assert send(faster, f"{where}/merge", **{**typed, "why": "同一个厕位"}) == 303
    token = browser.token("/account/password")
    answer = browser.post(f"{where}/apart", data={"csrf_token": token, **typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "写了很久的&lt;b&gt;理由" in page
    assert "已并案" in page and all(number in page for number in (one, main))
    assert of(make, one)[0] is State.MERGED and said(make) == [(True, True, "同一个厕位")]
    stranger = signed_in("coordinator", district=ANYUE)
    assert send(stranger, f"{where}/apart", **typed) == 404


def test_a_group_that_has_changed_is_shown_again_with_the_reason(
    make: Factory, signed_in: SignIn
) -> None:
    one, main, third = narrow(make, 6), narrow(make), narrow(make, 12)
    at_night(make)
    where = f"/duplicates/{clustered(make)[one]}"
    browser, faster = signed_in("coordinator"), signed_in("coordinator")
    typed = {"main": main, "ticked": [one, third], "seen": [one, main, third], "why": "同一个"}
    assert send(faster, f"{where}/apart", **{**typed, "ticked": [third], "why": "两处"}) == 303
    token = browser.token("/account/password")
    answer = browser.post(f"{where}/merge", data={"csrf_token": token, **typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "这一组问题变了" in page and "\n同一个</textarea>" in page
    assert third not in page and of(make, one)[0] is of(make, third)[0] is State.REPORTED


def test_what_cannot_be_merged_changes_nothing_and_says_why(
    make: Factory, signed_in: SignIn
) -> None:
    sent, one, third = make.dispatched(make.organisation()), narrow(make, 6), narrow(make, 12)
    at_night(make)
    group, browser = clustered(make)[one], signed_in("coordinator")
    token = browser.token("/account/password")
    fields = {"csrf_token": token, "main": one, "ticked": [third, sent], "why": "同一个厕位"}
    answer = browser.post(f"/duplicates/{group}/merge", data=fields)
    assert answer.status_code == 409 and "同一个厕位" in answer.get_data(as_text=True)
    assert of(make, third)[0] is State.REPORTED, "all or nothing"


def test_the_office_merges_where_it_is_asked(make: Factory, signed_in: SignIn) -> None:
    main, one = narrow(make), narrow(make, 12)
    browser = signed_in("coordinator")
    assert "可能和附近的问题是同一个" in browser.get(f"/findings/{one}").get_data(as_text=True)
    assert send(browser, f"/duplicates/{one}/{main}/same") == 303
    assert of(make, one)[0] is State.MERGED
    page = browser.get(f"/findings/{main}").get_data(as_text=True)
    assert "可能和附近的问题是同一个" not in page
