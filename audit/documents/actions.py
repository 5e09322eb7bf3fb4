"""One drafts a paper, another approves it; approving freezes it. Nothing is deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask_babel import lazy_gettext as _

from audit.accounts.models import Organisation
from audit.accounts.queries import ancestors
from audit.accounts.rules import OrganisationKind
from audit.core.actors import Actor
from audit.core.clock import now, today
from audit.core.db import db, next_numbers
from audit.core.errors import Conflict, NotAllowed
from audit.core.ids import new_id
from audit.core.settings import settings
from audit.findings.models import Finding
from audit.journal.actions import record
from audit.journal.models import JournalEntry
from audit.photos.rules import original_key
from audit.queue.runs import later

from .dossiers import dossiers_of, procuratorate_for, proposed_summary
from .handing import ZIP, keep_tables, refer_findings
from .models import Document, DocumentFile, DocumentFinding, DocumentStep
from .queries import later_version
from .reading import (
    addressee_id,
    candidate_of,
    hash_of,
    matter_of,
    pictures_of,
    proposed_texts,
    read_picture,
    shown_key,
)
from .rules.composing import compose
from .rules.content import Content, content_from, digest
from .rules.fitness import Sender, Unfit, first_with_organisation, unfit
from .rules.kinds import KINDS, Article, Kind, State
from .rules.life import STEPS, Act, Why, may_any, refusal
from .rules.matter import Matter
from .storage import document_storage, put

JOB = "make_document_files"
FORMS = frozenset({"docx", "html", "pdf"})
REFUSALS: Mapping[Why, object] = {
    Why.STATE: _("这份文书已经走到别的一步，不能再这样办。请看它现在的情况。"),
    Why.ROLE: _("您的账号不能对这类文书办这一步。"),
    Why.OWN: _("这份文书是您自己起草的，要由另一位有权限的人批准或者退回。"),
    Why.NOT_YOURS: _("这份草稿要由起草人自己修改、送审或者作废。"),
    Why.OTHER_DEPARTMENT: _("责令通知书由起草人所在部门的另一个人批准，您属于别的单位。"),
    Why.REPLACED: _("这份文书已有更正版，请在更正版里继续。"),
}
NO_DEPARTMENT = _("责令通知书由主管部门制发，而您的账号不属于任何主管部门。请联系管理员。")
MOVED = _("您打开之后，文书所依据的情况有了变化，所以没有签发。请再看一遍下面的内容，再决定。")


@dataclass(frozen=True)
class Draft:
    """What somebody wants to be written: about which findings, in which order."""

    kind: Kind
    article: Article
    findings: Sequence[Finding]
    texts: Mapping[str, str]


def sender_of(kind: Kind, actor: Actor) -> Sender:
    """Raises `NotAllowed` for who may not draft such a paper anywhere, and for an order by
    somebody of no department."""
    rights = KINDS[kind].draft
    if not may_any(actor, rights):
        raise NotAllowed
    own = db.session.get(Organisation, actor.organisation_id) if actor.organisation_id else None
    if kind is Kind.ORDER and (own is None or own.kind is not OrganisationKind.DEPARTMENT):
        raise NotAllowed(NO_DEPARTMENT)
    scopes = [actor.districts_for(right) for right in sorted(rights) if actor.may(right)]
    everywhere = any(scope is None for scope in scopes)
    codes = frozenset[str]().union(*[scope for scope in scopes if scope is not None])
    return Sender(
        None if everywhere else codes, frozenset(ancestors(own.id)) if own else frozenset()
    )


def unfit_findings(kind: Kind, findings: Sequence[Finding], sender: Sender) -> dict[str, Unfit]:
    """By number, why they cannot stand together in such a paper."""
    candidates = [candidate_of(one) for one in findings]
    first = candidates[0] if kind is Kind.PACK else first_with_organisation(candidates)
    if first is None:
        return dict.fromkeys((one.number for one in candidates), Unfit.NO_ORGANISATION)
    if addressee_of(kind, findings) is None:
        return dict.fromkeys((one.number for one in candidates), Unfit.NO_PROCURATORATE)
    told = {one.number: unfit(one, first, kind, sender) for one in candidates}
    return {number: why for number, why in told.items() if why is not None}


def addressee_of(kind: Kind, findings: Sequence[Finding]) -> UUID | None:
    """To whom a paper about these goes: who must fix the first that anybody must; of a pack the
    procuratorate."""
    if kind is Kind.PACK:
        found = procuratorate_for(findings[0].district_code) if findings else None
        return found.id if found else None
    return next((to for to in map(addressee_id, findings) if to is not None), None)


def proposals(kind: Kind, findings: Sequence[Finding]) -> dict[str, str]:
    """What is known of the blanks of a paper about these."""
    if kind is Kind.PACK:
        return proposed_summary(findings) if findings else {}
    to = addressee_of(kind, findings)
    return proposed_texts(findings, to) if to else {}


def draft(document_id: UUID, wanted: Draft, actor: Actor) -> Document:
    """The same id a second time gives the first one. Raises `NotAllowed`, `Conflict`."""
    known = db.session.get(Document, document_id)
    if known is not None:
        return known
    _check_fit(wanted.kind, wanted.findings, actor)
    first = wanted.findings[0]
    to = addressee_of(wanted.kind, wanted.findings)
    assert to is not None  # noqa: S101 -- they are fit
    made = _new(document_id, wanted, actor, first.district_code, to)
    _told(made, Act.EDIT, actor, verb="draft")
    return made


def correct(document: Document, actor: Actor) -> Document:
    """A new version of an issued paper, to be changed, approved and issued like the first."""
    check(document, Act.CORRECT, actor)
    findings = [one.finding for one in document.findings]
    wanted = Draft(document.kind, document.article, findings, dict(document.texts))
    made = _new(new_id(), wanted, actor, document.district_code, document.organisation_id)
    made.version, made.replaces_id = document.version + 1, document.id
    _told(made, Act.CORRECT, actor)
    return made


def check(document: Document, act: Act, actor: Actor) -> None:
    """Raises `NotAllowed` where it is not this person's step, `Conflict` where it is no step."""
    replaced = act is Act.CORRECT and later_version(document) is not None
    why = refusal(document.standing(is_replaced=replaced), act, actor)
    if why in {Why.STATE, Why.REPLACED}:
        raise Conflict(REFUSALS[why])
    if why is not None:
        raise NotAllowed(REFUSALS[why])


