"""The same words in both languages, for texts that come from data. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    zh: str
    en: str

    def in_(self, language: str) -> str:
        """`language` is "en" or anything else, which is Chinese."""
        return self.en if language == "en" else self.zh

    def alone(self, language: str) -> str:
        """For a value that begins a line or a cell, where English takes a capital."""
        words = self.in_(language)
        return words[:1].upper() + words[1:]

    def after(self, amount: float, language: str) -> str:
        """As a unit: "2 days", "1 day". The English is the plural."""
        words = (
            self.en.removesuffix("s") if language == "en" and amount == 1 else self.in_(language)
        )
        return f"{amount:g} {words}" if isinstance(amount, float) else f"{amount} {words}"
