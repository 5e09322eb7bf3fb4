"""What is done to accounts, organisations and sessions. Every act lands in the journal."""

from .organisations import (
    add_organisation,
    close_organisation,
    edit_organisation,
    register_organisation,
    reopen_organisation,
)
from .passwords import change_password, check_password
from .people import (
    add_user,
    disable_user,
    edit_user,
    enable_user,
    grant_role,
    reset_password,
    revoke_role,
)
from .sessions import note_failure, sign_in, sign_out, too_many_tries, touch_session

__all__ = [
    "add_organisation",
    "add_user",
    "change_password",
    "check_password",
    "close_organisation",
    "disable_user",
    "edit_organisation",
    "edit_user",
    "enable_user",
    "grant_role",
    "note_failure",
    "register_organisation",
    "reopen_organisation",
    "reset_password",
    "revoke_role",
    "sign_in",
    "sign_out",
    "too_many_tries",
    "touch_session",
]
