"""A paper on its way, made through the real actions."""

from uuid import UUID

from flask import Flask

from audit.accounts.rules import OrganisationKind
from audit.core.actors import Actor
from audit.core.db import db, transaction
from audit.core.ids import new_id
from audit.documents import actions
from audit.documents.handing import keep_sum
from audit.documents.jobs import write_files
from audit.documents.models import Document
from audit.documents.queries import get_document, ticked_findings
from audit.documents.rules.content import digest
from audit.documents.rules.kinds import Article, Kind
from audit.documents.rules.wording import DEFAULTS
from audit.findings.queries import visible_to
from tests.factories import Factory

TYPED = {
    "issuer": "资阳市残疾人联合会", "contact": "李明", "phone": "028-26110000",
    "inspectors": "王小满", "due": "2099-12-31",
}  # fmt: skip


class Papers:
    """The city's office, a second of its people, and a department with two."""

    def __init__(self, app: Flask, make: Factory) -> None:
        self.app, self.make = app, make
        office = make.organisation("资阳市残疾人联合会", OrganisationKind.FEDERATION)
        self.department_id = make.organisation("住房和城乡建设局", OrganisationKind.DEPARTMENT)
        self.drafter = make.actor("coordinator", organisation=office)
        self.second = make.actor("coordinator", organisation=office)
        self.officer = make.actor("department", organisation=self.department_id)
        self.chief = make.actor("department", organisation=self.department_id)

    def draft(self, numbers: list[str], kind: Kind = Kind.ADVICE, **typed: str) -> UUID:
        """By the office; an order by the department, on article 64."""
        actor = self.officer if kind is Kind.ORDER else self.drafter
        article = Article.BUILD if kind is Kind.ORDER else Article.NONE
        if kind is Kind.PACK:
            typed = {"summary": "多次催办没有整改。", "extent": "盲道缺失 9 处，共 121 m"} | typed
        texts = {**DEFAULTS.get(kind, {}), **TYPED, **typed}
        with self.app.app_context(), transaction():
            findings = ticked_findings(numbers, visible_to(actor))
            wanted = actions.Draft(kind, article, findings, texts)
            return actions.draft(new_id(), wanted, actor).id

    def waiting(self, numbers: list[str], kind: Kind = Kind.ADVICE, **typed: str) -> UUID:
        made = self.draft(numbers, kind, **typed)
        actor = self.officer if kind is Kind.ORDER else self.drafter
        with self.app.app_context(), transaction():
            actions.submit(get_document(made, actor), actor)
        return made

    def issued(self, numbers: list[str], kind: Kind = Kind.ADVICE, **typed: str) -> UUID:
        made = self.waiting(numbers, kind, **typed)
        self.approve(made, self.chief if kind is Kind.ORDER else self.second)
        return made

    def approve(self, document_id: UUID, actor: Actor) -> None:
        with self.app.app_context():
            actions.gather_pictures(get_document(document_id, actor))
            with transaction():
                document = get_document(document_id, actor)
                seen = digest(actions.preview(document).plain())
                actions.approve(document, seen, actor)

    def files(self, document_id: UUID) -> dict[str, str]:
        """By name the hash, after the worker has written what needs no browser."""
        with self.app.app_context():
            write_files(str(document_id))
            rows = db.session.get_one(Document, document_id).files
            return {one.name: one.sha256 for one in rows}

    def finish(self, document_id: UUID) -> None:
        """A pack as the worker leaves it; its PDF stands in for what only a browser prints."""
        self.files(document_id)
        with self.app.app_context():
            with transaction():
                document = db.session.get_one(Document, document_id)
                actions.keep_file(document, "pdf", b"%PDF-1.7 of a test")
            keep_sum(document_id)


def papers_for_pages(
    app: Flask, make: Factory, drafter: Actor, numbers: tuple[str, str], texts: tuple[str, str]
) -> dict[str, UUID]:
    """One that this person drafts, one that waits for them, one that is issued; with long texts."""
    (first, second), (long, wide) = numbers, texts
    papers = Papers(app, make)
    waiting = papers.waiting([first, second], asks=long, issuer=long[:100])
    issued = papers.issued([second])
    papers.files(issued)
    make.organisation("资阳市人民检察院", OrganisationKind.PROCURATORATE)
    pack = papers.issued([first, second], Kind.PACK, extent=wide[:200])
    papers.finish(pack)
    papers.drafter = drafter
    draft = papers.draft([first], phone=wide[:40], asks=f"{wide}\n<b>{{{{ 7*7 }}}}</b>")
    return {"draft": draft, "waiting": waiting, "issued": issued, "pack": pack}
