"""Why something did not leave, in plain words and what to do: read from what a server said."""

import re
from collections.abc import Mapping

from audit.core.text import Text

from .choosing import Channel

NOWHERE = "no address to send to"  # said by ourselves
UNKNOWN = Text("原因不明，请看服务器的话。", "The reason is unknown: see the server's words.")
# The first that fits holds. What servers say differs; these beginnings are ours or in RFC 5321.
COMMON: tuple[tuple[str, Text], ...] = (
    (NOWHERE, Text("没有可以用的地址，或者账号已停用。请本人在“通知方式”里填好。",
                   "There is no usable address, or the account is closed. Its owner fills it in "
                   "under Messages.")),
    ("no mail server|no gateway", Text(
        "没有设置发送用的服务器。请在服务器的配置里填好。",
        "No server to send with is set. Fill it in in the server's configuration.")),
    ("TANTU_", Text("发送的配置写错了。请改服务器的配置。",
                    "The configuration for sending is wrong. Mend it on the server.")),
    ("refused: ", Text(
        "不让连接这个地址。内网地址要写进 TANTU_NOTICE_ALLOW。",
        "This address may not be dialled. Private ones must stand in TANTU_NOTICE_ALLOW.")),
    ("SSL|ssl|certificate", Text(
        "加密连接没有建立起来。请检查证书和加密方式。",
        "No encrypted connection came about. Check the certificate and the kind of encryption.")),
    (r"no connection|no answer|\w*(Connection|Timeout|gaierror|OSError|Disconnected)", Text(
        "连不上发送用的服务器，或者它没有回答。请检查地址、端口和网络。",
        "The server to send with cannot be reached or does not answer. Check address, port and "
        "network.")),
)  # fmt: skip
OWN: Mapping[Channel, tuple[tuple[str, Text], ...]] = {
    Channel.MAIL: (
        (r"53[0458] ", Text(
            "发信服务器不认用户名或密码。请改服务器的配置。",
            "The mail server does not accept user name or password. Mend the configuration.")),
        (r"5\d\d ", Text(
            "邮件服务器拒收，再试也没有用。多半是邮箱写错了或不存在，请本人核对。",
            "The mail server refuses for good. Most often the address is wrong or gone: ask its "
            "owner.")),
        (r"4\d\d ", Text(
            "邮件服务器说现在不收，试了多次都一样。过一阵再重试。",
            "The mail server says not now, and did at every try. Try again after a while.")),
    ),
    Channel.SMS: (
        (r"2\d\d ", Text(
            "短信网关收到了，但没有说成功。请照网关的说明查它的话，核对号码、余额和模板。",
            "The gateway took it but did not report success. Look up its words in its manual; "
            "check number, credit and template.")),
        (r"40[13] ", Text("短信网关不认密钥。请改服务器的配置。",
                          "The gateway does not accept the key. Mend the configuration.")),
        (r"\d\d\d ", Text(
            "短信网关回答出错。请看它的话，或问提供网关的公司。",
            "The gateway answers with an error. See its words, or ask whoever runs it.")),
    ),
}  # fmt: skip


def why_not_sent(channel: Channel, error: str) -> Text:
    """`error`: as a delivery keeps it."""
    for pattern, words in (*COMMON, *OWN[channel]):
        if re.match(pattern, error):
            return words
    return UNKNOWN
