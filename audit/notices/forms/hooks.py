"""The registration of another system, as it is typed."""

from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from audit.browser.addresses import (
    AddressRefused,
    check_url,
    host_and_port,
    parse_allowances,
)
from audit.core.errors import NotFound
from audit.core.settings import settings
from audit.districts.queries import responsible_districts
from audit.web.fields import one_line

from ..rules import LONGEST_URL, HookTopic


@dataclass
class TypedHook:
    """`districts` None: all of them."""

    id: UUID
    url: str = ""
    topics: list[str] = field(default_factory=list)
    districts: list[str] | None = None
    problems: dict[str, str] = field(default_factory=dict)


def parse_hook(sent: MultiDict[str, str]) -> TypedHook:
    try:
        typed = TypedHook(UUID(sent.get("id", "")), one_line(sent.get("url", "")))
    except ValueError:
        raise NotFound from None
    known, codes = set(HookTopic), {one.code for one in responsible_districts()}
    typed.topics = [one for one in sent.getlist("topic") if one in known]
    typed.districts = [one for one in sent.getlist("district") if one in codes] or None
    if not typed.topics:
        typed.problems["topic"] = _("请至少选一项。")
    problem = _url_problem(typed.url)
    if problem:
        typed.problems["url"] = problem
    return typed


def _url_problem(url: str) -> str:
    if len(url) > LONGEST_URL:
        return str(_("太长了，最多 %(most)s 个字。", most=LONGEST_URL))
    try:
        host, port = host_and_port(check_url(url))
    except AddressRefused:
        return str(_("这不是可以推送的网址。请填如 https://system.example.gov.cn/hook 的地址。"))
    allowed = any(one.admits(host, port) for one in parse_allowances(settings().notice_allow))
    if not url.startswith("https://") and not allowed:
        return str(_("请填 https 开头的地址；内网地址要先由管理服务器的人允许。"))
    return ""
