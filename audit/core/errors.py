"""Everything that can go wrong for a person, as one tree.

Queries and actions raise these; `audit.web.errors` turns them into a page, once, at the edge.
A message says what happened and what to do; it is translated when it is shown.
"""

from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import ClassVar

from flask_babel import lazy_gettext as _


class AuditError(Exception):
    """The root. `status` is the HTTP status of the answer, `headers` what goes with it."""

    status = HTTPStatus.BAD_REQUEST
    headers: ClassVar[Mapping[str, str]] = {}
    message: object = _("这个请求无法处理。请返回上一页检查后再试。")

    def __init__(self, message: object | None = None) -> None:
        super().__init__(str(type(self).__name__))
        if message is not None:
            self.message = message


class NotFound(AuditError):
    """The thing does not exist, or this person may not know that it does."""

    status = HTTPStatus.NOT_FOUND
    message = _("没有找到这一页。它可能已被移动，或者不在您负责的区县内。")


class NotSignedIn(AuditError):
    """A program asks without a living session; a person is led to the sign-in page instead."""

    status = HTTPStatus.UNAUTHORIZED
    message = _("登录已经过期，或者还没有登录。请登录后再试。")


class NotAllowed(AuditError):
    """The person is known, the thing may be seen, but the act is not theirs."""

    status = HTTPStatus.FORBIDDEN
    message = _("您的账号没有做这件事的权限。如果工作需要，请联系本区县的管理员。")


class Conflict(AuditError):
    """Somebody or something else was first."""

    status = HTTPStatus.CONFLICT
    message = _("内容在您打开之后已经变化。请重新打开这一页，核对后再提交。")


class Busy(AuditError):
    """Try again in a moment; nothing was lost."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = _("系统正忙，您的内容没有保存。请过几秒再试一次。")
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "5"}


class TooManyTries(AuditError):
    """Wait so many seconds, then try again."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    message = _("试的次数太多。请过几分钟再试。")

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = ceil(seconds)
        self.headers = {"Retry-After": str(self.seconds)}  # type: ignore[misc]


class DiskFull(AuditError):
    """The database has no room to write. Nothing was saved."""

    status = HTTPStatus.INSUFFICIENT_STORAGE
    message = _("服务器的存储空间已满，您的内容没有保存。请通知管理员清理空间后再提交。")


class Invalid(AuditError):
    """What was typed cannot be accepted: `problems` maps a field's name to one sentence."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _("有几处内容需要修改，请看每处旁边的说明。")

    def __init__(self, problems: dict[str, object], message: object | None = None) -> None:
        super().__init__(message)
        self.problems = problems
