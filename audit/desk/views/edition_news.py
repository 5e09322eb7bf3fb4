"""What waits for those who decide which edition of a list is in force."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from audit.accounts.rules import covers
from audit.checklists.loader import get_checklist
from audit.core.actors import Actor, May
from audit.core.language import current_language
from audit.editions.queries import Standing, standings
from audit.editions.rules import is_second_person


@dataclass(frozen=True)
class News:
    title: str
    url: str
    note: str
    icon: str = "clipboard"


def edition_news(actor: Actor) -> list[News]:
    """Proposals of others, and newer editions that came with the software."""
    if not covers(actor, May.DECIDE_EDITION, None):
        return []
    notes = [(one, _note(one, actor)) for one in standings()]
    return [_news(one, note) for one, note in notes if note]


def _news(one: Standing, note: str) -> News:
    title = get_checklist(one.checklist_id, one.in_force).title.in_(current_language())
    return News(title, url_for("editions.show", checklist_id=one.checklist_id), note)


def _note(one: Standing, actor: Actor) -> str:
    if one.waiting is not None and is_second_person(one.waiting.proposed_by_id, actor.id):
        return str(_("%(who)s 的提议等待另一个人发布。", who=one.waiting.proposed_by_name))
    if one.is_overtaken:
        told = _("软件带来了版本 %(new)s，施行的仍是 %(old)s。", new=one.newest, old=one.in_force)
        return str(told)
    return ""
