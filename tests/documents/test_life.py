"""One drafts, another approves, and from then on nothing moves."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from audit.core.clock import today
from audit.core.db import db, transaction
from audit.core.errors import Conflict, NotAllowed, NotFound
from audit.documents import actions
from audit.documents.models import Document
from audit.documents.queries import documents_about, get_document, later_version
from audit.documents.rules.content import digest
from audit.documents.rules.kinds import Kind, State
from audit.findings import actions as finding_actions
from audit.findings.rules import Verb
from audit.journal.queries import entries_about
from tests.documents.papers import Papers
from tests.factories import ANYUE, Factory

REFUSED = "never changed"


@pytest.fixture
def number(make: Factory) -> str:
    return make.dispatched(make.organisation("市政维护公司"))


def test_issuing_freezes_numbers_and_tells(app: Flask, papers: Papers, number: str) -> None:
    made = papers.issued([number])
    with app.app_context():
        document = get_document(made, papers.drafter)
        assert document.number == f"ZY-DD-{today().year}-0001"
        assert document.content is not None
        assert document.content_sha256 == digest(document.content)
        assert document.number in str(document.content)
        assert [one.act for one in document.steps] == ["draft", "submit", "approve"]
        assert [one.verb for one in entries_about("document", made, 9)] == [
            "approve", "submit", "draft"
        ]  # fmt: skip
        finding = document.findings[0].finding
        assert documents_about(finding.id, papers.drafter) == [document]


def test_nobody_approves_what_they_drafted(app: Flask, papers: Papers, number: str) -> None:
    made = papers.waiting([number])
    with pytest.raises(NotAllowed):
        papers.approve(made, papers.drafter)
    with app.app_context(), pytest.raises(DatabaseError, match="two_people"), transaction():
        db.session.execute(
            db.update(Document).where(Document.id == made).values(
                approved_by_id=papers.drafter.id
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE document SET texts = '{}'",
        "UPDATE document SET state = 'draft'",
        "DELETE FROM document_finding",
        "UPDATE document_finding SET position = 2",
        "UPDATE document_step SET why = 'x'",
        "DELETE FROM document_step",
        "UPDATE document_file SET sha256 = 'x'",
        "DELETE FROM document_file",
    ],
)
def test_the_database_keeps_what_is_issued(
    app: Flask, papers: Papers, number: str, statement: str
) -> None:
    made = papers.issued([number])
    papers.files(made)
    with app.app_context(), pytest.raises(DatabaseError, match=REFUSED), transaction():
        db.session.execute(text(statement))


def test_a_paper_that_changed_after_it_was_read_is_not_issued(
    app: Flask, papers: Papers, number: str
) -> None:
    made = papers.waiting([number])
    with app.app_context(), pytest.raises(Conflict), transaction():
        actions.approve(get_document(made, papers.second), "of another text", papers.second)
    with app.app_context():
        assert get_document(made, papers.second).state is State.WAITING


def test_what_was_sent_back_is_changed_and_sent_again(
    app: Flask, papers: Papers, number: str
) -> None:
    made = papers.waiting([number])
    with app.app_context():
        with transaction():
            actions.send_back(get_document(made, papers.second), "电话写错了。", papers.second)
        with transaction():
            document = get_document(made, papers.drafter)
            actions.edit(
                document, document.article, document.texts | {"phone": "028-1"}, papers.drafter
            )
            actions.submit(document, papers.drafter)
    papers.approve(made, papers.second)
    with app.app_context():
        assert "028-1" in str(get_document(made, papers.drafter).content)


def test_a_correction_is_a_new_version_that_names_the_old_one(
    app: Flask, papers: Papers, number: str
) -> None:
    first = papers.issued([number])
    with app.app_context(), transaction():
        second = actions.correct(get_document(first, papers.drafter), papers.drafter).id
    with app.app_context(), pytest.raises(Conflict), transaction():
        actions.correct(get_document(first, papers.drafter), papers.drafter)
    with app.app_context(), transaction():
        actions.submit(get_document(second, papers.drafter), papers.drafter)
    papers.approve(second, papers.second)
    with app.app_context():
        old, new = get_document(first, papers.drafter), get_document(second, papers.drafter)
        assert (new.number, new.version, new.replaces_id) == (old.number, 2, first)
        assert "第2版，代替第1版" in str(new.content)
        assert later_version(old) == new


def test_an_order_is_a_departments_and_rests_on_what_is_verified(
    app: Flask, papers: Papers, make: Factory, number: str
) -> None:
    issued = papers.issued([number], Kind.ORDER)
    of_no_department = make.actor("department")
    with app.app_context():
        document = get_document(issued, papers.chief)
        assert "第六十四条" in str(document.content)
        assert document.number == f"ZY-ZL-{today().year}-0001"
        with pytest.raises(NotAllowed):
            actions.sender_of(Kind.ORDER, papers.drafter)
        with pytest.raises(NotAllowed):
            actions.sender_of(Kind.ORDER, of_no_department)
    waiting = papers.waiting([number], Kind.ORDER)
    with app.app_context(), transaction():
        make.finding_named(number).unverified = True
    with pytest.raises(Conflict):
        papers.approve(waiting, papers.chief)
    with pytest.raises(Conflict):
        papers.draft([number], Kind.ORDER)
    papers.draft([number])  # advice may speak of it, with its mark


def test_one_paper_goes_to_one_organisation(papers: Papers, make: Factory, number: str) -> None:
    other = make.dispatched(make.organisation())
    with pytest.raises(Conflict) as told:
        papers.draft([number, other])
    assert other in str(told.value.message)
    assert number not in str(told.value.message)


def test_a_draft_is_seen_by_few_and_a_paper_in_its_district(
    app: Flask, papers: Papers, make: Factory, number: str
) -> None:
    made = papers.waiting([number])
    with app.app_context():
        to = make.finding_named(number).organisation_id
    elsewhere = make.actor("coordinator", district=ANYUE)
    supervisor = make.actor("supervisor")
    owner = make.actor("organisation", organisation=to)
    stranger = make.actor("organisation")
    with app.app_context():
        get_document(made, papers.second)
        for actor in (elsewhere, supervisor, owner, stranger, papers.officer):
            with pytest.raises(NotFound):
                get_document(made, actor)
    papers.approve(made, papers.second)
    with app.app_context():
        for actor in (supervisor, owner, papers.officer):
            get_document(made, actor)
        for actor in (elsewhere, stranger):
            with pytest.raises(NotFound):
                get_document(made, actor)


def test_a_record_needs_a_recheck(app: Flask, papers: Papers, make: Factory) -> None:
    owner = make.organisation()
    number = make.fixed(owner)
    with pytest.raises(Conflict):
        papers.draft([number], Kind.RECORD)
    make.rechecked_too_near(number)
    made = papers.issued([number], Kind.RECORD)
    reply = papers.issued([number], Kind.REPLY)
    with app.app_context():
        content = str(get_document(made, papers.drafter).content)
        assert "5.1 %，要求 ≤ 5 %" in content
        assert "已拓宽" in str(get_document(reply, papers.drafter).content)


def test_what_is_closed_since_is_not_ordered(
    app: Flask, papers: Papers, make: Factory, number: str
) -> None:
    made = papers.waiting([number])
    with app.app_context(), transaction():
        void = finding_actions.Told("不再适用。")
        finding_actions.act(make.finding_named(number), Verb.VOID, papers.second, void)
    with pytest.raises(Conflict):
        papers.approve(made, papers.second)
