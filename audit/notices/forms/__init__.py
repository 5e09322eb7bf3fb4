from .choosing import Typed, control, parse_wishes
from .hooks import TypedHook, parse_hook
from .inbox import parse_filter, parse_topic

__all__ = [
    "Typed",
    "TypedHook",
    "control",
    "parse_filter",
    "parse_hook",
    "parse_topic",
    "parse_wishes",
]
