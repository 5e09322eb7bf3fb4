"""The one place where what went wrong becomes a page (or JSON for a caller of the API)."""

import logging
from http import HTTPStatus

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from audit.core.db import db, plain_error
from audit.core.errors import AuditError, Conflict, NotFound
from audit.core.language import html_lang

log = logging.getLogger(__name__)

TITLES: dict[int, object] = {
    400: _("请求有误"),
    401: _("需要登录"),
    403: _("没有权限"),
    404: _("没有找到"),
    405: _("不能这样打开"),
    409: _("内容已变化"),
    413: _("内容太大"),
    415: _("文件格式不符"),
    422: _("需要修改"),
    429: _("操作太频繁"),
    500: _("系统出错"),
    503: _("系统正忙"),
    507: _("存储空间不足"),
}
ADVICE: dict[int, object] = {
    400: _("这个请求无法处理。请返回上一页检查后再试。"),
    405: _("这个地址不能这样打开。请从菜单重新进入。"),
    413: _("发送的内容太大。请减少照片数量或缩小照片后再发送。"),
    429: _("操作太频繁。请过几分钟再试。"),
    500: _("系统出了错，我们已经记录下来。请稍后再试；若仍不行，请把下面的编号告诉管理员。"),
}
STALE_FORM = _(
    "这个页面打开太久，安全标记已失效。请返回上一页，刷新后再提交；已填写的内容仍在上一页里。"
)


def error_answer(status: int, message: object) -> Response:
    title = str(TITLES.get(status, TITLES[400]))
    if wants_json():
        body = {
            "status": status,
            "title": title,
            "detail": str(message),
            "request_id": g.get("request_id", ""),
        }
        answer = make_response(jsonify(body), status)
        answer.content_type = "application/problem+json"
        return answer
    return make_response(_page(status, title, message), status)


PLAIN = Markup(
    '<!doctype html><html lang="{lang}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>{title}</title><main><h1>{title}</h1><p>{message}</p></main>"
)


def _page(status: int, title: str, message: object) -> str:
    try:
        return render_template("errors/error.html", status=status, title=title, message=message)
    except Exception:  # what is broken may be what every page needs, its host's name for one
        log.exception("the error page failed as well")
        return PLAIN.format(lang=html_lang(), title=title, message=message)


def wants_json() -> bool:
    """Whether the caller asked for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return best == "application/json"


def init_app(app: Flask) -> None:
    app.register_error_handler(AuditError, _on_audit_error)
    app.register_error_handler(CSRFError, _on_csrf)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(IntegrityError, _on_integrity)
    app.register_error_handler(OperationalError, _on_operational)
    app.register_error_handler(Exception, _on_anything)


def _on_audit_error(error: AuditError) -> Response:
    answer = error_answer(error.status, error.message)
    answer.headers.update(error.headers)
    return answer


def _on_csrf(_error: CSRFError) -> Response:
    return error_answer(HTTPStatus.BAD_REQUEST, STALE_FORM)


def _on_http(error: HTTPException) -> Response:
    status = error.code or 500
    message = (
        NotFound.message if status == HTTPStatus.NOT_FOUND else ADVICE.get(status, ADVICE[400])
    )
    answer = error_answer(status, message)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _on_integrity(error: IntegrityError) -> Response:
    """Somebody else was first with the same thing; any other broken constraint is our fault."""
    if "unique" not in str(error.orig).lower():
        return _on_anything(error)
    db.session.rollback()
    log.warning("refused by a constraint: %s", error.orig)
    return error_answer(Conflict.status, Conflict.message)


def _on_operational(error: OperationalError) -> Response:
    db.session.rollback()
    plain = plain_error(error)
    return _on_audit_error(plain) if plain is not None else _on_anything(error)


def _on_anything(error: Exception) -> Response:
    db.session.rollback()
    log.exception("unexpected error in request %s", g.get("request_id"), exc_info=error)
    return error_answer(500, ADVICE[500])
