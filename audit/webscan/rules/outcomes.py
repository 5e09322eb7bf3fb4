"""What can become of a page in a scan: a closed list, and never a silent pass."""

from enum import StrEnum

from audit.core.text import Text


class Outcome(StrEnum):
    SCANNED = "scanned"
    SCANNED_LATE = "scanned_late"
    REDIRECTED_AWAY = "redirected_away"
    DOWNLOAD = "download"
    NOT_HTML = "not_html"
    HTTP_ERROR = "http_error"
    NETWORK_ERROR = "network_error"
    TLS_ERROR = "tls_error"
    SCRIPT_HUNG = "script_hung"
    ENGINE_FAILED = "engine_failed"
    BLOCKED_BY_ROBOTS = "blocked_by_robots"
    BLOCKED_BY_GUARD = "blocked_by_guard"

    @property
    def is_scanned(self) -> bool:
        """Whether there are results; only then does an empty list mean that nothing was found."""
        return self in (Outcome.SCANNED, Outcome.SCANNED_LATE)

    @property
    def text(self) -> Text:
        return _TEXTS[self]


_TEXTS = {
    Outcome.SCANNED: Text("已扫描", "Scanned"),
    Outcome.SCANNED_LATE: Text(
        "已扫描（页面一直没有加载完，按当时的样子扫描）",
        "Scanned as it stood; the page never finished loading",
    ),
    Outcome.REDIRECTED_AWAY: Text(
        "未扫描：网址跳转到了别的网站，或者页面不停跳转",
        "Not scanned: the address leads to another site, or the page keeps moving",
    ),
    Outcome.DOWNLOAD: Text(
        "未扫描：这是一个下载文件，不是网页", "Not scanned: a file to download, not a page"
    ),
    Outcome.NOT_HTML: Text("未扫描：返回的不是网页", "Not scanned: what came back is not a page"),
    Outcome.HTTP_ERROR: Text(
        "未扫描：网站返回错误状态", "Not scanned: the site answered with an error status"
    ),
    Outcome.NETWORK_ERROR: Text(
        "未扫描：连接不上网站", "Not scanned: the site could not be reached"
    ),
    Outcome.TLS_ERROR: Text(
        "未扫描：网站的安全证书有问题，访问者也会看到警告",
        "Not scanned: the site's certificate is faulty; visitors are warned too",
    ),
    Outcome.SCRIPT_HUNG: Text(
        "未扫描：页面脚本卡死，在限定时间内没有响应",
        "Not scanned: a script of the page hung past the time limit",
    ),
    Outcome.ENGINE_FAILED: Text(
        "未扫描：扫描程序出错，请重试", "Not scanned: the scanner failed; try again"
    ),
    Outcome.BLOCKED_BY_ROBOTS: Text(
        "未扫描：网站的 robots.txt 不允许访问这一页",
        "Not scanned: the site's robots.txt does not allow this page",
    ),
    Outcome.BLOCKED_BY_GUARD: Text(
        "未扫描：网址指向内网或不允许的端口，已被拦截",
        "Not scanned: the address leads to a private network or a closed port",
    ),
}