def edit(document: Document, article: Article, texts: Mapping[str, str], actor: Actor) -> None:
    check(document, Act.EDIT, actor)
    document.article, document.texts = article, dict(texts)
    document.changed_at = now()
    _told(document, Act.EDIT, actor)


def submit(document: Document, actor: Actor) -> None:
    check(document, Act.SUBMIT, actor)
    _check_fit(document.kind, [one.finding for one in document.findings], actor)
    _move(document, Act.SUBMIT, actor)


def send_back(document: Document, why: str, actor: Actor) -> None:
    check(document, Act.RETURN, actor)
    _move(document, Act.RETURN, actor, why)


def discard(document: Document, actor: Actor) -> None:
    check(document, Act.DISCARD, actor)
    _move(document, Act.DISCARD, actor)


def gather_pictures(document: Document) -> None:
    """Keeps what pages show of its pictures beside the papers, before it is approved. The caller
    holds no transaction open: a bucket may take seconds."""
    keys = _keys(document)
    db.session.rollback()
    for key in keys:
        put(read_picture(key))


def keep_pictures(document: Document) -> None:
    """The same inside a transaction, where pictures lie in a folder."""
    for key in _keys(document):
        put(read_picture(key))


def _keys(document: Document) -> list[str]:
    return [shown_key(photo) for photo in pictures_of(document)]


def preview(document: Document) -> Content:
    """As it would be issued now, without number and day; of an issued paper what was issued."""
    if document.content is not None:
        return content_from(document.content)
    return compose(document.kind, _matter(document))


def _matter(document: Document) -> Matter:
    """As things stand now; of a pack with all that it tells beyond the points."""
    matter = matter_of(document)
    if document.kind is not Kind.PACK:
        return matter
    return replace(matter, dossiers=dossiers_of([one.finding for one in document.findings]))


def approve(document: Document, seen: str, actor: Actor) -> None:
    """Afterwards it is issued, frozen and numbered, and its files are promised. `seen`: the digest
    of the preview that was read. Raises `Conflict` where that has changed since."""
    check(document, Act.APPROVE, actor)
    competent = actor if document.kind is Kind.ORDER else None
    _check_fit(document.kind, [one.finding for one in document.findings], competent)
    if digest(preview(document).plain()) != seen:
        raise Conflict(MOVED)
    number = _number_of(document)
    if document.kind is Kind.PACK:
        refer_findings(document, number, actor)
    matter = _matter(document).issued(number, today())
    _freeze(document, matter, actor)
    entry = _told(document, Act.APPROVE, actor)
    if document.kind is Kind.PACK:
        keep_tables(document, matter, entry)
    later(JOB, document_id=str(document.id))


