"""What the people of the sample city write, and what their photos show. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from zlib import crc32

from audit.checklists.rules import Answer, Item, Severity, Unit
from audit.core.actors import Role
from audit.facilities.rules import FacilityKind
from audit.findings.rules import Verb
from audit.photos.drawing import Scene

from .happenings import Shot
from .reading import Fault

ORDERS = {
    Severity.S1: "有受伤危险，请先采取安全措施，7 天内修复并上传照片。",
    Severity.S2: "请在 30 天内整改，并上传整改后的照片。",
    Severity.S3: "请在 60 天内整改，并上传整改后的照片。",
    Severity.S4: "请列入下次维护计划，完成后上传照片。",
}
ROLES = {
    Role.SUPERVISOR: "监督员",
    Role.COORDINATOR: "残联（组织方）",
    Role.DEPARTMENT: "主管部门",
    Role.PLANNER: "规划人员",
    Role.ORGANISATION: "整改单位",
    Role.ASSESSOR: "第三方评估",
    Role.PROSECUTOR: "检察机关",
    Role.AUDITOR: "安全审计",
    Role.ADMINISTRATOR: "系统管理员",
    Role.SECURITY: "安全管理员",
}
OFFICE = {
    Verb.CONFIRM: ("", "照片清楚，数值与现场相符。", "已电话核实，情况属实。"),
    Verb.REJECT: (
        "已与现场核实，属当天临时情况，当日已消除，不立案。",
        "照片看不出量取的位置，已请监督员重新检查，这一条先不立案。",
        "核对后确认该处不对公众开放，不在检查范围。",
    ),
    Verb.REOPEN: ("群众来电反映同样的问题又出现，重新打开。",),
    Verb.WITHDRAW: ("回来核对，量的是另一个门，这一条有误，撤回。",),
    Verb.ESCALATE: ("派单后一直没有进展，列为督办，请每周报一次进度。",),
    Verb.REFER: ("多次催办没有整改，涉及多人出行，线索移送检察机关。",),
    Verb.RECORD_ADVICE: ("检察建议（样例），建议依法督促整改并书面回复。",),
}
DEPARTMENT = {
    Verb.GRANT_RETURN: "查过权属，同意退回。",
    Verb.GRANT_SUBSTITUTE: "场地条件确实不够，同意用替代措施，要设置标志。",
    Verb.PROGRAMME: "要和管线工程一起做，列入年度改造计划。",
}
OWNER = {
    Verb.START: "",
    Verb.ASK_RETURN: "这处不归我单位管理，请派给实际管理的单位。",
    Verb.ASK_TIME: "材料要定做，已经下单，到货后五天完成。",
    Verb.CONTEST: "我们按图纸重新量过，数值在规定以内，请复核。",
    Verb.ASK_SUBSTITUTE: "门外没有足够的长度做坡道，申请设置呼叫按钮，由工作人员协助。",
}
WRONG_OWNER = "原先派错了单位，改派给实际管理单位。"
TOO_NEAR = "用坡度仪量了三次，取中间的一次，离限值只差一点点，量具分不出来。"
STILL_THERE = "到现场看，问题还在，照片为证。"
MENDED = (
    "到现场复查，已经整改到位。",
    "按原位置重新检查，合格。",
    "请使用轮椅的同事试过，可以用了。",
)
NO_PHOTO = (
    "现场有人使用，只拍了主要的项和有问题的项。",
    "我看不见，由陪同人帮忙拍照，只拍了有问题的项。",
    "手机快没电了，其余的项没有拍照。",
)
NOTES = {
    FacilityKind.TOILET: ("", "保洁员很配合。", "高峰时段去的，人比较多。"),
    FacilityKind.ROAD: ("", "从东往西走了一遍。", "雨后去的，地面还湿着。"),
    FacilityKind.BUILDING: ("", "工作人员全程陪同。", "周末去的，有些窗口没开。"),
    FacilityKind.PARK: ("", "早上去的，晨练的人多。"),
    FacilityKind.RESIDENTIAL: ("", "物业陪同看了一遍。"),
    FacilityKind.EVENT: ("看了完整的回放。",),
    FacilityKind.SAMPLE: ("", "店员帮忙拆了一盒。"),
}
# By the beginning of an item's id, the longest that fits. These scenes show nothing wrong.
SCENES: Mapping[str, Scene] = {
    "wc-": Scene.TOILET,
    "wc-entrance": Scene.DOOR,
    "wc-door": Scene.DOOR,
    "wc-ramp": Scene.RAMP,
    "wc-usable": Scene.TOILET,
    "rd-": Scene.KERB,
    "pb-": Scene.DOOR,
    "pb-route": Scene.KERB,
    "pb-parking": Scene.KERB,
    "pb-lift": Scene.LIFT,
    "pb-machine": Scene.LIFT,
    "pb-ramp": Scene.RAMP,
    "pb-wc": Scene.TOILET,
    "pb-x": Scene.DOOR,
    "bs-": Scene.KERB,
    "bs-vehicle": Scene.SCREEN,
    "pk-": Scene.KERB,
    "pg-": Scene.KERB,
    "pg-toilet": Scene.TOILET,
    "rs-": Scene.DOOR,
    "rs-ramp": Scene.RAMP,
    "vh-": Scene.SCREEN,
    "vh-board": Scene.RAMP,
    "ws-": Scene.SCREEN,
    "ap-": Scene.SCREEN,
    "ks-": Scene.SCREEN,
    "sv-": Scene.DOOR,
    "ev-": Scene.SCREEN,
    "md-": Scene.SCREEN,
}
LETTERS = {Unit.MM: "mm", Unit.PERCENT: "%"}  # what a tape and a level in the photo may show


def sound_shot(item: Item, answer: Answer, seed: str) -> Shot:
    """The photo of an item with nothing wrong, or put right."""
    fitting = max((start for start in SCENES if item.id.startswith(start)), key=len)
    return Shot(SCENES[fitting], crc32(seed.encode()), _reading(item, answer))


def faulty_shot(fault: Fault, seed: str) -> Shot:
    return Shot(fault.scene, crc32(seed.encode()), fault.reading)


def _reading(item: Item, answer: Answer) -> str:
    values = answer.value if isinstance(answer.value, Mapping) else {"": answer.value}
    for field in item.fields:
        value = values.get(field.id)
        if field.unit in LETTERS and isinstance(value, Decimal):
            return f"{value.normalize():f} {LETTERS[field.unit]}"
    return ""
