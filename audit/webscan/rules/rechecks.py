"""When the scanner looks again at what was reported fixed, and what it says then."""

from datetime import datetime, timedelta

from audit.core.text import Text

WAIT = timedelta(minutes=5)  # what is reported in one sitting is looked at in one scan
AGAIN = timedelta(days=1)  # a site that could not be judged is not asked more often


def due_at(reported: datetime, undecided: datetime | None) -> datetime:
    """`undecided`: the end of the last scan since the report, which could not tell."""
    return reported + WAIT if undecided is None else undecided + AGAIN


def said_of_passing(pages: int, gone: int) -> Text:
    """`gone` of the pages are there no more."""
    zh = f"重新扫描了原来有问题的 {pages} 页，问题没有再出现。"
    en = f"Scanned again, pages that had the fault: {pages}. It is gone."
    if gone:
        zh += f"其中 {gone} 页已经不在了。"
        en += f" Pages that are there no more: {gone}."
    return Text(zh, en)


def said_of_failing(pages: int, elements: int) -> Text:
    return Text(
        f"报告整改以后重新扫描，仍在 {pages} 页上发现 {elements} 处。",
        f"Scanned after the fix was reported; still found. Pages: {pages}, elements: {elements}.",
    )


NOT_VISITED = Text("没有再访问到原来有问题的页", "a page that had the fault was not visited")
FRAMES_MISSED = Text("页面里有框架没能检查", "a frame of the page could not be checked")
LEFT_OUT = Text("时间不够，没有检查这一项", "there was no time to check for this fault")
NO_RECORD = Text("没有哪一页有过这个问题的记录", "no page is on record to have had the fault")
NO_VERDICT = Text("机器不能下结论，要由人判断", "a machine cannot decide; a person must")


LOADED_LATE = Text(
    "页面没有加载完，看到的不一定完整", "the page never finished loading, so it was seen in part"
)
MOVED = Text(
    "登记的网址已经换了网站，原来的页不再扫描",
    "another website is registered now; the old pages are scanned no more",
)
FOR_A_PERSON = (NO_RECORD, NO_VERDICT, MOVED)  # another scan would not know more
SECOND_TRY = (FRAMES_MISSED, LEFT_OUT, LOADED_LATE)  # it might; if not, a person must decide


def said_of_not_knowing(why: Text) -> Text:
    return Text(
        f"扫描程序复查了，但不能判定：{why.zh}。",
        f"The scanner looked again but cannot tell: {why.en}.",
    )
