"""Kinds of paper as data: who drafts, who approves, which texts are typed. Pure.

A supervisor's paper advises; only a competent department orders (articles 64 to 66 and 68 of the
law on barrier-free environments), and only on what is verified.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from audit.core.actors import May
from audit.core.text import Text

LAW = "《中华人民共和国无障碍环境建设法》"


class Kind(StrEnum):
    ADVICE = "advice"
    ORDER = "order"
    REPLY = "reply"
    RECORD = "record"
    PACK = "pack"


class State(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"
    ISSUED = "issued"
    DISCARDED = "discarded"


STATES: Mapping[State, Text] = {
    State.DRAFT: Text("起草中", "Being drafted"),
    State.WAITING: Text("待审批", "Waiting for approval"),
    State.ISSUED: Text("已签发", "Issued"),
    State.DISCARDED: Text("已作废", "Discarded"),
}


class Article(StrEnum):
    """Of the law: what an order rests on. Empty for papers that order nothing."""

    NONE = ""
    BUILD = "64"
    UPKEEP = "65"
    INFORMATION = "66"
    SERVICE = "68"


@dataclass(frozen=True)
class ArticleFacts:
    """`after`: what the law says of whoever does not correct in time."""

    variant: str
    title: Text
    cited: str
    after: str


ARTICLES: Mapping[Article, ArticleFacts] = {
    Article.BUILD: ArticleFacts(
        "A",
        Text("新建、改建、扩建工程", "New, altered or extended works"),
        "第六十四条",
        "逾期未改正的，依照相关法律、法规的规定处理。",
    ),
    Article.UPKEEP: ArticleFacts(
        "B",
        Text("维护、临时设施、占用或者损坏", "Upkeep, temporary facilities, occupation or damage"),
        "第六十五条",
        "逾期未改正的，对单位处一万元以上三万元以下罚款，对个人处一百元以上五百元以下罚款。",
    ),
    Article.INFORMATION: ArticleFacts(
        "C",
        Text("信息无障碍", "Accessible information"),
        "第六十六条",
        "逾期未改正的，予以通报批评。",
    ),
    Article.SERVICE: ArticleFacts(
        "D",
        Text("公共服务", "Public services"),
        "第六十八条",
        "逾期未改正的，依法给予处分。",
    ),
}


class Sort(StrEnum):
    """How a text is typed."""

    LINE = "line"
    LINES = "lines"
    DAY = "day"


@dataclass(frozen=True)
class Blank:
    """One text that is typed into a paper."""

    name: str
    label: Text
    sort: Sort = Sort.LINE
    required: bool = False

    @property
    def longest(self) -> int:
        return {Sort.LINE: 200, Sort.LINES: 4000, Sort.DAY: 10}[self.sort]


ISSUER = Blank("issuer", Text("发文机关", "Issued by"), required=True)
CONTACT = Blank("contact", Text("联系人", "Contact"), required=True)
PHONE = Blank("phone", Text("联系电话", "Telephone"), required=True)
DUTY = Blank("duty", Text("责任类型", "Kind of responsibility"))
INSPECTORS = Blank("inspectors", Text("检查人", "Inspected by"), required=True)
CERTIFICATE = Blank("certificate", Text("检查人证号", "Certificate number of the inspector"))
COMPANION = Blank("companion", Text("陪同人", "Accompanied by"))
ASKS = Blank("asks", Text("整改要求", "What is asked for"), Sort.LINES, required=True)
DUE = Blank("due", Text("整改期限", "To be done by"), Sort.DAY, required=True)
SUBSTITUTE = Blank("substitute", Text("替代性措施", "Substitute measures"), Sort.LINES)
RECHECK = Blank("recheck", Text("复查方式", "How it is re-checked"), Sort.LINES, required=True)
OBJECTION = Blank("objection", Text("申辩权利", "Right to be heard"), Sort.LINES, required=True)
COPIES = Blank("copies", Text("抄送", "Copies to"))
ANSWERED = Blank("answered", Text("所答复的文书编号", "Number of the document answered"))
REMARK = Blank("remark", Text("说明", "Remarks"), Sort.LINES)
SUMMARY = Blank("summary", Text("线索摘要", "Summary"), Sort.LINES, required=True)
EXTENT = Blank("extent", Text("数量和长度", "Counts and lengths"), Sort.LINES)
AFFECTED = Blank("affected", Text("受影响的人群", "People affected"), Sort.LINES)


@dataclass(frozen=True)
class KindFacts:
    """`code` stands in its number. `draft`, `approve`: any one of these rights, by two people."""

    title: Text
    code: str
    draft: frozenset[May]
    approve: frozenset[May]
    blanks: tuple[Blank, ...]


_BOTH = frozenset({May.ADVISE, May.ORDER})
KINDS: Mapping[Kind, KindFacts] = {
    Kind.ADVICE: KindFacts(
        Text("督导意见", "Advice"),
        "DD",
        frozenset({May.ADVISE}),
        frozenset({May.APPROVE_ADVICE}),
        (ISSUER, CONTACT, PHONE, DUTY, INSPECTORS, CERTIFICATE, COMPANION, ASKS, DUE, SUBSTITUTE,
         RECHECK, OBJECTION, COPIES),
    ),
    Kind.ORDER: KindFacts(
        Text("责令限期改正通知书", "Order to correct"),
        "ZL",
        frozenset({May.ORDER}),
        frozenset({May.ORDER}),
        (ISSUER, CONTACT, PHONE, DUTY, INSPECTORS, CERTIFICATE, COMPANION, ASKS, DUE, SUBSTITUTE,
         RECHECK, OBJECTION, COPIES),
    ),
    Kind.REPLY: KindFacts(
        Text("整改情况回复单", "Form of reply"),
        "HF",
        _BOTH,
        frozenset({May.APPROVE_ADVICE, May.ORDER}),
        (ISSUER, CONTACT, PHONE, ANSWERED, REMARK),
    ),
    Kind.RECORD: KindFacts(
        Text("复查记录", "Record of a re-check"),
        "FC",
        _BOTH,
        frozenset({May.APPROVE_ADVICE, May.ORDER}),
        (ISSUER, CONTACT, PHONE, COMPANION, REMARK, COPIES),
    ),
    Kind.PACK: KindFacts(
        Text("公益诉讼线索包", "Referral pack"),
        "XS",
        frozenset({May.REFER}),
        frozenset({May.REFER}),
        (ISSUER, CONTACT, PHONE, SUMMARY, EXTENT, AFFECTED),
    ),
}  # fmt: skip
