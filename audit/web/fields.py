"""Text as people type or paste it, made fit to be kept: for forms of every room."""

import re
import unicodedata

# Bidi overrides turn a name or a file's ending around; zero-width signs make two names look alike.
# The joiners U+200C and U+200D stay out too: no Chinese name needs them.
TURNING = "\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
# Control signs, halves of pairs, noncharacters: XML, so every document, refuses them.
BROKEN = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
NONCHARACTERS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
LONGEST_MAIL = 254
UNFIT = re.compile(f"[{BROKEN}{TURNING}{NONCHARACTERS}]")


def one_line(text: str) -> str:
    """Without control and direction signs, blanks folded, composed (NFC)."""
    return " ".join(_clean(text).split())


def paragraphs(text: str) -> str:
    """The same, but lines stay lines."""
    lines = _clean(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def plain_digits(text: str) -> str:
    """What an input method for Chinese makes of digits and signs, as ASCII: `１４００` is 1400."""
    return unicodedata.normalize("NFKC", text).strip()


def mail_problem(text: str) -> bool:
    return len(text) > LONGEST_MAIL or not MAIL.fullmatch(text) or ".." in text


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", UNFIT.sub("", text))
