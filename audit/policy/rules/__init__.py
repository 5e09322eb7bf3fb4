"""Which settings are chosen on screen, by whom, and what a typed value must be. Pure.

The rest of `core.settings` belongs to whoever runs the server: addresses, folders, keys. What
guards accounts is chosen by the security administrator, what concerns the work by the system
administrator (GB/T 22239-2019 keeps the two apart).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from audit.core.actors import May
from audit.core.text import Text

from .texts import TEXT, CityText

Value = bool | int | float | str | dict[str, str]  # a text has both languages


class Group(StrEnum):
    JUDGING = "judging"
    WORK = "work"
    REVISIT = "revisit"
    TEXTS = "texts"
    ACCOUNTS = "accounts"


GROUPS: Mapping[Group, Text] = {
    Group.JUDGING: Text("判定", "Judging"),
    Group.WORK: Text("检查和扫描", "Inspections and scans"),
    Group.REVISIT: Text("定期复查", "Regular visits"),
    Group.TEXTS: Text("文字", "Texts"),
    Group.ACCOUNTS: Text("账号和登录", "Accounts and signing in"),
}


@dataclass(frozen=True)
class Choice:
    """`effect`: what changes with it, and from when."""

    group: Group
    title: Text
    effect: Text
    unit: Text | None = None

    @property
    def may(self) -> May:
        guards = self.group is Group.ACCOUNTS
        return May.CHOOSE_SECURITY if guards else May.CHOOSE_SETTINGS


MINUTES, HOURS, DAYS = Text("分钟", "minutes"), Text("小时", "hours"), Text("天", "days")
NEW_ONLY = Text(
    "只影响以后提交的检查，已有的判定不变。",
    "Applies to inspections submitted from now on; existing verdicts do not change.",
)
REVISIT_EFFECT = Text(
    "最近一次全面检查之后过了这么多天，就列为到期复查；0 为不定期。马上生效，已有的检查不变。"
    "这是本系统的建议，不是法定期限。",
    "This many days after the last full visit a facility is listed as due; 0 means never. Applies "
    "at once; existing inspections do not change. This is our suggestion, not a legal deadline.",
)
REVISITED: Mapping[str, Text] = {
    "road": Text("城市道路", "Roads"),
    "crossing": Text("过街路口", "Crossings"),
    "bridge": Text("天桥、地道", "Footbridges, underpasses"),
    "toilet": Text("公共厕所", "Public toilets"),
    "building": Text("公共建筑", "Public buildings"),
    "bus_stop": Text("公交站", "Bus stops"),
    "parking": Text("停车场", "Car parks"),
    "park": Text("公园、广场", "Parks, squares"),
    "residential": Text("居住区", "Residential areas"),
    "vehicle": Text("公共交通车辆", "Vehicles"),
    "website": Text("网站", "Websites"),
    "app": Text("手机应用", "Apps"),
    "kiosk": Text("自助终端", "Self-service terminals"),
    "service": Text("服务大厅", "Service halls"),
}
CHOICES: Mapping[str, Choice] = {
    "slope_tolerance": Choice(
        Group.JUDGING, Text("坡度测量容差", "Tolerance for slopes"), NEW_ONLY,
        Text("百分点", "percentage points"),
    ),
    "length_tolerance_mm": Choice(
        Group.JUDGING, Text("长度测量容差", "Tolerance for lengths"), NEW_ONLY,
        Text("毫米", "mm"),
    ),
    "recheck_by_other_inspector": Choice(
        Group.WORK, Text("复查人不得是首次检查人", "A re-check is done by another inspector"),
        Text("监督员少的区县可以关闭。整改的人任何时候都不能自己复查。",
             "A district with few supervisors may turn this off. Whoever fixes a finding may never "
             "re-check it."),
    ),
    "photos_per_item": Choice(
        Group.WORK, Text("每个检查项最多几张照片", "Photos per checklist item"),
        Text("已经提交的照片不变。", "Photos already submitted do not change."),
        Text("张", "photos"),
    ),
    "link_days": Choice(
        Group.WORK, Text("整改通知的链接有效天数", "Validity of a notice's link"),
        Text("只影响以后发出或延长的链接。", "Applies to links issued or extended from now on."),
        DAYS,
    ),
    "receipt_days": Choice(
        Group.WORK, Text("整改通知应在几个工作日内签收", "Working days to confirm a notice"),
        Text("只影响以后发的通知。这是本系统的建议，不是法定期限。",
             "Applies to notices sent from now on. This is our suggestion, not a legal deadline."),
        Text("个工作日", "working days"),
    ),
    "scan_pages": Choice(
        Group.WORK, Text("每次扫描默认页数", "Pages per scan"),
        Text("下一次扫描起生效。", "Applies from the next scan on."), Text("页", "pages"),
    ),
    **{
        f"revisit_{kind}": Choice(Group.REVISIT, title, REVISIT_EFFECT, DAYS)
        for kind, title in REVISITED.items()
    },
    "contact": Choice(
        Group.TEXTS, Text("联系方式", "Contact"),
        Text("显示在登录页、帮助、无障碍声明和一次性密码的纸条上。",
             "Shown on the sign-in, help and accessibility pages and on slips with codes."),
    ),
    "city_name": Choice(
        Group.TEXTS, Text("城市名称", "Name of the city"),
        Text("显示在每一页的页眉。", "Shown at the top of every page."),
    ),
    "city_name_en": Choice(
        Group.TEXTS, Text("城市英文名", "Name of the city in English"),
        Text("显示在英文页面的页眉。", "Shown at the top of English pages."),
    ),
    "code_days": Choice(
        Group.ACCOUNTS, Text("一次性密码的有效天数", "Validity of one-time codes"),
        Text("只影响以后发的密码。", "Applies only to codes issued from now on."), DAYS,
    ),
    "login_tries": Choice(
        Group.ACCOUNTS, Text("登录失败几次以后要等待", "Failed sign-ins before a wait"),
        Text("超过以后，每次等待加倍，最长十五分钟。",
             "After that each wait is twice as long, up to fifteen minutes."),
        Text("次", "times"),
    ),
    "idle_minutes": Choice(
        Group.ACCOUNTS, Text("多久不操作后需要重新登录", "Signed out when idle for"),
        Text("马上对所有人生效。", "Applies at once, to everybody."), MINUTES,
    ),
    "session_hours": Choice(
        Group.ACCOUNTS, Text("一次登录最长有效时间", "Longest time signed in"),
        Text("马上对所有人生效。", "Applies at once, to everybody."), HOURS,
    ),
}  # fmt: skip
SEVERITY = "severity:"  # and then the item or rule: how grave its findings are here


def may_choose(name: str) -> May:
    """What it takes to choose a setting, or how grave an item is."""
    return CHOICES[name].may if name in CHOICES else May.CHOOSE_SETTINGS


def texts_in(chosen: Mapping[str, Value]) -> Mapping[CityText, Text]:
    """What the city says in its own words."""
    kept = {one: chosen.get(f"{TEXT}{one}") for one in CityText}
    return {one: Text(**value) for one, value in kept.items() if isinstance(value, dict)}


def severities_in(chosen: Mapping[str, Value]) -> Mapping[str, str]:
    """By item or rule."""
    return {
        name.removeprefix(SEVERITY): str(value)
        for name, value in chosen.items()
        if name.startswith(SEVERITY)
    }
