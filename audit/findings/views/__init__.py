from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.queries import organisations
from audit.core.actors import Actor, May
from audit.core.db import transaction
from audit.core.errors import Conflict, Invalid, NotFound
from audit.core.language import current_language
from audit.core.text import Text
from audit.districts.queries import responsible_districts
from audit.facilities.rules import KINDS
from audit.photos.forms import sent_pictures
from audit.photos.taking import Pictures, take_in
from audit.routing.forms import departments
from audit.web.access import current_actor, needs
from audit.web.bulk import MOST
from audit.web.fields import one_line
from audit.web.filters import applied, forgiving, narrowing
from audit.web.tried import Tried

from .. import actions, queries
from ..actions import Told
from ..forms import last_day, organisation_id, parse_filter, why
from ..models import Finding, FindingEvent
from ..rules import (
    DONE,
    MARKS,
    SEVERITIES,
    STATES,
    TRANSITIONS,
    Needs,
    Source,
    State,
    Verb,
    step_for,
    steps_for_many,
)
from .asking import ASKS, OFFERS, SAID, WHEN
from .listing import LATE, likely, programmes, say, tabs, whole_url
from .marks import MarkTag, Sentence, marks_told, sentences_of
from .page import FindingPage
from .time import TimeLeft, time_left

bp = Blueprint("findings", __name__, url_prefix="/findings")


@bp.app_template_global()
def state_text(state: State) -> Text:
    """What a state is called, for the tag that shows it."""
    return STATES[State(state)]


@bp.app_template_global()
def severity_words(severity: str) -> str:
    """What a severity means, in the language of the page."""
    return SEVERITIES[severity].in_(current_language())


@bp.app_template_global()
def done_text(verb: Verb) -> Text:
    """What a step did, for the history and for why something came back."""
    return DONE[Verb(verb)]


@bp.app_template_global()
def ask_of(verb: Verb) -> object:
    """What the form of a step asks for in words."""
    return ASKS.get(Verb(verb), _("备注（可不填）"))


@bp.app_template_global()
def offer_of(verb: Verb) -> object:
    """What opens the form of a step that is not the main one."""
    return OFFERS[Verb(verb)]


@bp.app_template_global()
def telling(event: FindingEvent) -> list[dict[str, Any]]:
    """Of what a re-check measured, the values on which it failed or could not tell; where it
    passed, all."""
    measured: list[dict[str, Any]] = event.detail.get("measured", [])
    wanted = {Verb.FAIL_RECHECK: "fail", Verb.NEAR_RECHECK: "second_look"}.get(event.verb)
    return [one for one in measured if wanted in (None, one["verdict"])]


@bp.app_template_global()
def marks_of(finding: Finding) -> list[MarkTag]:
    """What stands beside the state, for the tags that show it."""
    return marks_told(finding)


@bp.app_template_global()
def beside_of(finding: Finding) -> list[Sentence]:
    return sentences_of(finding)


@bp.app_template_global()
def clock_of(finding: Finding) -> TimeLeft | None:
    """How much time is left, for the tag and the sentence that show it."""
    return time_left(finding)


STEPS = ", ".join(step.verb for step in TRANSITIONS if Needs.INSPECTION not in step.needs)
STEPPERS = tuple(sorted({step.may for step in TRANSITIONS if step.may is not May.RECHECK}))
TYPED = ("organisation", "until", "urgent", "main")
JUDGEMENTS = "any(pass_recheck, fail_recheck)"


