"""Acts on a place of the register. Each is whole: whoever calls has nothing to see to."""

from .changing import edit, refuse, retire
from .joining import Along, merge, move, split
from .many import Given, Outlook, change_many, foresee

__all__ = [
    "Along",
    "Given",
    "Outlook",
    "change_many",
    "edit",
    "foresee",
    "merge",
    "move",
    "refuse",
    "retire",
    "split",
]
