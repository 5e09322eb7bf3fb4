"""Every view says who may open it; a view that does not say so cannot be served.

    @public                     anyone
    @signed_in                  anyone with an account
    @needs(May.INSPECT)         anyone whose roles allow it, in some district; what touches every
                                district (`CITY_WIDE`) only where it is held for the whole city

Which object of which district is the query's business: a mark never looks at an id.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from audit.core.actors import CITY_WIDE, Actor, May
from audit.core.errors import NotAllowed, NotSignedIn

from .errors import wants_json

PASSWORD_FIRST = _("请先设置您自己的密码。")
View = TypeVar("View", bound=Callable[..., Any])
# What somebody reaches who must set a password first: to do so, to leave, to read and to see.
FREE_BEFORE_PASSWORD_CHANGE = {
    "accounts.password", "accounts.logout", "web.language", "web.preferences", "web.help_page",
    "web.accessibility", "web.healthz", "web.favicon", "static",
}  # fmt: skip


@dataclass(frozen=True)
class Access:
    public: bool = False
    needs: tuple[May, ...] = ()


def public(view: View) -> View:
    return _mark(view, Access(public=True))


def signed_in(view: View) -> View:
    return _mark(view, Access())


def needs(*what: May) -> Callable[[View], View]:
    """Any one of `what` opens the view."""
    return lambda view: _mark(view, Access(needs=what))


def _mark(view: View, access: Access) -> View:
    view.__access__ = access  # type: ignore[attr-defined]
    return view


def access_of(app: Flask, endpoint: str) -> Access | None:
    return getattr(app.view_functions[endpoint], "__access__", None)


def current_actor() -> Actor:
    """The person of this request. Raises `NotAllowed` when nobody is signed in."""
    actor = find_current_actor()
    if actor is None:
        raise NotAllowed
    return actor


def find_current_actor() -> Actor | None:
    return getattr(g, "actor", None)


def init_app(app: Flask) -> None:
    @app.before_request
    def check() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # no such page: the error page says so
        access = access_of(app, request.endpoint)
        if access is None:
            raise RuntimeError(f"{request.endpoint} has no access mark")
        return _refuse(access)


def check_marks(app: Flask) -> None:
    """Refuse to start when a view carries no mark."""
    bare = [rule.endpoint for rule in app.url_map.iter_rules() if not access_of(app, rule.endpoint)]
    if bare:
        raise RuntimeError(f"views without an access mark: {sorted(set(bare))}")


def _sign_in_first() -> ResponseReturnValue:
    """A script that followed the way to the sign-in page would take that page for its answer."""
    if wants_json():
        raise NotSignedIn
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.login", next=here), HTTPStatus.SEE_OTHER)


def _refuse(access: Access) -> ResponseReturnValue | None:
    actor = find_current_actor()
    if g.get("must_change_password") and request.endpoint not in FREE_BEFORE_PASSWORD_CHANGE:
        if wants_json():
            raise NotAllowed(PASSWORD_FIRST)
        return redirect(url_for("accounts.password"), HTTPStatus.SEE_OTHER)
    if access.public:
        return None
    if actor is None:
        return _sign_in_first()
    if access.needs and not any(_opens(actor, what) for what in access.needs):
        raise NotAllowed
    return None


def _opens(actor: Actor, what: May) -> bool:
    return actor.may(what) and (what not in CITY_WIDE or actor.districts_for(what) is None)
