"""The pages of an organisation that answers a notice by its link, without an account."""

from http import HTTPStatus
from uuid import UUID

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.actions import check_turn, link_keys, take_turn
from audit.accounts.queries import token_hash
from audit.accounts.rules.throttling import network_of
from audit.core.db import transaction
from audit.core.errors import AuditError, Conflict, Invalid, NotFound, TooManyTries
from audit.core.language import current_language
from audit.findings.actions import Told, act, check_step
from audit.findings.forms import last_day, why
from audit.findings.models import Finding
from audit.findings.rules import Needs, Verb, needs_of, step_for
from audit.photos.forms import sent_pictures
from audit.photos.rules import Size
from audit.photos.serving import photo_answer
from audit.photos.taking import Pictures, take_in
from audit.web.access import public
from audit.web.tried import Tried

from .. import actions, queries
from ..forms import signer
from ..models import LinkUse
from ..rules import ANSWERS, USE_LASTS, secret_hash
from .answer_page import AnswerPage

bp = Blueprint("answering", __name__, url_prefix="/n")
VERBS = ", ".join(ANSWERS)
PLACE = "<number:assignment>"
FINDING = f"/{PLACE}/<number:number>"


def init_app(app: Flask) -> None:
    """Find out, before each of these pages, whose link this browser has opened. Each notice has a
    cookie of its own, which is sent to these pages only: two may be open side by side."""

    @app.before_request
    def find_use() -> None:
        if request.blueprint != bp.name:
            return
        g.secret_address = request.endpoint == f"{bp.name}.enter"
        g.link_use = _use_of(str((request.view_args or {}).get("assignment", "")))
        g.sends_pictures = g.link_use is not None


def cookie_of(number: str) -> str:
    return f"tantu_{number}"


def _use_of(number: str) -> LinkUse | None:
    token = request.cookies.get(cookie_of(number), "")
    use = queries.find_use(token_hash(token)) if token and number else None
    return use if use is not None and use.link.assignment.number == number else None


@bp.after_request
def keep_to_ourselves(answer: Response) -> Response:
    """The address that holds the secret is told to nobody; nothing here is for search engines."""
    if g.get("secret_address"):
        answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@bp.errorhandler(AuditError)
def in_plain_words(error: AuditError) -> ResponseReturnValue:
    page = render_template(
        "assignments/error.html", message=error.message, use=g.get("link_use"), status=error.status
    )
    return page, error.status, dict(error.headers)


@bp.get("/<string(minlength=40, maxlength=80):secret>")
@public
def enter(secret: str) -> ResponseReturnValue:
    """Exchange the secret for a cookie of this notice, and go on to an address without it.

    A right secret is never kept out by the wrong ones of others: no number of tries finds it.
    """
    link = queries.find_link(secret_hash(secret))
    if link is None:
        return _wrong_secret()
    if request.method == "HEAD":  # a scanner that looks whether the address is there
        return ""
    assignment = link.assignment
    with transaction():
        number = assignment.number
        token = actions.begin_use(link, request.remote_addr, _use_of(number))
    answer = redirect(url_for(".index", assignment=number), HTTPStatus.SEE_OTHER)
    return _with_cookie(answer, number, token)


def _wrong_secret() -> ResponseReturnValue:
    """The same whether it is wrong, has expired or was revoked; each is counted."""
    keys = link_keys(network_of(request.remote_addr))
    try:
        check_turn(keys)
        with transaction():
            take_turn(keys)
    except TooManyTries as error:
        page, _status = _shut()
        return page, HTTPStatus.TOO_MANY_REQUESTS, dict(error.headers)
    return _shut()


def _shut() -> tuple[str, int]:
    """What to do where a link does not open; with whatever was typed meanwhile, to copy it."""
    typed = [text for text in (why(request.form),) if text]
    return render_template("assignments/shut.html", typed=typed), HTTPStatus.NOT_FOUND


