"""Parts that several kinds of paper share. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from .content import Block, Fields, Figure, Heading, Paragraph, SignatureBlock, Table
from .matter import Matter, Miss, Point, chinese_day

ORDINALS = "一二三四五六七八九十"
NOT_VERIFIED = "（条文待核）"
OURS = "本平台建议"
MINE = "编号"
PICTURES = 60  # of one side in one paper; not fewer than its findings


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

    def pictures(self, what: str, named: Iterable[tuple[str, Figure]]) -> None:
        """Each under its name, and `what` it shows."""
        for name, figure in named:
            told = "。".join(part for part in (f"{name}　{what}", figure.caption) if part)
            self.add(replace(figure, alt=f"{name}：{figure.alt}", caption=told))

    def left_out(self, count: int) -> None:
        """What a paper does not show, it says."""
        if count:
            self.say(f"另有 {count} 张照片没有印在本文书里，存在平台上。")


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
    pictures = dict(numbered(shown(matter.points, lambda one: one.before)[0]))
    rows: list[tuple[str, ...]] = []
    for number, one in enumerate(matter.points, 1):
        photos = "、".join(str(place) for place, of in pictures.items() if of[0] is one) or "—"
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


def shown(
    points: Sequence[Point], side: Callable[[Point], tuple[Figure, ...]]
) -> tuple[list[tuple[Point, Figure]], int]:
    """The pictures of one side that a paper has room for, in its order, and how many it has not:
    the latest of every point first, then the ones before."""
    ranked = [
        (age, place, at)
        for place, one in enumerate(points)
        for at, age in enumerate(range(len(side(one)) - 1, -1, -1))
    ]
    chosen = sorted((place, at) for _age, place, at in sorted(ranked)[:PICTURES])
    told = [(points[place], side(points[place])[at]) for place, at in chosen]
    return told, len(ranked) - len(told)


def numbered(
    pictures: Iterable[tuple[Point, Figure]],
) -> list[tuple[int, tuple[Point, Figure]]]:
    """Every picture of one side with its number, counted from 1 through the paper."""
    return list(enumerate(pictures, 1))


def photos(outline: Outline, matter: Matter, heading: str,
           side: Callable[[Point], tuple[Figure, ...]]) -> None:  # fmt: skip
    chosen, left = shown(matter.points, side)
    if not chosen:
        return
    outline.head(heading)
    for number, (point, figure) in numbered(chosen):
        outline.pictures(f"{point.title}，{point.place}", [(f"照片{number}", figure)])
    outline.left_out(left)


def signature(matter: Matter) -> SignatureBlock:
    return SignatureBlock(matter.text("issuer"), chinese_day(matter.day))


def contact(matter: Matter) -> str:
    return f"联系人：{matter.text('contact')}　联系电话：{matter.text('phone')}"


def receipt() -> Fields:
    """Filled in by hand when the paper is handed over."""
    return Fields("签收", (("送达方式", ""), ("送达日期", ""), ("签收人", "")))
