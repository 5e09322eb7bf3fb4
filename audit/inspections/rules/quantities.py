"""Numbers as people write them in the field: `1400`, `1.4 m`, `１４０厘米`, `1:12`."""

import re
import unicodedata
from decimal import Decimal

from audit.checklists.rules import Unit

NUMBER = r"\d{1,7}(?:\.\d{1,4})?"
WITH_UNIT = re.compile(rf"({NUMBER})\s*([a-z%²\u4e00-\u9fff]*[23]?)")
# 1,400 is a number; 1,4 may mean 1.4, so it is none
THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
RATIO = re.compile(rf"1\s*[:∶/]\s*({NUMBER})")
TO_ONE = re.compile(r"\s*[:∶]\s*1$")
SQUARE = re.compile(r"(?<=[mMｍＭ])²")
HUNDRED = Decimal(100)
LEAST_BARE_MM = 10

FACTORS: dict[Unit, dict[str, Decimal]] = {
    Unit.MM: {
        "": Decimal(1), "mm": Decimal(1), "毫米": Decimal(1),
        "cm": Decimal(10), "厘米": Decimal(10), "公分": Decimal(10),
        "m": Decimal(1000), "米": Decimal(1000),
    },
    Unit.PERCENT: {"": Decimal(1), "%": Decimal(1)},
    Unit.NEWTON: {"": Decimal(1), "n": Decimal(1), "牛": Decimal(1), "牛顿": Decimal(1)},
    Unit.SECOND: {"": Decimal(1), "s": Decimal(1), "秒": Decimal(1), "分": Decimal(60)},
    Unit.SQUARE_METRE: {
        "": Decimal(1), "m2": Decimal(1), "平米": Decimal(1), "平方米": Decimal(1),
        "㎡": Decimal(1),
    },
    Unit.SCREEN_POINT: {"": Decimal(1), "dp": Decimal(1), "pt": Decimal(1)},
    Unit.RATIO: {"": Decimal(1), "倍": Decimal(1)},
}  # fmt: skip


def parse_quantity(text: str, unit: Unit | None) -> Decimal | None:
    """The number in the item's own unit; None when the text is no such quantity.

    Lengths come out in mm, slopes in %, forces in newton, times in seconds, areas in m²; 4.5:1 as
    4.5. A bare decimal below 10 is no length in mm: it was read off in metres.
    """
    if any(unicodedata.category(sign) == "No" for sign in SQUARE.sub("2", text)):
        return None  # 5³ and ① would become 53 and 1
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = THOUSANDS.sub(lambda found: found[0].replace(",", ""), plain)
    if unit is Unit.PERCENT and (ratio := RATIO.fullmatch(plain)):
        divisor = Decimal(ratio[1])
        return (HUNDRED / divisor).quantize(Decimal("0.01")) if divisor else None
    if unit is Unit.RATIO:
        plain = TO_ONE.sub("", plain)
    found = WITH_UNIT.fullmatch(plain)
    if found is None:
        return None
    number = Decimal(found[1])
    if unit is Unit.MM and not found[2] and "." in found[1] and number < LEAST_BARE_MM:
        return None  # 1.40 on a tape is metres: nobody means 1.4 mm without saying so
    factor = FACTORS.get(unit, {"": Decimal(1)}).get(found[2]) if unit else _bare(found[2])
    return None if factor is None else number * factor


def _bare(suffix: str) -> Decimal | None:
    return Decimal(1) if suffix in ("", "个", "处", "级") else None
