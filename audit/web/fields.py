"""Text as people type or paste it, made fit to be kept: for forms of every room."""

import unicodedata

# Bidi overrides turn a name or a file's ending around; zero-width signs make two names look alike.
# The joiners U+200C and U+200D stay out too: no Chinese name needs them.
TURNING = frozenset("\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066"
                    "\u2067\u2068\u2069\ufeff")  # fmt: skip


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


def _clean(text: str) -> str:
    kept = (sign for sign in text if sign in "\n\t" or not _is_unfit(sign))
    return unicodedata.normalize("NFC", "".join(kept))


def _is_unfit(sign: str) -> bool:
    """Control signs, halves of pairs, noncharacters: XML, so every document, refuses them."""
    if sign in TURNING:
        return True
    kind = unicodedata.category(sign)
    return kind in {"Cc", "Cs"} or (kind == "Cn" and ord(sign) & 0xFFFE == 0xFFFE)
