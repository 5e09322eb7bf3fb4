"""Kinds of facility and what must be known of each. Pure."""

from .drafts import FacilityDraft, Review, read_span, search_text, span_text
from .kinds import KINDS, FacilityKind, KindFacts, UrlRule, kinds_with, narrowing_facts

__all__ = [
    "KINDS",
    "FacilityDraft",
    "FacilityKind",
    "KindFacts",
    "Review",
    "UrlRule",
    "kinds_with",
    "narrowing_facts",
    "read_span",
    "search_text",
    "span_text",
]
