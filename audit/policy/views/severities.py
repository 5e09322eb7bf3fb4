"""How grave the findings of an item or a rule are in this city, where that is not as shipped."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.rules import covers
from audit.checklists.loader import all_checklists
from audit.core.actors import May
from audit.core.db import transaction
from audit.core.errors import NotFound
from audit.core.language import current_language
from audit.core.text import Text
from audit.findings.rules import SEVERITIES
from audit.web.access import current_actor, needs
from audit.web.reasons import Sent
from audit.webscan.rules.titles import known_rules, rule_title

from .. import actions, queries
from ..models import PolicyChange
from ..rules import SEVERITY

bp = Blueprint("severities", __name__, url_prefix="/settings/severities")
SCANNED = "axe:"


@dataclass(frozen=True)
class Judged:
    """An item or a rule of the scanner. `shipped` is None for a rule: its impact says so."""

    id: str
    title: Text
    where: Text
    shipped: str | None


def judged_by_id() -> dict[str, Judged]:
    """Everything that can become a finding: items of lists in their order, then scanner rules."""
    found = [
        Judged(item.id, item.problem or item.ask, one.title, item.severity)
        for one in all_checklists()
        for item in one.items
    ]
    website = Text("网站扫描", "Website scan")
    found += [Judged(f"{SCANNED}{rule}", rule_title(rule), website, None) for rule in known_rules()]
    return {one.id: one for one in found}


@bp.get("/")
@needs(May.SEE_SETTINGS)
def index() -> ResponseReturnValue:
    """What is chosen; `rule` in the address opens one."""
    known, rule = judged_by_id(), request.args.get("rule", "")
    if rule in known:
        return redirect(url_for(".show", rule=rule))
    chosen = {
        name.removeprefix(SEVERITY): change
        for name, change in queries.latest().items()
        if name.startswith(SEVERITY) and change.value is not None
    }
    return render_template(
        "policy/severities.html",
        rows=[(known.get(name), name, change) for name, change in sorted(chosen.items())],
        known=known.values(),
        severities=SEVERITIES,
    )


@bp.get("/<string(maxlength=80):rule>")
@needs(May.SEE_SETTINGS)
def show(rule: str) -> ResponseReturnValue:
    one = _known(rule)
    held = queries.chosen_severities().get(one.id, one.shipped or "")
    return _page(one, Sent({"value": held, "why": ""}))


@bp.post("/<string(maxlength=80):rule>")
@needs(May.CHOOSE_SETTINGS)
def choose(rule: str) -> ResponseReturnValue:
    """Choose how grave it is, or as shipped again; with a reason."""
    one, sent = _known(rule), Sent.of(request.form, "value")
    chosen = None if request.form.get("action") == "default" else sent.typed["value"]
    if chosen is not None and chosen not in SEVERITIES:
        sent.problems["value"] = _("请从列表中选一项。")
    if sent.problems:
        return _page(one, sent)
    with transaction():
        actions.choose(SEVERITY + one.id, chosen, sent.why, current_actor())
    flash(_("严重程度已更改，对以后发现的问题生效。"), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _known(rule: str) -> Judged:
    try:
        return judged_by_id()[rule]
    except KeyError as error:
        raise NotFound from error


def _page(one: Judged, sent: Sent) -> ResponseReturnValue:
    page = render_template(
        "policy/severity.html",
        one=one,
        sent=sent,
        severities=SEVERITIES,
        may=covers(current_actor(), May.CHOOSE_SETTINGS, None),
        changes=[_told(change) for change in queries.history_of(SEVERITY + one.id)],
    )
    return page, sent.status


def _told(change: PolicyChange) -> dict[str, object]:
    text = SEVERITIES.get(str(change.value))
    value = f"{change.value} {text.in_(current_language())}" if text else ""
    title = _("改为 %(value)s", value=value) if text else _("恢复默认")
    return {"title": title, "at": change.at, "who": change.actor_name, "why": change.why}
