from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from audit.web.fields import one_line

REQUIRED = _("这一项必须填写。")


class LoginForm(FlaskForm):
    login = StringField(
        _("登录名"),
        [InputRequired(REQUIRED), Length(max=60)],
        filters=[lambda text: one_line(text or "")],
    )
    password = PasswordField(_("密码"), [InputRequired(REQUIRED), Length(max=200)])
    next = HiddenField()


class PasswordForm(FlaskForm):
    current = PasswordField(_("现在的密码"), [InputRequired(REQUIRED), Length(max=200)])
    password = PasswordField(_("新密码"), [InputRequired(REQUIRED), Length(max=200)])
    again = PasswordField(
        _("再输一次新密码"),
        [InputRequired(REQUIRED), EqualTo("password", _("两次输入的新密码不一样。"))],
    )


class FirstPasswordForm(PasswordForm):
    current = None
