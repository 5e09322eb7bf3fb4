from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.accounts.rules import covers
from audit.core.actors import May
from audit.core.db import transaction
from audit.core.errors import NotAllowed, NotFound
from audit.core.language import current_language
from audit.core.settings import Settings, settings
from audit.web.access import current_actor, needs
from audit.web.reasons import Sent

from .. import actions, queries
from ..forms import kind_of, read_value
from ..rules import CHOICES, GROUPS, Value

bp = Blueprint("policy", __name__, url_prefix="/settings")
NAME = "<string(maxlength=40):name>"


@bp.get("/")
@needs(May.SEE_SETTINGS)
def index() -> str:
    actor, chosen, holding = current_actor(), queries.latest(), settings()
    return render_template(
        "policy/index.html",
        groups=GROUPS,
        choices=CHOICES,
        shown={name: shown(name, getattr(holding, name)) for name in CHOICES},
        origin={name: _origin(name, chosen.get(name)) for name in CHOICES},
        may={name: covers(actor, one.may, None) for name, one in CHOICES.items()},
    )


@bp.get(f"/{NAME}")
@needs(May.SEE_SETTINGS)
def show(name: str) -> ResponseReturnValue:
    value = _typed(name, getattr(settings(), _known(name)))
    return _page(name, Sent({"value": value, "why": ""}))


@bp.post(f"/{NAME}")
@needs(May.CHOOSE_SETTINGS, May.CHOOSE_SECURITY)
def choose(name: str) -> ResponseReturnValue:
    """Choose a value, or the default again; with a reason."""
    actor, sent = current_actor(), Sent.of(request.form, "value")
    if not covers(actor, CHOICES[_known(name)].may, None):
        raise NotAllowed
    value: Value | None = None
    if request.form.get("action") != "default":
        value, problem = read_value(name, sent.typed["value"])
        if problem:
            sent.problems["value"] = problem
    if sent.problems:
        return _page(name, sent)
    with transaction():
        actions.choose(name, value, sent.why, actor)
    flash(_("设置已更改，马上生效。"), "success")
    return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)


def _known(name: str) -> str:
    if name not in CHOICES:
        raise NotFound
    return name


def _page(name: str, sent: Sent) -> ResponseReturnValue:
    one = CHOICES[_known(name)]
    page = render_template(
        "policy/show.html",
        name=name,
        one=one,
        kind=kind_of(name),
        sent=sent,
        default=shown(name, _default(name)),
        may=covers(current_actor(), one.may, None),
        changes=[
            {
                "title": _("改为 %(value)s", value=shown(name, change.value))
                if change.value is not None
                else _("恢复默认"),
                "at": change.at,
                "who": change.actor_name,
                "why": change.why,
            }
            for change in queries.history_of(name)
        ],
    )
    return page, sent.status


def shown(name: str, value: object) -> str:
    """The value in words, with its unit."""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if value is None or value == "":
        return str(_("没有填"))
    unit = CHOICES[name].unit
    if unit and isinstance(value, int | float):
        return unit.after(value, current_language())
    return f"{value:g}" if isinstance(value, float) else str(value)


def _typed(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _default(name: str) -> object:
    """What holds where nobody chose: the server's own setting, or the shipped one."""
    return getattr(current_app.config["SETTINGS"], name)


def _origin(name: str, change: object) -> str:
    value = getattr(change, "value", None)
    if value is not None:
        return str(_("%(who)s 选定", who=change.actor_name))  # type: ignore[attr-defined]
    shipped = Settings.model_fields[name].default
    return str(_("本系统建议值") if _default(name) == shipped else _("由服务器配置"))
