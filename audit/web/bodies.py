"""What a request may carry: how much, and no signs that nobody can type."""

import re

from flask import Flask, current_app, g, request
from flask_babel import lazy_gettext as _

from audit.core.errors import AuditError, NotFound

from .access import find_current_actor

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
NOT_TYPED = _("内容里有不能保存的控制字符。请返回上一页，删去从别处粘贴来的文字，改用键盘输入。")


def init_app(app: Flask) -> None:
    """After the one who asks is known, and before anybody reads the form."""
    app.before_request(limit_length)
    app.before_request(refuse_control_signs)


def limit_length() -> None:
    """Pictures come in many parts from people with an account, or with an open link
    (`g.sends_pictures`); everything else is short.

    Werkzeug holds no limit of form memory against a body that is not in parts.
    """
    sender = find_current_actor() is not None or g.get("sends_pictures", False)
    if request.mimetype != "multipart/form-data" or not sender:
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def refuse_control_signs() -> None:
    """In an address none has a meaning; PostgreSQL keeps no NUL, which would be a server error.

    In a form the other ones come with text pasted from elsewhere, and are left out when it is
    read (`fields`).
    """
    if CONTROL.search(request.path):
        raise NotFound
    asked = [text for pair in request.args.items(multi=True) for text in pair]
    typed = [text for pair in request.form.items(multi=True) for text in pair]
    if any(CONTROL.search(text) for text in asked) or any("\0" in text for text in typed):
        raise AuditError(NOT_TYPED)
