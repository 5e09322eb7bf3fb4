"""Clauses and lists on screen: what is asked, since when, and how sure we are of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.rules import covers
from audit.checklists.loader import (
    UnknownChecklist,
    all_checklists,
    editions_of,
    get_checklist,
)
from audit.checklists.rules import Checklist, limit_in_words
from audit.checklists.rules.comparing import compare
from audit.checklists.rules.confirming import Doubt, doubts_of, items_in_doubt, with_confirmed
from audit.core.actors import May
from audit.core.db import db, transaction
from audit.core.errors import NotFound
from audit.core.ids import new_id
from audit.core.language import current_language
from audit.core.text import Text
from audit.editions.queries import edition_in_force, editions_in_force, standings
from audit.findings.actions import mark_clauses
from audit.web.access import current_actor, needs, signed_in
from audit.web.fields import one_line, paragraphs

from . import actions, queries
from .rules import clauses_in_words, instruments

bp = Blueprint("standards", __name__, url_prefix="/standards")
LONGEST_PAGE, LONGEST_NOTE = 40, 500


@bp.app_template_global()
def clause_words(text: str) -> str:
    """Clauses by the names of their standards, in the language of the page."""
    return clauses_in_words(text).in_(current_language())


@dataclass
class Clause:
    """A clause that lists cite and nobody here has seen, with all that rests on it."""

    text: str
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.doubts[0].key


@bp.get("/")
@signed_in
def index() -> str:
    confirmed = queries.confirmed_keys()
    standing = {one.checklist_id: one for one in standings()}
    return render_template(
        "standards/index.html",
        checklists=_lists(),
        editions={one.id: editions_of(one.id) for one in all_checklists()},
        standing=standing,
        decides=covers(current_actor(), May.DECIDE_EDITION, None),
        confirms=covers(current_actor(), May.CONFIRM_CLAUSE, None),
        clauses=_clauses(confirmed),
        confirmations=queries.confirmations(),
        instruments=instruments().values(),
    )


@bp.get("/lists/<string(maxlength=80):checklist_id>")
@signed_in
def show_list(checklist_id: str) -> str:
    """Every item of a list; beside another edition, what differs from it."""
    edition = request.args.get("edition") or _edition_in_force(checklist_id)
    told = _list(checklist_id, edition)
    other = request.args.get("against", "")
    against = _list(checklist_id, other) if other else None
    checklist = with_confirmed(told, queries.confirmed_keys())
    return render_template(
        "standards/list.html",
        checklist=checklist,
        editions=editions_of(checklist_id),
        in_force=_edition_in_force(checklist_id),
        other=other,
        comparison=compare(against, told) if against else None,
        in_doubt={one.item.id for one in doubts_of(checklist)},
        limits=_all_limits(told),
        limits_before=_all_limits(against) if against else {},
    )


@bp.route("/clauses/<string(length=32):key>", methods=["GET", "POST"])
@needs(May.CONFIRM_CLAUSE)
def confirm(key: str) -> ResponseReturnValue:
    """With the printed standard before one: it asks for just what is shown here."""
    clause = next((one for one in _clauses(queries.confirmed_keys()) if one.key == key), None)
    if clause is None:
        raise NotFound
    typed = {name: request.form.get(name, "") for name in ("page", "note", "sure")}
    problems = _problems(typed) if request.method == "POST" else {}
    if request.method == "GET" or problems:
        page = render_template(
            "standards/confirm.html", clause=clause, typed=typed, problems=problems
        )
        return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    with transaction():
        made = actions.confirm_clause(
            new_id(),
            clause.text,
            [one.key for one in clause.doubts],
            one_line(typed["page"]),
            paragraphs(typed["note"]),
            current_actor(),
        )
        settled = {one.item.id for one in clause.doubts} - _items_in_doubt()
        mark_clauses(
            settled, current_actor(), unverified=False, why=clauses_in_words(made.clause).zh
        )
    flash(
        _("已核实：%(clause)s。今后的判定不再标“条文待核”。", clause=clause_words(clause.text)),
        "success",
    )
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


@bp.post("/confirmations/<uuid:confirmation_id>/withdraw")
@needs(May.CONFIRM_CLAUSE)
def withdraw(confirmation_id: UUID) -> ResponseReturnValue:
    why = paragraphs(request.form.get("why", ""))[:LONGEST_NOTE]
    if not why:
        flash(_("没有撤回：请写明原因。"), "error")
        return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)
    with transaction():
        made = queries.get_confirmation(confirmation_id)
        actions.withdraw_confirmation(made, why, current_actor())
        db.session.flush()
        keys = set(made.keys)
        rest_on_it = {one.item.id for one in _doubts() if one.key in keys}
        mark_clauses(rest_on_it, current_actor(), unverified=True, why=why)
    flash(_("已撤回，这一条重新标为“条文待核”。"), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _all_limits(checklist: Checklist) -> dict[str, list[Text]]:
    """By item what decides; not the rules of older works, which inform alone."""
    return {
        item.id: [
            limit_in_words(one, item, checklist) for one in item.limits if not one.is_of_its_time
        ]
        for item in checklist.items
    }


def _lists() -> list[Checklist]:
    """Of every list the edition in force; of one that is retired the newest."""
    return [get_checklist(name, edition) for name, edition in editions_in_force().items()]


def _edition_in_force(checklist_id: str) -> str | None:
    try:
        return edition_in_force(checklist_id)
    except UnknownChecklist as error:
        raise NotFound from error


def _list(checklist_id: str, edition: str | None) -> Checklist:
    try:
        return get_checklist(checklist_id, edition or None)
    except UnknownChecklist as error:
        raise NotFound from error


def _clauses(confirmed: frozenset[str]) -> list[Clause]:
    """In the order of the lists; what is confirmed is left out."""
    found: dict[str, Clause] = {}
    for one in _doubts():
        if one.key not in confirmed:
            found.setdefault(one.clause, Clause(one.clause)).doubts.append(one)
    return list(found.values())


def _items_in_doubt() -> frozenset[str]:
    confirmed = queries.confirmed_keys()
    return items_in_doubt(with_confirmed(one, confirmed) for one in _lists())


def _doubts() -> Iterable[Doubt]:
    """Of the editions in force and of the newest ones; what both ask, once."""
    seen: set[str] = set()
    shown = {(one.id, one.edition): one for one in (*_lists(), *all_checklists())}
    for checklist in shown.values():
        for one in doubts_of(checklist):
            if one.key not in seen:
                seen.add(one.key)
                yield one


def _problems(typed: dict[str, str]) -> dict[str, str]:
    problems = {}
    page = one_line(typed["page"])
    if not page or len(page) > LONGEST_PAGE:
        problems["page"] = _("请写明在标准的第几页，别人要能找到。")
    if len(paragraphs(typed["note"])) > LONGEST_NOTE:
        problems["note"] = _("太长了，最多 %(most)s 个字。", most=LONGEST_NOTE)
    if typed["sure"] != "yes":
        problems["sure"] = _("请对照标准原文，确认每一条都一致。")
    return problems
