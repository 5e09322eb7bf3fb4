"""Text that a spreadsheet would run as a formula, made quiet and back. Pure."""

import re

_RUNS = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")


def quoted(text: str) -> str:
    """With an apostrophe before it where a spreadsheet would run it."""
    return f"'{text}" if _RUNS.match(text) else text


def unquoted(text: str) -> str:
    """What `quoted` was given."""
    return text[1:] if text[:1] == "'" and _RUNS.match(text[1:]) else text
