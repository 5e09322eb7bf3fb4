"""What the city says in its own words: in letters and on pages, with its history."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.rules import covers
from audit.core.actors import May
from audit.core.db import transaction
from audit.core.errors import NotFound
from audit.web.access import current_actor, needs
from audit.web.reasons import Sent

from .. import actions, queries
from ..forms import read_wording
from ..models import PolicyChange
from ..rules.texts import TEXT, WORDINGS, CityText

bp = Blueprint("texts", __name__, url_prefix="/settings/texts")
bp.app_template_global("city_text")(queries.city_text)


@bp.get("/")
@needs(May.SEE_SETTINGS)
def index() -> str:
    return render_template(
        "policy/texts.html", wordings=WORDINGS, chosen=queries.latest(), prefix=TEXT
    )


@bp.get("/<string(maxlength=40):name>")
@needs(May.SEE_SETTINGS)
def show(name: str) -> ResponseReturnValue:
    held = queries.city_text(_known(name))
    return _page(_known(name), Sent({"zh": held.zh, "en": held.en, "why": ""}))


@bp.post("/<string(maxlength=40):name>")
@needs(May.CHOOSE_SETTINGS)
def choose(name: str) -> ResponseReturnValue:
    """Choose the words, or as shipped again; with a reason."""
    one, sent = _known(name), Sent.of(request.form)
    text, problems = read_wording(WORDINGS[one], request.form)
    is_default = request.form.get("action") == "default"
    if not is_default:
        sent.problems = problems | sent.problems
    if sent.problems:
        sent.typed |= text
        return _page(one, sent)
    with transaction():
        actions.choose(TEXT + one, None if is_default else {**text}, sent.why, current_actor())
    flash(_("文字已更改，马上生效。"), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _known(name: str) -> CityText:
    try:
        return CityText(name)
    except ValueError as error:
        raise NotFound from error


def _page(one: CityText, sent: Sent) -> ResponseReturnValue:
    page = render_template(
        "policy/text.html",
        name=one,
        about=WORDINGS[one],
        sent=sent,
        may=covers(current_actor(), May.CHOOSE_SETTINGS, None),
        changes=[_told(change) for change in queries.history_of(TEXT + one)],
    )
    return page, sent.status


def _told(change: PolicyChange) -> dict[str, object]:
    words = change.value if isinstance(change.value, dict) else None
    title = _("改为：%(value)s", value=words["zh"] or _("没有填")) if words else _("恢复默认")
    return {"title": title, "at": change.at, "who": change.actor_name, "why": change.why}
