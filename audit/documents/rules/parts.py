"""Parts that several kinds of paper share. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from .content import Block, Fields, Figure, Heading, Paragraph, SignatureBlock, Table
from .matter import Matter, Miss, Point, chinese_day

ORDINALS = "一二三四五六七八九十"
NOT_VERIFIED = "（条文待核）"
OURS = "本平台建议"
MINE = "编号"


class Outline:
    """Blocks under headings that are numbered as they come: 一、 二、"""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._headings = 0

    def head(self, text: str) -> None:
        self._headings += 1
        self.blocks.append(Heading(1, f"{ORDINALS[self._headings - 1]}、{text}"))

    def say(self, text: str, *, flush: bool = False) -> None:
        """Nothing where there is no text."""
        if text:
            self.blocks.append(Paragraph(text, flush))

    def part(self, heading: str, text: str) -> None:
        """Neither where there is no text."""
        if text:
            self.head(heading)
            self.say(text)

    def add(self, *blocks: Block) -> None:
        self.blocks += blocks


def reference(matter: Matter) -> Fields:
    """Its number; the issuing body's own, 文号, is given by that body's office."""
    rows = [(MINE, matter.number or "（签发时给号）"), ("文号", "")]
    if matter.version > 1:
        rows.append(("版本", f"第{matter.version}版，代替第{matter.version - 1}版"))
    return Fields("文书编号", tuple(rows))


def whom(matter: Matter) -> Fields:
    rows = [("单位名称", matter.addressee), ("统一社会信用代码", matter.credit_code)]
    return Fields("被通知单位", (*rows, ("责任类型", matter.text("duty"))))


def visit(matter: Matter) -> Fields:
    days = sorted({one.day for one in matter.points})
    return Fields(
        "检查情况",
        (
            ("检查时间", "、".join(days)),
            ("检查人", matter.text("inspectors")),
            ("检查人证号", matter.text("certificate")),
            ("陪同人", matter.text("companion")),
        ),
    )


def places(matter: Matter) -> Table:
    """Each place once, in the order of the points."""
    rows: dict[str, tuple[str, ...]] = {}
    for number, one in enumerate(matter.points, 1):
        known = rows.get(one.place_number)
        numbers = f"{known[0]}、{number}" if known else str(number)
        rows[one.place_number] = (
            numbers, one.place, one.place_number, one.address, one.coordinates,
        )  # fmt: skip
    head = ("问题序号", "点位名称", "点位编号", "地址或网址", "坐标（WGS-84 经纬度）")
    return Table("点位", head, tuple(rows.values()), (2, 5, 4, 6, 5))


def problems(matter: Matter) -> Table:
    """Every limit that was missed, in a row of its own; the picture numbers are those below."""
    shown = dict(numbered(matter.points, lambda one: one.before))
    rows: list[tuple[str, ...]] = []
    for number, one in enumerate(matter.points, 1):
        photos = "、".join(str(place) for place, of in shown.items() if of[0] is one) or "—"
        for miss in one.misses or (Miss("", "—", "—", "", "", True),):
            told = f"{one.title}（{miss.field}）" if miss.field else one.title
            rows.append(
                (str(number), f"{told}\n{one.number}，{one.severity}", miss.measured,
                 miss.required, clause(miss), photos)
            )  # fmt: skip
    head = ("序号", "问题", "实测", "要求", "条文及效力", "照片")
    return Table("问题清单", head, tuple(rows), (2, 7, 4, 5, 6, 2))


def clause(miss: Miss) -> str:
    if not miss.clauses:
        return "—" if miss.measured == "—" else OURS
    force = f"（{miss.force}）" if miss.force else ""
    return miss.clauses + force + ("" if miss.is_verified else NOT_VERIFIED)


def numbered(
    points: Iterable[Point], side: Callable[[Point], tuple[Figure, ...]]
) -> list[tuple[int, tuple[Point, Figure]]]:
    """Every picture of one side with its number, counted from 1 through the paper."""
    return list(enumerate(((one, shown) for one in points for shown in side(one)), 1))


def photos(outline: Outline, matter: Matter, heading: str,
           side: Callable[[Point], tuple[Figure, ...]]) -> None:  # fmt: skip
    shown = numbered(matter.points, side)
    if not shown:
        return
    outline.head(heading)
    for number, (point, figure) in shown:
        caption = f"照片{number}　{point.title}，{point.place}"
        told = f"{caption}。{figure.caption}" if figure.caption else caption
        outline.add(replace(figure, alt=f"照片{number}：{figure.alt}", caption=told))


def signature(matter: Matter) -> SignatureBlock:
    return SignatureBlock(matter.text("issuer"), chinese_day(matter.day))


def contact(matter: Matter) -> str:
    return f"联系人：{matter.text('contact')}　联系电话：{matter.text('phone')}"


def receipt() -> Fields:
    """Filled in by hand when the paper is handed over."""
    return Fields("签收", (("送达方式", ""), ("送达日期", ""), ("签收人", "")))
