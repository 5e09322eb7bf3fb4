"""Answers of one edition judged by another, summed up and said in words. Pure."""

from .judging import Change, Kept, Rejudged, State, Visit, facts_of, fitting, rejudge
from .summing import Sums, sums_of
from .words import CHANGES, VERDICTS

__all__ = [
    "CHANGES",
    "VERDICTS",
    "Change",
    "Kept",
    "Rejudged",
    "State",
    "Sums",
    "Visit",
    "facts_of",
    "fitting",
    "rejudge",
    "sums_of",
]
