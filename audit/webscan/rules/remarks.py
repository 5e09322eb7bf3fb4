"""What a page's result leaves out, in words: an empty list of faults must not look complete."""

from collections.abc import Iterator, Sequence

from audit.core.text import Text

from .titles import rule_title


def remarks(frames_missed: int, left_out: Sequence[str], refused: Sequence[str]) -> Iterator[Text]:
    """`left_out` names rules, `refused` private places that the page asked for."""
    if frames_missed:
        yield Text(
            f"{frames_missed} 个框架没能检查", f"Frames that could not be checked: {frames_missed}"
        )
    if left_out:
        titles = [rule_title(rule) for rule in left_out]
        zh, en = "、".join(one.zh for one in titles), "; ".join(one.en for one in titles)
        yield Text(f"时间不够，没有检查：{zh}", f"Left out for want of time: {en}")
    if refused:
        places = ", ".join(refused)
        yield Text(
            f"页面请求了内网地址，已拦截：{places}",
            f"The page asked for private addresses, refused: {places}",
        )
