from http import HTTPStatus

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.db import transaction
from audit.core.errors import Invalid
from audit.web.access import current_actor, public, signed_in
from audit.web.pages import safe_next

from .. import actions
from ..forms import LoginForm, PasswordForm

bp = Blueprint("accounts", __name__, url_prefix="/account")


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    form = LoginForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
        return render_template("accounts/login.html", form=form), status
    return _try_login(form)


def _try_login(form: LoginForm) -> ResponseReturnValue:
    name = form.login.data
    if actions.too_many_tries(name):
        form.form_errors.append(_too_many())
        return render_template("accounts/login.html", form=form), HTTPStatus.TOO_MANY_REQUESTS
    user = actions.check_password(name, form.password.data)
    if user is None:
        with transaction():
            actions.note_failure(name)
        form.form_errors.append(_("登录名或密码不对。请检查大小写后再试。"))
        return render_template("accounts/login.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction():
        token = actions.sign_in(user)
    session.clear()  # a fresh cookie and a fresh CSRF secret for the person now signed in
    session["token"] = token
    return redirect(safe_next(form.next.data), HTTPStatus.SEE_OTHER)


def _too_many() -> str:
    return str(_("登录失败次数太多。请过五分钟再试，或请管理员重设密码。"))


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
    form = PasswordForm()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    if form.validate_on_submit() and _change(form):
        flash(_("密码已更改，请用新密码重新登录。"), "success")
        return redirect(url_for("accounts.login"), HTTPStatus.SEE_OTHER)
    first = g.get("must_change_password", False)
    return render_template("accounts/password.html", form=form, first=first), status


def _change(form: PasswordForm) -> bool:
    actor = current_actor()
    if actions.too_many_tries(actor.login):
        form.form_errors.append(_too_many())
        return False
    user = actions.check_password(actor.login, form.current.data)
    if user is None:
        with transaction():
            actions.note_failure(actor.login)
        form.current.errors = [_("现在的密码不对。")]
        return False
    try:
        with transaction():
            actions.change_password(user, form.password.data, actor)
    except Invalid as error:
        form.password.errors = [str(error.problems["password"])]
        return False
    session.clear()
    return True
