"""What every template can use, and the pages that belong to no room."""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from flask import (
    Blueprint,
    Flask,
    g,
    get_flashed_messages,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from jinja2 import StrictUndefined

from audit.core import clock
from audit.core.actors import SCANNER, May
from audit.core.errors import NotFound
from audit.core.language import COOKIE, LANGUAGES, current_language, html_lang
from audit.core.settings import settings

from . import addresses
from .access import find_current_actor, public
from .assets import static_url
from .security import csp_nonce

bp = Blueprint("web", __name__)
THEMES = ("auto", "light", "dark", "contrast")
SIZES = ("normal", "large")
YEAR = 365 * 24 * 3600
LONGEST_PATH = 2000
UNPRINTED = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}


@dataclass(frozen=True)
class NavItem:
    """An entry of the main menu; shown to those who may do one of `needs`. It stands for its own
    blueprint and for those in `also`."""

    endpoint: str
    label: object
    needs: tuple[May, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownNavItem:
    url: str
    label: str
    current: bool


@bp.get("/language/<any(zh, en):code>")
@public
def language(code: str) -> ResponseReturnValue:
    """Remember the language and go back to where the person was."""
    return _remember(COOKIE, code, LANGUAGES)


@bp.post("/preferences")
@public
def preferences() -> ResponseReturnValue:
    """Remember the theme and the size of text."""
    answer = _remember("theme", request.form.get("theme", "auto"), THEMES)
    size = request.form.get("text", "normal")
    if size in SIZES:
        _set_cookie(answer, "text", size)
    return answer


@bp.get("/gallery")
@public
def gallery() -> str:
    """Every component in every state, for designers and for the accessibility tests. No part of
    the product: only where a setting asks for it."""
    if not settings().show_gallery:
        raise NotFound
    return render_template("gallery.html")


@bp.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("web/accessibility.html")


@bp.get("/help")
@public
def help_page() -> str:
    return render_template("web/help.html")


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    return {"status": "ok"}


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """Browsers ask for it wherever a page names no icon of its own, as a photo's or a file's."""
    return redirect(static_url("img/icon.svg"), 303)


def safe_next(target: str | None) -> str:
    """A path of ours to go on to. Anything else leads home."""
    return target if target and is_ours(target) else url_for("desk.start")


def is_ours(target: str) -> bool:
    """Whether every browser reads it as a path on this site.

    One slash, then neither slash, backslash nor control character: browsers read `//host`,
    `/\\host` and `/<tab>/host` as another site.
    """
    if not target.startswith("/") or target[1:2] == "/" or len(target) > LONGEST_PATH:
        return False
    return not any(sign == "\\" or unicodedata.category(sign) in UNPRINTED for sign in target)


def here_again() -> str:
    """The address of this page, to come back to; empty after a post, where it is not ours, and
    where the address itself is a secret (`g.secret_address`)."""
    plain = request.method == "GET" and not g.get("secret_address", False)
    here = request.full_path.rstrip("?") if plain else ""
    return here if is_ours(here) else ""


def _remember(name: str, value: str, allowed: tuple[str, ...]) -> ResponseReturnValue:
    answer = redirect(safe_next(request.values.get("next")), 303)
    if value in allowed:
        _set_cookie(answer, name, value)
    return answer


def _set_cookie(answer: ResponseReturnValue, name: str, value: str) -> None:
    answer.set_cookie(  # type: ignore[union-attr]
        name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
    )


def _shown_nav(app: Flask) -> list[ShownNavItem]:
    actor = find_current_actor()
    items: list[NavItem] = app.config["NAV"]
    if actor is None or g.get("must_change_password"):
        return []
    here = (request.endpoint or "").split(".")[0]
    return [
        ShownNavItem(
            url_for(item.endpoint),
            str(item.label),
            here in {item.endpoint.split(".")[0], *item.also},
        )
        for item in items
        if not item.needs or any(actor.may(what) for what in item.needs)
    ]


def who(actor_id: object, name: str) -> str:
    """A person by name; what the product does by itself, by what of it did so."""
    if actor_id is not None:
        return name
    return str(_("扫描程序") if name == SCANNER.name else _("系统"))


def local_date(moment: datetime | None) -> str:
    return clock.here(moment).strftime("%Y-%m-%d") if moment else ""


def local_time(moment: datetime | None) -> str:
    return clock.here(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def init_app(app: Flask, nav: list[NavItem]) -> None:
    app.config["NAV"] = nav
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(
        static_url=static_url,
        csp_nonce=csp_nonce,
        now=clock.now,
        today=clock.today,
        May=May,
        here_again=here_again,
        who=who,
    )
    app.jinja_env.filters.update(local_date=local_date, local_time=local_time)
    addresses.init_app(app)
    app.register_blueprint(bp)

    @app.before_request
    def number_request() -> None:
        g.request_id = secrets.token_hex(6)

    @app.context_processor
    def shared() -> dict[str, object]:
        return {
            "lang": html_lang(),
            "language": current_language(),
            "actor": find_current_actor(),
            "nav_items": _shown_nav(app),
            "flashes": get_flashed_messages(with_categories=True),
            "city": _city(),
            "site": _addresses(),
            "theme": _cookie("theme", THEMES),
            "text_size": _cookie("text", SIZES),
            "settings": settings(),
            "product": _("坦途"),
            "request_id": g.get("request_id", ""),
        }


def _city() -> str:
    chosen = settings()
    return chosen.city_name_en if current_language() == "en" else chosen.city_name


def _addresses() -> dict[str, str]:
    """The pages that every page links to."""
    return {
        "home": url_for("desk.start"),
        "preferences": url_for("web.preferences"),
        "language": "/language",
        "inbox": url_for("notices.index"),
        "account": url_for("accounts.password"),
        "sign_in": url_for("accounts.login"),
        "sign_out": url_for("accounts.logout"),
        "accessibility": url_for("web.accessibility"),
        "help": url_for("web.help_page"),
        "standards": url_for("standards.index"),
    }


def _cookie(name: str, allowed: tuple[str, ...]) -> str:
    value = request.cookies.get(name, allowed[0])
    return value if value in allowed else allowed[0]
