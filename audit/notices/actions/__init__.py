from .choosing import confirm_mail, keep_wishes
from .inbox import mark, mark_all, tell
from .sending import Parcel, settle, take_next

__all__ = [
    "Parcel",
    "confirm_mail",
    "keep_wishes",
    "mark",
    "mark_all",
    "settle",
    "take_next",
    "tell",
]
