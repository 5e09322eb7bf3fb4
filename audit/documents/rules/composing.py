"""What each kind of paper says of the findings that it is about. Pure."""

from collections.abc import Callable, Mapping
from datetime import date

from .content import Content, Fields, Table
from .kinds import ARTICLES, LAW, Article, Kind
from .matter import Matter, Point, Turn, chinese_day
from .parts import (
    Outline,
    contact,
    photos,
    places,
    problems,
    receipt,
    reference,
    signature,
    visit,
    whom,
)
from .referral import pack


def compose(kind: Kind, matter: Matter) -> Content:
    """The whole paper. Same matter, same content."""
    return COMPOSERS[kind](matter)


def advice(matter: Matter) -> Content:
    outline = Outline()
    outline.add(reference(matter))
    outline.say(f"{matter.addressee}：", flush=True)
    outline.say(
        f"经检查，你单位负责的点位有 {len(matter.points)} 个无障碍问题。"
        "现将问题和整改建议告知如下。"
        "本文书是督导意见，供你单位整改使用，不是行政机关的责令改正决定。"
    )
    return _demand(outline, matter, "无障碍督导意见", "整改建议")


def order(matter: Matter) -> Content:
    outline = Outline()
    outline.add(reference(matter))
    outline.say(f"{matter.addressee}：", flush=True)
    cited = ARTICLES[matter.article].cited
    outline.say(
        f"经检查，你单位负责的点位有 {len(matter.points)} 个无障碍问题。"
        f"依据{LAW}{cited}，现责令你单位限期改正。"
    )
    return _demand(outline, matter, "责令限期改正通知书", "整改要求")


def _demand(outline: Outline, matter: Matter, title: str, asks: str) -> Content:
    """What advice and order have in common, from whom it is for to the receipt."""
    outline.head("被通知单位")
    outline.add(whom(matter))
    outline.head("检查情况")
    outline.add(visit(matter), places(matter))
    outline.head("问题清单")
    outline.add(problems(matter))
    outline.head(asks)
    outline.say(matter.text("asks"))
    outline.say(f"整改期限：{chinese_day(_day(matter.text('due')))}前（含当日）。")
    outline.part("替代性措施", matter.text("substitute"))
    outline.part("复查方式", matter.text("recheck"))
    if matter.article is not Article.NONE:
        facts = ARTICLES[matter.article]
        outline.part("逾期后果", f"{facts.after}（{LAW}{facts.cited}）")
    outline.part("陈述、申辩和异议", matter.text("objection"))
    outline.say(contact(matter))
    photos(outline, matter, "照片", lambda one: one.before)
    outline.say("附件：整改情况回复单（另附）")
    outline.add(signature(matter), receipt())
    outline.say(f"抄送：{matter.text('copies')}" if matter.text("copies") else "", flush=True)
    return Content.of(title, matter.number, outline.blocks)


def reply(matter: Matter) -> Content:
    """What was reported so far stands in it; the rest is filled in by the organisation."""
    outline = Outline()
    outline.add(reference(matter))
    outline.say(f"{matter.text('issuer')}：", flush=True)
    outline.say("现将问题的整改情况回复如下。")
    outline.head("回复单位")
    outline.add(
        Fields(
            "回复单位",
            (
                ("单位名称", matter.addressee),
                ("统一社会信用代码", matter.credit_code),
                ("所答复的文书编号", matter.text("answered")),
            ),
        )
    )
    outline.head("整改情况")
    outline.add(_answers(matter.points))
    outline.say(matter.text("remark"))
    photos(outline, matter, "整改后照片", lambda one: one.after)
    outline.say(f"回复请送：{contact(matter)}")
    outline.add(Fields("签章", (("单位（章）", ""), ("负责人签字", ""), ("日期", ""))))
    return Content.of("整改情况回复单", matter.number, outline.blocks)


def _answers(points: tuple[Point, ...]) -> Table:
    rows = []
    for number, one in enumerate(points, 1):
        last = one.fixes[-1] if one.fixes else Turn("", "", "", "")
        rows.append(
            (str(number), f"{one.title}\n{one.place}，{one.number}", last.words, "", last.day)
        )
    head = ("序号", "问题和点位", "整改措施", "费用（元）", "完成日期")
    return Table("整改情况", head, tuple(rows), (2, 7, 7, 3, 4))


def record(matter: Matter) -> Content:
    outline = Outline()
    outline.add(reference(matter))
    outline.head("被复查单位")
    rows = (("单位名称", matter.addressee), ("陪同人", matter.text("companion")))
    outline.add(Fields("被复查单位", rows))
    outline.head("复查结果")
    outline.add(places(matter), _turns(matter.points))
    outline.part("说明", matter.text("remark"))
    photos(outline, matter, "整改前照片", lambda one: one.before)
    photos(outline, matter, "整改后照片", lambda one: one.after)
    outline.say(contact(matter))
    outline.add(signature(matter))
    outline.add(Fields("签字", (("复查人", ""), ("被复查单位", ""))))
    outline.say(f"抄送：{matter.text('copies')}" if matter.text("copies") else "", flush=True)
    return Content.of("无障碍问题复查记录", matter.number, outline.blocks)


def _turns(points: tuple[Point, ...]) -> Table:
    rows = [
        (str(number), f"{one.title}\n{one.number}", turn.day, turn.who, turn.what,
         turn.words or "—")
        for number, one in enumerate(points, 1)
        for turn in one.rechecks
    ]  # fmt: skip
    head = ("序号", "问题", "复查时间", "复查人", "结果", "实测和说明")
    return Table("复查结果", head, tuple(rows), (2, 6, 4, 3, 4, 6))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


COMPOSERS: Mapping[Kind, Callable[[Matter], Content]] = {
    Kind.ADVICE: advice,
    Kind.ORDER: order,
    Kind.REPLY: reply,
    Kind.RECORD: record,
    Kind.PACK: pack,
}
