from .choosing import confirm_mail, keep_wishes
from .hooks import Call, announce, register, replay, set_active, settle_hook, take_hook
from .inbox import mark, mark_all, tell
from .sending import Parcel, settle, take_next

__all__ = [
    "Call",
    "Parcel",
    "announce",
    "confirm_mail",
    "keep_wishes",
    "mark",
    "mark_all",
    "register",
    "replay",
    "set_active",
    "settle",
    "settle_hook",
    "take_hook",
    "take_next",
    "tell",
]
