"""Which article gives whom which duty, by the nature of a finding. Pure.

Articles of the law on barrier-free environments only, as the standards list them: 18 (owner or
manager answers for conversion, an agreement may shift it), 26 (repair, conversion, clearing,
maintenance), 63 (recommendation or suit), and 64, 65, 66 and 68, by which a department orders.
"""

from collections.abc import Mapping

from .kinds import ARTICLES, LAW, Article

PUBLIC_INTEREST = f"{LAW}第六十三条"
OWNERS: Mapping[Article, str] = {
    Article.BUILD: "所有权人或者管理人负责无障碍改造，另有约定的从其约定（第十八条）",
    Article.UPKEEP: "维修、改造、清除占用、维护（第二十六条）",
    Article.INFORMATION: "提供无障碍信息（第六十六条所指的义务）",
    Article.SERVICE: "提供无障碍公共服务（第六十八条所指的义务）",
}


def regulator_duty(article: Article) -> str:
    """What the competent department does about it."""
    return f"责令限期改正，并对逾期未改正的依法处理（{ARTICLES[article].cited}）"