def _with_cookie(answer: ResponseReturnValue, number: str, token: str) -> Response:
    sent = make_response(answer)
    sent.set_cookie(
        cookie_of(number),
        token,
        max_age=USE_LASTS if token else 0,
        path="/n/",
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return sent


@bp.get(f"/{PLACE}/")
@public
def index(assignment: str) -> ResponseReturnValue:
    use: LinkUse | None = g.link_use
    return _shut() if use is None else _index(use)


def _index(use: LinkUse, problems: dict[str, str] | None = None) -> ResponseReturnValue:
    assignment = use.link.assignment
    name, phone = signer(request.form)
    page = render_template(
        "assignments/answer_index.html",
        use=use,
        assignment=assignment,
        items=queries.findings_in(assignment),
        answered=queries.answered_in(assignment),
        problems=problems or {},
        name=name or use.signer_name,
        phone=phone or use.signer_phone,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK


@bp.post(f"/{PLACE}/sign")
@public
def sign(assignment: str) -> ResponseReturnValue:
    """Confirm the receipt: a form that a person fills in, never the mere opening of the link."""
    if g.link_use is None:
        return _shut()
    try:
        with transaction():
            use = _use_of(assignment)
            if use is None:
                return _shut()
            actions.confirm_receipt(use, *signer(request.form))
    except Invalid as error:
        return _index(_again(assignment), {key: str(text) for key, text in error.problems.items()})
    flash(_("已签收。请逐个打开问题，改好以后在这里报告。"), "success")
    return redirect(url_for(".index", assignment=assignment), HTTPStatus.SEE_OTHER)


def _again(assignment: str) -> LinkUse:
    """Raises `NotFound` where the link was revoked a moment ago."""
    use = _use_of(assignment)
    if use is None:
        raise NotFound
    return use


@bp.post(f"/{PLACE}/leave")
@public
def leave(assignment: str) -> ResponseReturnValue:
    """On a computer that others use as well."""
    with transaction():
        use = _use_of(assignment)
        if use is not None:
            actions.leave(use)
    answer = make_response(render_template("assignments/left.html"))
    return _with_cookie(answer, assignment, "")


@bp.get(FINDING)
@public
def show(assignment: str, number: str) -> ResponseReturnValue:
    use: LinkUse | None = g.link_use
    return _shut() if use is None else _page(use, number)


@bp.post(f"{FINDING}/<any({VERBS}):answer>")
@public
def take(assignment: str, number: str, answer: str) -> ResponseReturnValue:
    """One step that the life table gives to the organisation. Pictures are kept before the step
    is written, and whatever stands in its way, they and the words typed come back."""
    if g.link_use is None:
        return _shut()
    verb, taken = Verb(answer), Pictures()
    try:
        taken = _before(g.link_use, number, verb)
        with transaction():
            use = _again(assignment)
            finding = queries.finding_in(use.link.assignment, number)
            _expect_unmoved(finding)
            _act(finding, verb, use, taken)
    except (Invalid, Conflict) as error:
        return _page(_again(assignment), number, Tried.of(verb, error, taken.ids))
    flash(_("已记下：%(step)s。", step=step_for(verb).done.in_(current_language())), "success")
    return redirect(url_for(".index", assignment=assignment), HTTPStatus.SEE_OTHER)


def _before(use: LinkUse, number: str, verb: Verb) -> Pictures:
    finding, actor = queries.finding_in(use.link.assignment, number), actions.actor_of(use)
    check_step(finding, verb, actor)
    if not use.signer_name:
        raise Conflict(_("请先签收：写下您的姓名和电话，再办理。"))
    needed = {*needs_of(step_for(verb), finding.source)}
    pictured = not needed.isdisjoint({Needs.PHOTO, Needs.PHOTO_IF_ANY})
    if not pictured:
        return Pictures()
    sent = sent_pictures(request.form, request.files, finding.id, str(actor.id))
    return take_in(*sent, actor, finding.district_code)


def _expect_unmoved(finding: Finding) -> None:
    seen = request.form.get("seen", "")
    if seen != str(finding.last_seq):
        raise Conflict(_("您打开之后，别人已经办了一步。请看下面最新的情况，再决定要不要办。"))


def _act(finding: Finding, verb: Verb, use: LinkUse, taken: Pictures) -> None:
    actor, reason = actions.actor_of(use), why(request.form)
    if taken.problem:
        raise Invalid({"photos": taken.problem})
    told = Told(reason, until=last_day(request.form), photos=tuple(taken.ids))
    act(finding, verb, actor, told)


def _page(use: LinkUse, number: str, tried: Tried | None = None) -> ResponseReturnValue:
    finding = queries.finding_in(use.link.assignment, number)
    page = render_template(
        "assignments/answer.html",
        use=use,
        assignment=use.link.assignment,
        finding=finding,
        page=AnswerPage(finding, tried),
        Needs=Needs,
        typed={"why": why(request.form), "until": request.form.get("until", "")},
    )
    return page, tried.status if tried else HTTPStatus.OK


@bp.get(f"/{PLACE}/photos/<uuid:photo_id>/<any(large, medium, small):size>.jpg")
@public
def photo(assignment: str, photo_id: UUID, size: str) -> ResponseReturnValue:
    """A derivative, redacted where parts are covered, of a picture of this notice's findings."""
    use: LinkUse | None = g.link_use
    if use is None:
        raise NotFound
    return photo_answer(queries.photo_in(use.link.assignment, photo_id), Size[size.upper()])
