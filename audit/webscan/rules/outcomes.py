"""What can become of a page in a scan: a closed list, and never a silent pass."""

from enum import StrEnum

from audit.core.text import Text


class Outcome(StrEnum):
    SCANNED = "scanned"
    SCANNED_LATE = "scanned_late"
    REDIRECTED_AWAY = "redirected_away"
    MERGED = "merged"
    DOWNLOAD = "download"
    NOT_HTML = "not_html"
    HTTP_ERROR = "http_error"
    NETWORK_ERROR = "network_error"
    TLS_ERROR = "tls_error"
    SCRIPT_HUNG = "script_hung"
    ENGINE_FAILED = "engine_failed"
    BLOCKED_BY_ROBOTS = "blocked_by_robots"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    BLOCKED_BY_GUARD = "blocked_by_guard"

    @property
    def is_scanned(self) -> bool:
        """Whether there are results; only then does an empty list mean that nothing was found."""
        return self in (Outcome.SCANNED, Outcome.SCANNED_LATE)

    @property
    def was_asked_for(self) -> bool:
        """Whether the site was asked for the page at all."""
        return self not in (Outcome.BLOCKED_BY_ROBOTS, Outcome.ROBOTS_UNREACHABLE)

    @property
    def text(self) -> Text:
        if self.is_scanned:
            return _SCANNED[self]
        return Text(f"未扫描：{self.reason.zh}", f"Not scanned: {self.reason.en}")

    @property
    def reason(self) -> Text:
        """Why a page was not scanned."""
        return _REASONS[self]

    @property
    def advice(self) -> Text:
        """What to do so that the page can be scanned; for a page that was not."""
        return _ADVICE[self]


_SCANNED = {
    Outcome.SCANNED: Text("已扫描", "Scanned"),
    Outcome.SCANNED_LATE: Text(
        "已扫描（页面一直没有加载完，按当时的样子扫描）",
        "Scanned as it stood; the page never finished loading",
    ),
}
_REASONS = {
    Outcome.REDIRECTED_AWAY: Text(
        "网址跳转到了别的网站，或者页面不停跳转",
        "the address leads to another site, or the page keeps moving",
    ),
    Outcome.MERGED: Text(
        "网址现在转到另一页，那一页已经扫描",
        "the address now leads to another page, which was scanned",
    ),
    Outcome.DOWNLOAD: Text("这是一个下载文件，不是网页", "a file to download, not a page"),
    Outcome.NOT_HTML: Text("返回的不是网页", "what came back is not a page"),
    Outcome.HTTP_ERROR: Text("网站返回错误状态", "the site answered with an error status"),
    Outcome.NETWORK_ERROR: Text("连接不上网站", "the site could not be reached"),
    Outcome.TLS_ERROR: Text(
        "网站的安全证书有问题，访问者也会看到警告",
        "the site's certificate is faulty; visitors are warned too",
    ),
    Outcome.SCRIPT_HUNG: Text(
        "页面脚本卡死，在限定时间内没有响应",
        "a script of the page hung past the time limit",
    ),
    Outcome.ENGINE_FAILED: Text("扫描程序出错", "the scanner failed"),
    Outcome.BLOCKED_BY_ROBOTS: Text(
        "网站的 robots.txt 不允许访问这一页",
        "the site's robots.txt does not allow this page",
    ),
    Outcome.ROBOTS_UNREACHABLE: Text(
        "网站的 robots.txt 打不开，不知道允许访问什么",
        "the site's robots.txt cannot be read, so nothing is known to be allowed",
    ),
    Outcome.BLOCKED_BY_GUARD: Text(
        "网址指向内网或不允许的端口，已被拦截",
        "the address leads to a private network or a closed port",
    ),
}
_CHECK_ADDRESS = Text(
    "请核对登记的网址：它应当直接打开这个网站的一个网页。",
    "Check the registered address: it should open a page of this website directly.",
)
_ADVICE = {
    Outcome.REDIRECTED_AWAY: _CHECK_ADDRESS,
    Outcome.MERGED: _CHECK_ADDRESS,
    Outcome.DOWNLOAD: _CHECK_ADDRESS,
    Outcome.NOT_HTML: _CHECK_ADDRESS,
    Outcome.HTTP_ERROR: Text(
        "请用浏览器打开这个网址看看。网站恢复以后再扫描；如果网站只拒绝自动访问，请网站管理员放行扫描程序。",
        "Open the address in a browser. Scan again once the site works; if it turns away automatic "
        "visits only, ask its administrator to let the scanner in.",
    ),
    Outcome.NETWORK_ERROR: Text(
        "请用浏览器打开这个网址看看。网站恢复以后再扫描；别人都能打开时，请系统管理员检查扫描服务器的网络。",
        "Open the address in a browser. Scan again once the site works; if it opens for everybody "
        "else, ask the system administrator to check the scanning server's network.",
    ),
    Outcome.TLS_ERROR: Text(
        "请网站管理员换上有效的安全证书，然后再扫描。",
        "Ask the site's administrator for a valid certificate, then scan again.",
    ),
    Outcome.SCRIPT_HUNG: Text(
        "页面让浏览器停住了，访问者也会遇到。请告诉网站管理员，改好以后再扫描。",
        "The page stops the browser, visitors' too. Tell the site's administrator and scan again "
        "once it is mended.",
    ),
    Outcome.ENGINE_FAILED: Text(
        "请再扫描一次；仍然这样，请联系系统管理员。",
        "Scan again; if it stays like this, tell the system administrator.",
    ),
    Outcome.BLOCKED_BY_ROBOTS: Text(
        "请网站管理员在 robots.txt 里放行 TantuScanner，然后再扫描。",
        "Ask the site's administrator to allow TantuScanner in robots.txt, then scan again.",
    ),
    Outcome.ROBOTS_UNREACHABLE: Text(
        "请网站管理员让 /robots.txt 能正常打开（没有这个文件也可以），然后再扫描。",
        "Ask the site's administrator to have /robots.txt answer (not to have one is fine too), "
        "then scan again.",
    ),
    Outcome.BLOCKED_BY_GUARD: Text(
        "扫描程序只访问公开网站。确实要扫描内网网站时，请系统管理员把它写进设置 TANTU_SCAN_ALLOW。",
        "The scanner visits public sites only. To scan one in a private network, ask the system "
        "administrator to name it in the setting TANTU_SCAN_ALLOW.",
    ),
}