def promise_files(document: Document) -> None:
    """Once more, where some are missing. Raises `Conflict` for what is not issued."""
    if document.state is not State.ISSUED:
        raise Conflict(REFUSALS[Why.STATE])
    wanted = FORMS | {ZIP} if document.kind is Kind.PACK else FORMS
    if wanted - {one.name for one in document.files}:
        later(JOB, document_id=str(document.id))


def photo_ids(document: Document) -> dict[str, UUID]:
    """Of the pictures of a draft, by the hash under which its content names them."""
    return {hash_of(one): one.id for one in pictures_of(document)}


def keep_file(document: Document, name: str, content: bytes) -> None:
    """A second one under the name is not kept: what was downloaded once is downloaded for ever."""
    if document.file(name) is None:
        _add_file(document, name, put(content), len(content))


def _freeze(document: Document, matter: Matter, actor: Actor) -> None:
    """All at once: what is issued is changed no more."""
    content = compose(document.kind, matter)
    document.content = content.plain()
    document.content_sha256 = digest(document.content)
    document.number, document.state = matter.number, State.ISSUED
    document.issued_at = document.changed_at = now()
    document.approved_by_id, document.approved_by_name = actor.id, actor.name
    db.session.flush()
    for sha256 in sorted({one.sha256 for one in content.figures()}):
        key = original_key(sha256)
        if not document_storage().exists(key):
            raise Conflict(MOVED)  # parts of it were covered a moment ago
        with document_storage().open(key) as file:
            _add_file(document, sha256, sha256, len(file.read()))


def _number_of(document: Document) -> str:
    """A correction keeps the number."""
    if document.replaces and document.replaces.number:
        return document.replaces.number
    return _next_number(document.kind)


def _next_number(kind: Kind) -> str:
    series = f"{KINDS[kind].code}-{today().year}"
    serial = next_numbers(f"document-{series}", 1)[0]
    return f"{settings().number_prefix}-{series}-{serial:04d}"


def _check_fit(kind: Kind, findings: Sequence[Finding], actor: Actor | None) -> None:
    """`actor` None: who drafted it could, so only the findings are looked at; an order is also
    approved by the competent department."""
    own = frozenset(one.department_id for one in findings if one.department_id is not None)
    sender = sender_of(kind, actor) if actor else Sender(None, own)
    wrong = unfit_findings(kind, findings, sender)
    if wrong or not findings:
        told = "、".join(sorted(wrong))
        raise Conflict(_("这些问题不能写进这份文书，所以没有办：%(numbers)s。", numbers=told))


def _new(
    document_id: UUID, wanted: Draft, actor: Actor, district: str, organisation_id: UUID
) -> Document:
    made = Document(
        id=document_id,
        kind=wanted.kind,
        article=wanted.article,
        state=State.DRAFT,
        district_code=district,
        organisation_id=organisation_id,
        texts=dict(wanted.texts),
        version=1,
        drafted_at=now(),
        drafted_by_id=actor.id,
        drafted_by_name=actor.name,
        changed_at=now(),
        findings=[
            DocumentFinding(finding_id=one.id, position=place)
            for place, one in enumerate(wanted.findings, 1)
        ],
    )
    db.session.add(made)
    return made


def _move(document: Document, act: Act, actor: Actor, why: str = "") -> None:
    to = STEPS[act].to
    assert to is not None  # noqa: S101 -- of those that move
    document.state, document.changed_at = to, now()
    _told(document, act, actor, why)


def _told(
    document: Document, act: Act, actor: Actor, why: str = "", verb: str = ""
) -> JournalEntry:
    """One step of its life, and one entry in the journal."""
    seq = len(document.steps) + 1
    document.steps.append(
        DocumentStep(
            seq=seq,
            act=verb or act.value,
            at=now(),
            actor_id=actor.id,
            actor_name=actor.name,
            why=why,
        )
    )
    db.session.flush()
    detail = {
        "kind": document.kind.value,
        "version": document.version,
        "number": document.number,
        "content": document.content_sha256,
        "findings": [str(one.finding_id) for one in document.findings],
    }
    return record(
        actor, verb or act.value, "document", document.id,
        district=document.district_code, why=why, detail=detail,
    )  # fmt: skip


def _add_file(document: Document, name: str, sha256: str, size: int) -> None:
    document.files.append(DocumentFile(name=name, sha256=sha256, byte_size=size))
    db.session.flush()
