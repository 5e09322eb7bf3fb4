"""How a finding is dealt with, in words: the table of its life for anybody who is signed in."""

from flask import Blueprint, render_template

from audit.accounts.rules import ROLES
from audit.core.language import current_language
from audit.core.text import Text
from audit.web.access import signed_in

from ..rules import STATES, Step
from ..rules.telling import NEEDS, RULES, moves_from, steps_beside, who_may

bp = Blueprint("life", __name__, url_prefix="/findings")


@bp.get("/life")
@signed_in
def show() -> str:
    return render_template(
        "findings/life.html",
        states=[(state, words, moves_from(state)) for state, words in STATES.items()],
        beside=steps_beside(),
        names=STATES,
        who=who_words,
        asks=asks_words,
        besides=RULES,
    )


def who_words(step: Step) -> str:
    return _listed([ROLES[role] for role in who_may(step)])


def asks_words(step: Step) -> str:
    return _listed([NEEDS[need] for need in step.needs])


def _listed(texts: list[Text]) -> str:
    language = current_language()
    return {"en": ", "}.get(language, "、").join(one.in_(language) for one in texts)
