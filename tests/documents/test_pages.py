"""From ticked findings to a file, in a browser without scripts."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from audit.accounts.rules import OrganisationKind
from audit.core.clock import today
from audit.core.ids import new_id
from audit.documents.rules.kinds import Kind
from tests.careful import CarefulClient
from tests.documents.papers import TYPED, Papers
from tests.factories import ANYUE, Factory

SignedIn = Callable[..., CarefulClient]
FORM = {**TYPED, "asks": "请整改。", "recheck": "到现场。", "objection": "可以说明。"}


@pytest.fixture
def number(make: Factory) -> str:
    return make.dispatched(make.organisation("市政维护公司"))


def test_one_drafts_on_the_page_and_another_issues(
    papers: Papers, number: str, signed_in: SignedIn
) -> None:
    office = papers.drafter.organisation_id
    one = signed_in("coordinator", organisation=office)
    assert "用勾选的做文书" in one.get("/findings/").text
    assert "文书的种类" in one.get(f"/documents/new?pick={number}").text
    form = one.get(f"/documents/new?pick={number}&kind=advice").text
    assert number in form and "资阳市残疾人联合会" in form
    document_id = re.search(r'name="bulk" value="([0-9a-f-]{36})"', form)
    assert document_id
    sent = {**FORM, "pick": number, "kind": "advice", "bulk": document_id[1]}
    where = f"/documents/{document_id[1]}"
    page = f"/documents/new?pick={number}&kind=advice"
    assert one.send("/documents/new", sent, page).headers["Location"] == where
    page = one.get(where).text
    assert "市政维护公司：" in page and number in page
    one.send(f"{where}/submit", {}, where)
    seen = re.search(r'name="seen"', one.get(where).text)
    assert seen is None  # not for whoever drafted it
    another = signed_in("coordinator", organisation=office)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', another.get(where).text)
    assert seen
    assert another.send(f"{where}/approve", {"seen": "0" * 64}, where).status_code == 409
    assert another.send(f"{where}/approve", {"seen": seen[1]}, where).status_code == 303
    assert "正在生成" in another.get(where).text
    assert f"ZY-DD-{today().year}-0001" in another.get("/documents/?state=issued&kind=advice").text
    assert "督导意见" in one.get(f"/findings/{number}").text


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    papers: Papers, number: str, signed_in: SignedIn
) -> None:
    browser = signed_in("coordinator")
    sent = {**FORM, "pick": number, "kind": "advice", "bulk": str(new_id())}
    page = f"/documents/new?pick={number}&kind=advice"
    answer = browser.send("/documents/new", sent | {"due": "2020-01-01", "phone": ""}, page)
    assert answer.status_code == 422
    assert "期限要在今天以后。" in answer.text and "请整改。" in answer.text


def test_what_cannot_stand_in_an_order_is_named_with_its_reason(
    papers: Papers, make: Factory, number: str, signed_in: SignedIn
) -> None:
    other = make.dispatched(make.organisation())
    old = make.finding(built_on=None)
    browser = signed_in("department", organisation=papers.department_id)
    page = browser.get(f"/documents/new?pick={number}&pick={other}&pick={old}&kind=order").text
    assert "属于另一个单位" in page and "还没有整改单位" in page
    assert re.search(r'value="64"[^>]*checked', page)
    assert browser.get(f"/documents/new?pick={number}&kind=advice").status_code == 403
    office = signed_in("coordinator")
    assert office.get(f"/documents/new?pick={number}&kind=order").status_code == 403


def test_a_paper_of_another_district_is_not_found(
    papers: Papers, number: str, signed_in: SignedIn
) -> None:
    made = papers.issued([number])
    papers.files(made)
    there, here = signed_in("coordinator", district=ANYUE), signed_in("supervisor")
    for path in ("", "/files/docx", "/files/html"):
        assert there.get(f"/documents/{made}{path}").status_code == 404
        assert here.get(f"/documents/{made}{path}").status_code == 200
    for act in ("submit", "approve", "discard", "correct", "files", "edit"):
        assert (
            there.send(f"/documents/{made}/{act}", {"why": "x"}, "/documents/").status_code == 404
        )
    assert "ZY-DD" not in there.get("/documents/").text


def test_a_download_is_the_same_bytes_for_ever(
    app: Flask, papers: Papers, number: str, signed_in: SignedIn
) -> None:
    made = papers.issued([number])
    first = papers.files(made)
    browser = signed_in("supervisor")
    answers = {one: browser.get(f"/documents/{made}/files/{one}") for one in ("docx", "html")}
    assert papers.files(made) == first  # the worker was there twice
    for name, answer in answers.items():
        assert browser.get(f"/documents/{made}/files/{name}").data == answer.data
        assert answer.headers["Content-Disposition"].endswith(f"-v1.{name}")
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_an_organisation_sees_what_was_sent_to_it(
    papers: Papers, make: Factory, number: str, signed_in: SignedIn
) -> None:
    made = papers.issued([number])
    stranger = make.organisation("别的单位", OrganisationKind.OWNER)
    assert signed_in("organisation", organisation=stranger).get(
        f"/documents/{made}"
    ).status_code == 404  # fmt: skip


def test_drafts_are_edited_by_their_drafter_alone(
    papers: Papers, number: str, signed_in: SignedIn
) -> None:
    made = papers.draft([number], Kind.ADVICE)
    other = signed_in("coordinator")
    assert other.get(f"/documents/{made}/edit").status_code == 403
    assert other.send(f"/documents/{made}/edit", FORM, "/documents/").status_code == 403