@bp.get("/")
@needs(May.SEE_FINDINGS)
@forgiving(parse_filter)
def index() -> str:
    actor, chosen = current_actor(), parse_filter(request.args)
    rows, total = queries.list_findings(actor, chosen)
    query = narrowing(request.args)
    return render_template(
        "findings/index.html",
        rows=rows,
        total=total,
        most=MOST,
        acts=steps_for_many(actor),
        likely=likely(actor, chosen.states),
        ticked=request.args.get("tick") == "page",
        chosen=chosen,
        pages=-(-total // queries.PER_PAGE),
        states=STATES,
        severities=SEVERITIES,
        programmes=programmes(),
        departments=departments(),
        late=LATE,
        marks=MARKS,
        kinds=KINDS,
        districts=responsible_districts(),
        query=query,
        tabs=tabs(query),
        whole_url=whole_url(query),
        applied=applied(".index", query, say),
    )


@bp.get("/<number:number>")
@needs(May.SEE_FINDINGS)
def show(number: str) -> ResponseReturnValue:
    return _page(number)


@bp.post(f"/<number:number>/<any({STEPS}):verb>")
@needs(*STEPPERS)
def take(number: str, verb: str) -> ResponseReturnValue:
    """One step of the finding's life. Pictures are kept before the step is written, and whatever
    stands in its way, they and the words typed come back."""
    actor, step, taken = current_actor(), Verb(verb), Pictures()
    finding = queries.get_finding(number, actor)
    try:
        actions.check_step(finding, step, actor)
        if {Needs.PHOTO, Needs.PHOTO_IF_ANY} & {*step_for(step).needs}:
            sent = sent_pictures(request.form, request.files, finding.id, str(actor.id))
            taken = take_in(*sent, actor, finding.district_code)
        with transaction():
            finding = queries.get_finding(number, actor)
            _expect_unmoved(finding)
            _act(finding, step, actor, taken)
    except (Invalid, Conflict) as error:
        return _page(number, Tried.of(step, error, taken.ids))
    flash(str(SAID[step]), "success")
    return redirect(url_for(".show", number=number), HTTPStatus.SEE_OTHER)


@bp.post(f"/<number:number>/<{JUDGEMENTS}:judgement>")
@needs(May.RECHECK)
def judge(number: str, judgement: str) -> ResponseReturnValue:
    """A person re-checks what the scanner has handed over; a place is re-checked by a visit."""
    actor, step = current_actor(), Verb(judgement)
    try:
        with transaction():
            finding = queries.get_finding(number, actor)
            if finding.source is not Source.SCAN:
                raise NotFound
            passed = step is Verb.PASS_RECHECK
            actions.recheck_by_hand(finding, actor, why(request.form), passed=passed)
    except (Invalid, Conflict) as error:
        return _page(number, Tried.of(step, error))
    flash(str(SAID[step]), "success")
    return redirect(url_for(".show", number=number), HTTPStatus.SEE_OTHER)


def _expect_unmoved(finding: Finding) -> None:
    """Who decides has seen the latest step: another may have dispatched it meanwhile."""
    seen = request.form.get("seen", "")
    if seen and seen != str(finding.last_seq):
        raise Conflict(_("您打开之后，别人已经办了一步。请看下面最新的情况，再决定要不要办。"))


def _act(finding: Finding, verb: Verb, actor: Actor, taken: Pictures) -> None:
    if taken.problem:
        raise Invalid({"photos": taken.problem})
    told = Told(
        why(request.form),
        organisation_id(request.form),
        last_day(request.form),
        request.form.get("urgent") == "1",
        _main(actor) if verb is Verb.MERGE else None,
        tuple(taken.ids),
    )
    actions.act(finding, verb, actor, told)


def _main(actor: Actor) -> Finding | None:
    return queries.find_seen(one_line(request.form.get("main", "")).upper(), actor)


def _page(number: str, tried: Tried | None = None) -> ResponseReturnValue:
    actor = current_actor()
    finding = queries.get_finding(number, actor)
    page = render_template(
        "findings/show.html",
        finding=finding,
        page=FindingPage(finding, actor, tried),
        organisations=organisations(),
        offers=OFFERS,
        asks=ASKS,
        when=WHEN,
        Needs=Needs,
        Verb=Verb,
        kinds=KINDS,
        typed={name: request.form.get(name, "") for name in TYPED} | {"why": why(request.form)},
    )
    return page, tried.status if tried else HTTPStatus.OK
