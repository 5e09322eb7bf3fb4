"""公益诉讼线索包: what a procuratorate is told of findings, as a paper. Pure."""

from .content import Content, Fields, Heading, Table
from .duties import PUBLIC_INTEREST
from .kinds import LAW
from .matter import Dossier, Matter, Original, Point
from .parts import MINE, Outline, contact, numbered, problems, shown, signature

UNKNOWN = "未登记"
NONE = "—"


def pack(matter: Matter) -> Content:
    outline = Outline()
    rows = [(MINE, matter.number or "（签发时给号）")]
    if matter.version > 1:
        rows.append(("版本", f"第{matter.version}版，代替第{matter.version - 1}版"))
    outline.add(Fields("文书编号", tuple(rows)))
    outline.say(f"{matter.addressee}：", flush=True)
    outline.say(
        f"依据{PUBLIC_INTEREST}，现将{matter.district}的无障碍环境公益诉讼线索"
        "和有关材料移送你院。材料按平台的记录汇编，事实和法律适用请你院审查认定。"
    )
    _summary(outline, matter)
    outline.head("问题点位")
    outline.add(_places(matter))
    outline.head("实测、要求和条文")
    outline.add(problems(matter))
    outline.head("责任主体和主管部门")
    outline.add(_duties(matter))
    outline.say(f"表中所列条文均为{LAW}的条文，由平台按问题的性质列出，请核对。")
    outline.head("检查记录")
    outline.add(_visits(matter))
    _histories(outline, matter)
    outline.head("受影响的人群")
    outline.say("；".join(_groups(matter)))
    outline.say(matter.text("affected"))
    _pairs(outline, matter)
    _evidence(outline, matter)
    outline.head("联系方式")
    outline.say(f"{matter.text('issuer')}　{contact(matter)}")
    outline.add(signature(matter))
    return Content.of("无障碍环境公益诉讼线索包", matter.number, outline.blocks)


def _summary(outline: Outline, matter: Matter) -> None:
    outline.head("线索摘要")
    outline.say(matter.text("summary"))
    places = {one.place_number for one in matter.points}
    states = [one.state for one in matter.dossiers]
    told = "、".join(f"{one} {states.count(one)} 个" for one in dict.fromkeys(states))
    kept = sum(len(one.originals) for one in matter.dossiers)
    rows = [
        ("区县", matter.district),
        ("点位", f"{len(places)} 处"),
        ("问题", f"{len(matter.points)} 个（{told}）"),
        ("原始照片", f"{kept} 张"),
    ]
    if matter.text("extent"):
        rows.insert(3, ("数量和长度", matter.text("extent")))
    outline.add(Fields("线索概况", tuple(rows)))


def told_together(matter: Matter) -> list[tuple[int, Point, Dossier]]:
    """Each finding with its number in the pack."""
    pairs = zip(matter.points, matter.dossiers, strict=True)
    return [(number, *pair) for number, pair in enumerate(pairs, 1)]


def _places(matter: Matter) -> Table:
    rows = [
        (
            str(number),
            f"{one.title}\n{one.number}，{one.severity}",
            "\n".join(part for part in (one.place, one.place_number, one.address) if part),
            one.coordinates or NONE,
            more.extent or NONE,
        )
        for number, one, more in told_together(matter)
    ]
    head = ("序号", "问题", "点位名称、编号和地址", "坐标（WGS-84 经纬度）", "数量")
    return Table("问题点位", head, tuple(rows), (2, 7, 7, 5, 4))


def _duties(matter: Matter) -> Table:
    rows = [
        (
            str(number),
            f"{more.owner or UNKNOWN}\n{more.owner_role}".strip(),
            more.owner_duty,
            more.regulator or UNKNOWN,
            more.regulator_duty,
        )
        for number, _one, more in told_together(matter)
    ]
    head = ("序号", "责任主体", "责任主体的义务", "主管部门", "主管部门的职责")
    return Table("责任主体和主管部门", head, tuple(rows), (2, 5, 6, 5, 6))


def _visits(matter: Matter) -> Table:
    rows = [
        (str(number), one.day, one.who, one.checklist, one.what, one.note or NONE)
        for number, _point, more in told_together(matter)
        for one in more.visits
    ]
    head = ("序号", "检查时间", "检查人", "检查清单", "结果", "检查说明")
    return Table("检查记录", head, tuple(rows), (2, 4, 3, 5, 5, 5))


def _histories(outline: Outline, matter: Matter) -> None:
    outline.head("办理经过、通知和答复")
    for number, one, more in told_together(matter):
        outline.add(Heading(2, f"（{number}）{one.title}，{one.number}"))
        rows = tuple((turn.day, turn.who, turn.what, turn.words or NONE) for turn in more.history)
        head = ("时间", "经办", "步骤", "内容")
        outline.add(Table(f"{one.number} 的办理经过", head, rows, (5, 4, 5, 9)))


def _groups(matter: Matter) -> list[str]:
    """Each group with how many findings hit it."""
    told = [group for one in matter.dossiers for group in one.groups.split("、") if group]
    return [f"{group}：{told.count(group)} 个问题" for group in dict.fromkeys(told)]


def _pairs(outline: Outline, matter: Matter) -> None:
    """What was found beside what was reported or seen later, one finding after the other. The
    numbers of pictures before are those of the table of problems."""
    outline.head("整改前后对照")
    before, left_before = shown(matter.points, lambda one: one.before)
    after, left_after = shown(matter.points, lambda one: one.after)
    first = dict(numbered(before))
    later = dict(numbered(after))
    for at, one in enumerate(matter.points, 1):
        mine = [(f"照片{n}", figure) for n, (of, figure) in first.items() if of is one]
        mine += [(f"整改后照片{n}", figure) for n, (of, figure) in later.items() if of is one]
        outline.pictures(f"（{at}）{one.title}，{one.place}", mine)
        if not any(of is one for of, _ in after):
            outline.say(f"（{at}）{one.number} 没有整改后的照片。")
    outline.left_out(left_before + left_after)


def _evidence(outline: Outline, matter: Matter) -> None:
    outline.head("原始照片和校验值")
    kept = [
        (one, original)
        for _number, one, more in told_together(matter)
        for original in more.originals
    ]
    outline.say(
        "原始照片按收到的字节封存，未作改动，随本线索包的压缩文件移送。"
        "照片中可能有他人的面部和车牌，请按保密要求使用。文书内的照片是遮盖后的副本。"
    )
    rows = tuple((_name(one), one.sha256, _moment(one), one.place or NONE) for _, one in kept)
    head = ("文件", "SHA-256", "拍摄和收到时间", "拍摄坐标（WGS-84 经纬度）")
    outline.add(Table("原始照片", head, rows, (6, 9, 5, 4)))
    outline.say(
        "压缩文件内的 SHA256SUMS 列有其余每个文件的校验值，在解压后的文件夹里运行 "
        "sha256sum -c SHA256SUMS 即可核对；manifest.json 记有本文书内容的校验值"
        "和签发时平台日志链的末端。"
    )


def _name(one: Original) -> str:
    return f"{one.file}\n（保存期限已到，原件已销毁）" if one.is_gone else one.file


def _moment(one: Original) -> str:
    return f"拍摄 {one.taken or '不详'}\n收到 {one.received}"
