"""Where things stand in a TOML text, which the parser of the standard library does not tell.

Knows what checklists use: `[table]` and `[[table]]` headers, keys, arrays over several lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

HEADER = re.compile(r"\[\[?\s*([\w.-]+)\s*\]\]?$")
KEY = re.compile(r"([\w-]+)\s*[.=]")
STRINGS_AND_COMMENTS = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)


@dataclass
class Block:
    """A table: the line of its header (1 for the file itself), of its keys, and its tables."""

    line: int
    source: list[str]
    end: int
    keys: dict[str, int] = field(default_factory=dict)
    blocks: dict[str, list["Block"]] = field(default_factory=dict)

    def line_of(self, key: str, needle: str = "") -> int:
        """Of the key, or of the first line of its value that holds `needle`; else the header's."""
        start = self.keys.get(key)
        if start is None:
            inner = self.blocks.get(key)
            return inner[0].line if inner else self.line
        later = [line for line in self.keys.values() if line > start]
        span = range(start, min(later, default=self.end)) if needle else ()
        return next((line for line in span if needle in self.source[line - 1]), start)

    def inside(self, name: str) -> list["Block"]:
        return self.blocks.get(name, [])


def scan(text: str) -> Block:
    """The file as a block with blocks inside, in the order of the text."""
    source = text.splitlines()
    root = Block(1, source, len(source) + 1)
    current = root
    for number, line in _lines_outside_values(text):
        header = HEADER.match(line.strip())
        if header:
            current.end = number
            current = _open(root, header[1].split("."), number)
            continue
        key = KEY.match(line.strip())
        if key:
            current.keys.setdefault(key[1], number)
    return root


def _open(root: Block, path: list[str], line: int) -> Block:
    parent = root
    for name in path[:-1]:
        parent = parent.blocks.setdefault(name, [Block(line, root.source, line)])[-1]
    block = Block(line, root.source, len(root.source) + 1)
    parent.blocks.setdefault(path[-1], []).append(block)
    return block


def _lines_outside_values(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines that begin a header or a key, and do not continue a value."""
    bare = STRINGS_AND_COMMENTS.sub(_blank, text)
    depth = 0
    for number, line in enumerate(bare.splitlines(), 1):
        if depth == 0:
            yield number, line
            if HEADER.match(line.strip()):
                continue
        opened, closed = (sum(map(line.count, brackets)) for brackets in ("[{", "]}"))
        depth = max(0, depth + opened - closed)


def _blank(found: re.Match[str]) -> str:
    """The same number of lines with nothing on them."""
    return ("" if found[0].startswith("#") else '""') + "\n" * found[0].count("\n")
