"""What messages are about, and how long a text may be."""

from collections.abc import Mapping
from enum import StrEnum

from audit.core.text import Text

LONGEST_SUBJECT = 200
LONGEST_BODY = 2000
LONGEST_ADDRESS = 300
MOST_COUNTED = 99  # above it the header says "99+"


class Topic(StrEnum):
    """By it a person chooses what reaches them where; the one that counts most first."""

    TODO = "todo"
    DEADLINE = "deadline"
    OUTCOME = "outcome"
    NEWS = "news"
    PLATFORM = "platform"


TOPICS: Mapping[Topic, Text] = {
    Topic.TODO: Text("要我办的", "To do"),
    Topic.DEADLINE: Text("期限提醒", "Deadlines"),
    Topic.OUTCOME: Text("我发现的问题", "What I found"),
    Topic.NEWS: Text("办理动态", "Progress"),
    Topic.PLATFORM: Text("平台通知", "The platform"),
}


def plain_line(text: str, longest: int = LONGEST_SUBJECT) -> str:
    """One line without anything that would begin another, in mail headers as well, and no longer
    than may be kept."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def plain_lines(text: str) -> str:
    """Several lines, each of them plain."""
    lines = [plain_line(line, LONGEST_BODY) for line in text.split("\n")]
    return "\n".join(lines).strip()[:LONGEST_BODY]
