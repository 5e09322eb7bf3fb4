from .choosing import Typed, control, parse_wishes
from .inbox import parse_filter, parse_topic

__all__ = ["Typed", "control", "parse_filter", "parse_topic", "parse_wishes"]
