"""A finding of a scan is titled with what is wrong."""

import json
import tomllib

from audit.webscan.axe import TAGS
from audit.webscan.rules.locale import DATA, VENDORED
from audit.webscan.rules.titles import rule_title

ASKING = ("必须", "应当", "应该", "must", "should")
KNOWN = json.loads((VENDORED / "locales" / "_template.json").read_text("utf-8"))["rules"]
OURS = tomllib.loads((DATA / "problems.toml").read_text("utf-8"))


def test_each_of_our_titles_is_of_a_rule_that_axe_has() -> None:
    assert set(OURS) <= set(KNOWN)


def test_titles_state_a_fault_in_few_words_and_ask_for_nothing() -> None:
    for rule, (zh, en) in OURS.items():
        assert len(zh) <= 20 and len(en) <= 60, rule
        assert not any(word in f"{zh} {en}" for word in ASKING), rule
        assert rule_title(rule).zh == zh


def test_a_rule_without_our_title_is_called_as_axe_calls_it() -> None:
    assert rule_title("audio-caption").en == KNOWN["audio-caption"]["help"]
    assert rule_title("no-such-rule").zh == "no-such-rule"


def test_every_rule_that_a_scan_can_violate_has_a_title() -> None:
    """Those left to axe are deprecated, experimental, of level AAA, or never run."""
    assert TAGS
    left = set(KNOWN) - set(OURS)
    assert left == {
        "aria-roledescription", "audio-caption", "color-contrast-enhanced", "css-orientation-lock",
        "duplicate-id", "duplicate-id-active", "focus-order-semantics", "frame-tested",
        "hidden-content", "identical-links-same-purpose", "meta-refresh-no-exceptions",
        "p-as-heading", "table-fake-caption", "td-has-header",
    }  # fmt: skip
