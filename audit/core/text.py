"""The same words in both languages, for texts that come from data. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    zh: str
    en: str

    def in_(self, language: str) -> str:
        """`language` is "en" or anything else, which is Chinese."""
        return self.en if language == "en" else self.zh
