from .choosing import confirm_mail, keep_wishes
from .hooks import Call, announce, register, replay, set_active, settle_hook, take_hook
from .inbox import mark, mark_all, tell
from .leaving import Parcel, settle, take_next
from .posting import post, withdraw
from .retrying import retry, retry_all

__all__ = [
    "Call",
    "Parcel",
    "announce",
    "confirm_mail",
    "keep_wishes",
    "mark",
    "mark_all",
    "post",
    "register",
    "replay",
    "retry",
    "retry_all",
    "set_active",
    "settle",
    "settle_hook",
    "take_hook",
    "take_next",
    "tell",
    "withdraw",
]
