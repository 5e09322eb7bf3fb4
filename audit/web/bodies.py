"""What a request may carry: how much, and no NUL."""

from flask import Flask, current_app, request
from flask_babel import lazy_gettext as _

from audit.core.errors import AuditError, NotFound

from .access import find_current_actor

NUL = _("内容里有不能保存的控制字符。请返回上一页，删去从别处粘贴来的文字，改用键盘输入。")


def init_app(app: Flask) -> None:
    """After the one who asks is known, and before anybody reads the form."""
    app.before_request(limit_length)
    app.before_request(refuse_nul)


def limit_length() -> None:
    """Pictures come in many parts from people with an account; everything else is short.

    Werkzeug holds no limit of form memory against a body that is not in parts.
    """
    if request.mimetype != "multipart/form-data" or find_current_actor() is None:
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def refuse_nul() -> None:
    """No keyboard makes one, PostgreSQL keeps none, and in a search it would be a server error."""
    if "\0" in request.path:
        raise NotFound
    sent = (request.args, request.form)
    if any("\0" in text for part in sent for pair in part.items(multi=True) for text in pair):
        raise AuditError(NUL)
