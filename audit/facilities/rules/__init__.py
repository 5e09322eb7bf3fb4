"""Kinds of facility and what must be known of each. Pure."""

from .drafts import FacilityDraft, Review, read_span, search_text, span_text
from .kinds import KINDS, FacilityKind, KindFacts, UrlRule, kinds_with, narrowing_facts
from .revisit import AGES, ONCE, SEEN, Seen, age_of, due_on

__all__ = [
    "AGES",
    "KINDS",
    "ONCE",
    "SEEN",
    "FacilityDraft",
    "FacilityKind",
    "KindFacts",
    "Review",
    "Seen",
    "UrlRule",
    "age_of",
    "due_on",
    "kinds_with",
    "narrowing_facts",
    "read_span",
    "search_text",
    "span_text",
]
