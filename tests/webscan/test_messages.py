"""What axe-core says of an element, as a list of points."""

from audit.webscan.rules.messages import Part, parts_of


def test_points_stand_below_what_is_to_be_done_with_them() -> None:
    said = "Fix all of the following:\n  First\n  Second\n\nFix any of the following:\n  Third"
    assert parts_of(said) == [
        Part("Fix all of the following:", ("First", "Second")),
        Part("Fix any of the following:", ("Third",)),
    ]


def test_a_plain_sentence_has_no_points_and_nothing_says_nothing() -> None:
    assert parts_of("No alt") == [Part("No alt", ())]
    assert parts_of("") == [] == parts_of(" \n\n ")
