"""What is done to accounts, organisations and sessions. Every act lands in the journal."""

from .importing import add_people, drop_import, keep_table, renew_codes, rows_of
from .organisations import (
    add_organisation,
    close_organisation,
    edit_organisation,
    register_organisation,
    reopen_organisation,
)
from .passwords import change_password, check_password, renew_terms
from .people import (
    add_user,
    disable_user,
    edit_user,
    enable_user,
    grant_role,
    reset_password,
    revoke_role,
)
from .sessions import sign_in, sign_out, touch_session
from .throttling import (
    Attempt,
    change_keys,
    check_turn,
    forgive,
    link_keys,
    note_failure,
    plain_login,
    take_turn,
)

__all__ = [
    "Attempt",
    "add_organisation",
    "add_people",
    "add_user",
    "change_keys",
    "change_password",
    "check_password",
    "check_turn",
    "close_organisation",
    "disable_user",
    "drop_import",
    "edit_organisation",
    "edit_user",
    "enable_user",
    "forgive",
    "grant_role",
    "keep_table",
    "link_keys",
    "note_failure",
    "plain_login",
    "register_organisation",
    "renew_codes",
    "renew_terms",
    "reopen_organisation",
    "reset_password",
    "revoke_role",
    "rows_of",
    "sign_in",
    "sign_out",
    "take_turn",
    "touch_session",
]
