from http import HTTPStatus
from uuid import UUID

from flask import (
    Blueprint,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import transaction
from audit.core.errors import Invalid, TooManyTries
from audit.web.access import current_actor, public, signed_in
from audit.web.pages import safe_next

from .. import actions, queries
from ..forms import FirstPasswordForm, LoginForm, PasswordForm
from ..models import User
from .devices import attempt, remember

WRONG = lazy_gettext("登录名或密码不对。请检查大小写后再试。")
bp = Blueprint("accounts", __name__, url_prefix="/account")


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    form = LoginForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
        return render_template("accounts/login.html", form=form), status
    try:
        return _try_login(form)
    except TooManyTries as error:
        form.form_errors.append(_too_many(error.seconds))
        page = render_template("accounts/login.html", form=form)
        return page, HTTPStatus.TOO_MANY_REQUESTS, dict(error.headers)


def _try_login(form: LoginForm) -> ResponseReturnValue:
    """The try is counted before it is made, and forgiven where it was right."""
    name, keys = form.login.data, attempt(form.login.data).keys()
    actions.check_turn(keys)
    with transaction():
        actions.take_turn(keys)
    user = actions.check_password(name, form.password.data)
    if user is None:
        with transaction():
            actions.note_failure(name)
        return _refused(form, WRONG)
    if user.code_expires_at is not None and user.code_expires_at < now():
        with transaction():
            actions.forgive(keys)
        return _refused(form, _("这个一次性密码已经过期。请联系给您密码的人，重新发一个。"))
    proof = (user.password_hash, user.code_hash)
    with transaction():
        actions.forgive(keys)
        token = _token(user.id, proof)
    if not token:
        return _refused(form, WRONG)
    return _welcome(token, name, safe_next(form.next.data))


def _token(user_id: UUID, proof: tuple[str, str | None]) -> str:
    """Of a new session; "" when the account was closed or its password changed while this one
    was being checked."""
    user = queries.find_active_user(user_id)
    if user is None or (user.password_hash, user.code_hash) != proof:
        return ""
    return actions.sign_in(user)


def _refused(form: LoginForm, why: object) -> ResponseReturnValue:
    form.form_errors.append(str(why))
    return render_template("accounts/login.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY


def _welcome(token: str, name: str, target: str) -> ResponseReturnValue:
    """A fresh cookie and a fresh CSRF secret for the person now signed in."""
    session.clear()
    session["token"] = token
    answer = make_response(redirect(target, HTTPStatus.SEE_OTHER))
    remember(answer, name)
    return answer


def _too_many(seconds: int) -> str:
    """How long to wait, in words; the same whether the login exists or not."""
    wait = (
        _("%(count)s 秒", count=seconds)
        if seconds <= 90
        else _("%(count)s 分钟", count=-(-seconds // 60))
    )
    return str(_("登录失败次数太多。请等 %(wait)s再试，或请管理员重发一次性密码。", wait=wait))


@bp.post("/logout")
@signed_in
def logout() -> ResponseReturnValue:
    with transaction():
        actions.sign_out(session.get("token", ""), current_actor())
    session.clear()
    answer = redirect(url_for("accounts.login"), HTTPStatus.SEE_OTHER)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@bp.route("/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """One's own password. Who came with a code has just shown it, and is not asked again."""
    first = g.get("must_change_password", False)
    form = FirstPasswordForm() if first else PasswordForm()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    actor = current_actor()
    if form.validate_on_submit() and (first or _knows_the_old_one(form, actor)):
        token = _change(form, actor)
        if token:
            flash(_("密码已保存。其他设备都已退出登录。"), "success")
            return _welcome(token, actor.login, url_for("desk.start"))
    return render_template("accounts/password.html", form=form, first=first), status


def _knows_the_old_one(form: PasswordForm, actor: Actor) -> bool:
    """Whoever found an open session may not guess at the password by it."""
    keys = actions.change_keys(_user_of(actor))
    try:
        with transaction():
            actions.take_turn(keys)
    except TooManyTries as error:
        form.form_errors.append(_too_many(error.seconds))
        return False
    if actions.check_password(actor.login, form.current.data) is None:
        with transaction():
            actions.note_failure(actor.login)
        form.current.errors = [_("现在的密码不对。")]
        return False
    with transaction():
        actions.forgive(keys)
    return True


def _change(form: PasswordForm | FirstPasswordForm, actor: Actor) -> str:
    """The token of a fresh session; "" for a poor password, which the form then says."""
    try:
        with transaction():
            user = _user_of(actor)
            actions.change_password(user, form.password.data, actor)
            return actions.sign_in(user)
    except Invalid as error:
        form.password.errors = [str(error.problems["password"])]
        return ""


def _user_of(actor: Actor) -> User:
    user = queries.find_user(actor.login)
    assert user is not None  # noqa: S101 -- signed in
    return user
