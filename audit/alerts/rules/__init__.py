"""Whom each step and each clock of a finding is told, and in which words. Pure.

A message names numbers, states and days, never a place, a person or what somebody wrote: it may
leave by mail, and it stays readable for who may no longer see the finding.
"""

from .messages import Message, Told, first_for_each, merged
from .reminding import ASKED_FOR, LAST_DAY, Kind, kind_due, reminder
from .telling import SILENT, TABLE, Telling, Who

__all__ = [
    "ASKED_FOR",
    "LAST_DAY",
    "SILENT",
    "TABLE",
    "Kind",
    "Message",
    "Telling",
    "Told",
    "Who",
    "first_for_each",
    "kind_due",
    "merged",
    "reminder",
]
