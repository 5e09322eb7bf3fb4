"""Send a notice, renew or revoke its link, begin a use of it, confirm its receipt."""

from .ending import forget_signers, mark_answered
from .links import begin_use, extend, leave, open_link, reissue, revoke
from .posting import page_of, reachable
from .sending import Made, Outlook, Told, foresee, grouped, make_assignments
from .signing import actor_of, confirm_receipt

__all__ = [
    "Made",
    "Outlook",
    "Told",
    "actor_of",
    "begin_use",
    "confirm_receipt",
    "extend",
    "foresee",
    "forget_signers",
    "grouped",
    "leave",
    "make_assignments",
    "mark_answered",
    "open_link",
    "page_of",
    "reachable",
    "reissue",
    "revoke",
]
