"""Errors with their place."""

from dataclasses import dataclass, field

from .places import Block


@dataclass(frozen=True, order=True)
class LintError:
    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass
class Report:
    """Collects the errors of one file."""

    file: str
    errors: list[LintError] = field(default_factory=list)

    def add(self, line: int, reason: str) -> None:
        self.errors.append(LintError(self.file, line, reason))

    def at(self, block: Block, key: str, reason: str, needle: str = "") -> None:
        self.add(block.line_of(key, needle), reason)
