"""Why a whole scan counts for nothing: no finding is opened or closed by it."""

from enum import StrEnum

from audit.core.text import Text


class ScanFailure(StrEnum):
    NOTHING_SEEN = "nothing_seen"
    NO_BROWSER = "no_browser"
    GAVE_UP = "gave_up"

    @property
    def reason(self) -> Text:
        return _REASONS[self]

    @property
    def advice(self) -> Text:
        """What to do; where nothing was seen, the outcome of the first page says better."""
        return _ADVICE[self]


_REASONS = {
    ScanFailure.NOTHING_SEEN: Text("这次扫描没有看到网站", "This scan did not see the website"),
    ScanFailure.NO_BROWSER: Text("扫描用的浏览器没有启动", "The browser that scans did not start"),
    ScanFailure.GAVE_UP: Text(
        "扫描程序几次出错，没有完成", "The scanner failed several times and gave up"
    ),
}
_ADVICE = {
    ScanFailure.NOTHING_SEEN: Text(
        "请看下面每一页的原因，解决以后再扫描。",
        "See the reason beside each page below; scan again once it is resolved.",
    ),
    ScanFailure.NO_BROWSER: Text(
        "请把下面的技术信息告诉系统管理员，修好以后再扫描。",
        "Tell the system administrator the technical detail below; scan again once it is mended.",
    ),
    ScanFailure.GAVE_UP: Text(
        "请再扫描一次；仍然这样，请把下面的技术信息告诉系统管理员。",
        "Scan again; if it stays like this, tell the system administrator the technical detail "
        "below.",
    ),
}
