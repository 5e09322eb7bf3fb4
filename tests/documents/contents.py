"""A content with everything in it that may stand in a paper, and with hostile words."""

import hashlib
from datetime import date

from audit.documents.rules.composing import compose
from audit.documents.rules.content import Content, Figure
from audit.documents.rules.kinds import Article, Kind
from audit.documents.rules.matter import Dossier, Matter, Miss, Original, Point, Turn, Visit
from audit.photos.drawing import Scene, drawn_photo

PICTURE = drawn_photo(Scene.TOILET, 1, (240, 180))
NAME = hashlib.sha256(PICTURE).hexdigest()
SHOWN = Figure(NAME, "公厕，厕位太窄", "整改前，2026年11月20日。", 240, 180)
HOSTILE = [
    "{{ 7919*7927 }}", "{% raise %}", "<script>alert(1)</script>", "=1+1", "@SUM(A1)",
    "&amp; <b>", "w" * 3000, "]]>", "PAGE \\* MERGEFORMAT", "\\u0000 ${7*7}",
]  # fmt: skip
TURNED = {"\u202egnp.exe": "⟦U+202E⟧gnp.exe", "a\x00b": "a⟦U+0000⟧b", "\ud800": "⟦U+D800⟧"}


def matter(*words: str) -> Matter:
    """Two points; `words` stand in every text that somebody may have typed."""
    said = "".join(f"{one}\n" for one in words) or "请整改。"
    title = " ".join(words) or "厕位净宽不足"
    point = Point(
        "ZY-2026-000001", title, "S2 无法使用", "不符合强制性标准", title, "ZY-WC-000001",
        title, "104.62760, 30.12220", "2026年11月20日", "王小满",
        misses=(Miss("", title, "≥ 1500 mm", "GB 55019-2021 第3.5.4条", "强制性条文", True),),
        before=(SHOWN,), after=(SHOWN,),
        fixes=(Turn("2026年11月22日", "市政", "报告已经改好", said),),
        rechecks=(Turn("2026年11月23日", "李明", "复查合格", said),),
    )  # fmt: skip
    turn = Turn("2026-11-20 09:00", "王小满", "发现", said)
    original = Original("", "photos/01.jpg", NAME, 9, "before", "2026-11-20 09:00", "", "", False)
    dossier = Dossier(
        "已派单", title, "管理人", title, title, title, "老年人", "",
        visits=(Visit("2026-11-20", title, title, "首次检查", said),), history=(turn,),
        originals=(original,),
    )  # fmt: skip
    texts = dict.fromkeys(
        ("asks", "recheck", "objection", "substitute", "remark", "summary", "extent", "affected"),
        said,
    )
    lines = dict.fromkeys(("issuer", "contact", "phone", "duty", "inspectors", "copies"), title)
    return Matter(
        title, "", (point, point), texts | lines | {"due": "2026-12-31"}, Article.UPKEEP,
        "ZY-ZL-2026-0001", 1, date(2026, 11, 24), title, (dossier, dossier),
    )  # fmt: skip


def content(kind: Kind = Kind.ORDER, *words: str) -> Content:
    return compose(kind, matter(*words))
