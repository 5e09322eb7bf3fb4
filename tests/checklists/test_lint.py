"""Each case breaks one thing in a list that has no error; HERE marks the line to be named."""

from pathlib import Path

import pytest

from audit.checklists.lint import lint_folder, lint_text

from .small import SMALL, edition_hash

FILE = "small.toml"
HERE = "  # HERE"
TITLE = "a title of at most {} characters, without digits and full stops"


def broken(old: str, new: str) -> str:
    assert old in SMALL
    return SMALL.replace(old, new, 1)


def found(text: str, **published: str) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in lint_text(text, FILE, published or None)]


def line_of_mark(text: str) -> int:
    (line,) = [n for n, one in enumerate(text.splitlines(), 1) if HERE in one]
    return line


def test_a_list_that_keeps_the_rules_has_no_errors() -> None:
    assert found(SMALL) == []


SHAPE = {
    "a key nobody knows": (
        'photo = "always"\n',
        'photo = "always"\nphotos = 3' + HERE + "\n",
        "unknown key photos",
    ),
    "a key nobody knows in a limit": (
        "  value = 1200\n",
        "  value = 1200\n  vaule = 1200" + HERE + "\n",
        "unknown key vaule",
    ),
    "a question without English": (
        'ask = { zh = "多宽？", en = "How wide?" }',
        'ask = { zh = "多宽？" }' + HERE,
        "ask: en is missing",
    ),
    "an empty Chinese text": (
        'how = { zh = "数一数。", en = "Count." }',
        'how = { zh = " ", en = "Count." }' + HERE,
        "how: zh: must be one step a line, not empty and not numbered",
    ),
    "steps that are numbered": (
        'how = { zh = "数一数。", en = "Count." }',
        'how = { zh = "数一数。", en = "Look.\\n2. Count." }' + HERE,
        "how: en: must be one step a line, not empty and not numbered",
    ),
    "a problem without English": (
        'problem = { zh = "宽度不足", en = "Too narrow" }',
        'problem = { zh = "宽度不足" }' + HERE,
        "problem: en is missing",
    ),
    "an empty problem": (
        'problem = { zh = "宽度不足", en = "Too narrow" }',
        'problem = { zh = " ", en = "Too narrow" }' + HERE,
        f"problem: zh: must be {TITLE.format(20)}",
    ),
    "a problem of 21 Chinese characters": (
        'problem = { zh = "宽度不足", en = "Too narrow" }',
        f'problem = {{ zh = "{"窄" * 21}", en = "Too narrow" }}' + HERE,
        f"problem: zh: must be {TITLE.format(20)}",
    ),
    "a problem of 61 Latin letters": (
        'problem = { zh = "宽度不足", en = "Too narrow" }',
        f'problem = {{ zh = "宽度不足", en = "{"n" * 61}" }}' + HERE,
        f"problem: en: must be {TITLE.format(60)}",
    ),
    "a problem that tells the limit": (
        'problem = { zh = "宽度不足", en = "Too narrow" }',
        'problem = { zh = "宽度不足1200", en = "Too narrow" }' + HERE,
        f"problem: zh: must be {TITLE.format(20)}",
    ),
    "a problem that ends like a sentence": (
        'problem = { zh = "宽度不足", en = "Too narrow" }',
        'problem = { zh = "宽度不足", en = "Too narrow." }' + HERE,
        f"problem: en: must be {TITLE.format(60)}",
    ),
    "an unknown unit": (
        'unit = "mm"',
        'unit = "cm"' + HERE,
        "unit: must be one of mm, %, N, s, m2",
    ),
    "an unknown severity": (
        'severity = "S3"',
        'severity = "S9"' + HERE,
        "severity: must be one of S1, S2",
    ),
    "an edition that is no edition": (
        'edition = "2026.1"',
        'edition = "new"' + HERE,
        "edition: must be a year and a number, as 2026.1",
    ),
    "a text that is not TOML": ('fault = "works"', "fault = works" + HERE, "not TOML: "),
    "an era without a day": (
        "  value = 1200\n",
        '  value = 1200\n  era = "before-long"' + HERE + "\n",
        "era: must be before- and a date, as before-2022-04-01",
    ),
}

MEANING = {
    "two items of one id": ('id = "sm-bays"', 'id = "sm-width"' + HERE, "id sm-width stands twice"),
    "an id without the prefix": ('id = "sm-bays"', 'id = "bays"' + HERE, "id must begin with sm-"),
    "two options of one id": (
        '{ id = "level", zh = "平坡", en = "Level" },\n  { id = "steps", zh',
        '{ id = "level", zh = "平坡", en = "Level" },' + HERE + '\n  { id = "level", zh',
        "id level stands twice",
    ),
    "an unknown section": (
        'section = "all"\nask = { zh = "几个',
        'section = "none"' + HERE + '\nask = { zh = "几个',
        "unknown section none",
    ),
    "a condition on an unknown item": (
        '  { item = "sm-form", is = ["level"] },',
        '  { item = "sm-shape", is = ["level"] },' + HERE,
        "sm-shape is no item of this list",
    ),
    "a condition on an unknown option": (
        '  { item = "sm-form", is = ["level"] },',
        '  { item = "sm-form", is = ["flat"] },' + HERE,
        "unknown option flat",
    ),
    "relevance that looks forward": (
        '  { item = "sm-form", is = ["level"] },',
        '  { item = "sm-bays", field = "ours", above = 1 },' + HERE,
        "sm-bays stands later: relevance looks back",
    ),
    "an unknown fact": (
        '  { item = "sm-form", is = ["level"] },',
        '  { fact = "age", is = ["old"] },' + HERE,
        "unknown fact age",
    ),
    "a fact that is never so": (
        '  { item = "sm-form", is = ["level"] },',
        '  { fact = "works", is = ["ancient"] },' + HERE,
        "fact works is never ancient",
    ),
    "a choice compared like a number": (
        '  { item = "sm-form", is = ["level"] },',
        '  { item = "sm-form", above = 3 },' + HERE,
        "sm-form is compared the wrong way",
    ),
    "a condition that says two things": (
        "relevant = [\n" + '  { item = "sm-form", is = ["level"] },',
        "relevant = [" + HERE + '\n  { item = "sm-form", fact = "works", is = ["level"] },',
        "a condition has item, fact or any, and only one of them",
    ),
    "a limit without its number": (
        '  op = ">="\n  value = 1200',
        '  op = ">="' + HERE,
        "op >= needs value",
    ),
    "a limit with a number too many": (
        "  value = 1200\n",
        "  value = 1200\n  high = 1300" + HERE + "\n",
        "op >= has no high",
    ),
    "a limit that does not fit the question": (
        '  op = "is"\n  values = ["level"]',
        '  op = "has_all"' + HERE + '\n  values = ["level"]',
        "op has_all does not fit type choice",
    ),
    "a limit on an unknown option": (
        '  values = ["level"]',
        '  values = ["flat"]' + HERE,
        "unknown option flat",
    ),
    "a limit on an unknown field": (
        '  field = "ours"',
        '  field = "theirs"' + HERE,
        "sm-bays has no field theirs",
    ),
    "a share of an unknown field": (
        '  of = "total"',
        '  of = "whole"' + HERE,
        "of: whole is no number of this item",
    ),
    "a number without a unit": (
        'type = "number"\nunit = "mm"',
        'type = "number"' + HERE,
        "a number has a unit (mm, %, N, s, m2, dp, ratio), and nothing else has",
    ),
    "an unknown code": (
        'cite = ["GB55019 2.3.2"]',
        'cite = ["GB99 2.3.2"]' + HERE,
        "GB99 2.3.2 names no row of instruments.toml",
    ),
    "a mandatory item without a mandatory code": (
        'cite = ["GB55019 2.3.2"]',
        'cite = ["GB50763 3.4.2"]' + HERE,
        "force M1 needs a mandatory_code among the citations",
    ),
    "a judged item without any clause": (
        'cite = ["GB55019 2.3.2"]',
        "cite = []" + HERE,
        "only advice of our own goes without a citation",
    ),
    "a branching item with a limit": (
        'force = "M2"\n',
        'force = "info"' + HERE + "\n",
        "force info only branches, so the item has no limit",
    ),
    "a name that is not the file's": (
        'id = "small"',
        'id = "tiny"' + HERE,
        "the file must be named tiny.toml",
    ),
}

EXAMPLES = {
    "no example that passes": (
        'id = "sm-form"\n',
        'id = "sm-form"' + HERE + "\n",
        '  [[item.example]]\n  answer = "level"\n  expect = "pass"\n',
        "sm-form has no example that passes",
    ),
    "no example that fails": (
        'id = "sm-form"\n',
        'id = "sm-form"' + HERE + "\n",
        '  [[item.example]]\n  answer = "steps"\n  facts = { built_on = 2023-05-01 }\n'
        '  expect = "fail"\n  outcome = "breach"\n',
        "sm-form has no example that fails",
    ),
}

TRUTH = {
    "no example at the limit": (
        '  op = ">="\n  value = 1200\n\n  [[item.example]]\n  answer = 1200',
        '  op = ">="' + HERE + "\n  value = 1200\n\n  [[item.example]]\n  answer = 1201",
        "no example exactly at the lower limit 1,200 that passes",
    ),
    "no example just outside the limit": (
        '  op = ">="\n  value = 1200\n\n  [[item.example]]\n  answer = 1200\n  expect = "pass"\n'
        "\n  [[item.example]]\n  answer = 1199",
        '  op = ">="' + HERE + "\n  value = 1200\n\n  [[item.example]]\n  answer = 1200\n"
        '  expect = "pass"\n\n  [[item.example]]\n  answer = 1198',
        "no example within 1 outside the lower limit 1,200 that does not pass",
    ),
    "no example at a computed limit": (
        '  op = "share"\n  percent = 2',
        '  op = "share"' + HERE + "\n  percent = 1.6",
        "no example within 1 outside the lower limit by share that does not pass",
    ),
    "an example whose verdict differs": (
        '  answer = 1199\n  expect = "fail"',
        '  answer = 1199\n  expect = "pass"' + HERE,
        "expect is fail, not pass",
    ),
    "an example whose outcome differs": (
        '  outcome = "below"',
        '  outcome = "breach"' + HERE,
        "outcome is below, not breach",
    ),
    "an example with an unknown option": (
        '  answer = "steps"',
        '  answer = "stairs"' + HERE,
        "sm-form: Choose one of the options.",
    ),
    "an example that answers an unknown item": (
        "  answer = 1199\n",
        "  answer = 1199\n  others = { sm-nothing = true }" + HERE + "\n",
        "'sm-nothing' is no item of this list",
    ),
}


@pytest.mark.parametrize("case", [*SHAPE.values(), *TRUTH.values()], ids=[*SHAPE, *TRUTH])
def test_a_mistake_is_named_with_its_line(case: tuple[str, str, str]) -> None:
    old, new, reason = case
    text = broken(old, new)
    assert (line_of_mark(text), reason) in [
        (line, told[: len(reason)]) for line, told in found(text)
    ]


@pytest.mark.parametrize("case", MEANING.values(), ids=MEANING)
def test_a_reference_that_leads_nowhere_is_named_with_its_line(case: tuple[str, str, str]) -> None:
    old, new, reason = case
    text = broken(old, new)
    assert (line_of_mark(text), reason) in found(text)


@pytest.mark.parametrize("case", EXAMPLES.values(), ids=EXAMPLES)
def test_an_item_without_enough_examples_is_named(case: tuple[str, str, str, str]) -> None:
    old, new, dropped, reason = case
    assert dropped in SMALL
    text = broken(old, new).replace(dropped, "", 1)
    assert (line_of_mark(text), reason) in found(text)


def test_a_missing_key_is_told_at_the_header_of_its_table() -> None:
    text = broken('severity = "S3"\n', "").replace(
        '[[item]]\nid = "sm-bays"', "[[item]]" + HERE + '\nid = "sm-bays"'
    )
    assert found(text) == [(line_of_mark(text), "severity is missing")]


def test_a_judged_item_without_a_name_for_its_failure_is_told_at_its_header() -> None:
    text = broken('problem = { zh = "宽度不足", en = "Too narrow" }\n', "").replace(
        '[[item]]\nid = "sm-width"', "[[item]]" + HERE + '\nid = "sm-width"'
    )
    assert found(text) == [(line_of_mark(text), "problem is missing: what is a failure called?")]


@pytest.mark.parametrize("key", ['  era = "before-2022-04-01"', None])
def test_an_item_that_is_never_judged_has_no_problem(key: str | None) -> None:
    limit = '  [[item.limit]]\n  op = "is"\n  values = ["level"]\n'
    text = broken(limit, limit + key + "\n" if key else "").replace(
        'en = "Steps only" }', 'en = "Steps only" }' + HERE, 1
    )
    assert (line_of_mark(text), "an item that is never judged has no problem") in found(text)


@pytest.mark.parametrize(("zh", "en"), [("窄" * 20, "n" * 60), ("窄", "n")])
def test_a_problem_may_be_as_long_as_a_title(zh: str, en: str) -> None:
    old = '{ zh = "宽度不足", en = "Too narrow" }'
    assert found(broken(old, f'{{ zh = "{zh}", en = "{en}" }}')) == []


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    text = broken('unit = "mm"', 'unit = "cm"').replace('severity = "S3"', 'severity = "S9"')
    assert len(found(text)) == 2


def test_a_published_edition_may_not_change() -> None:
    published = {"small 2026.1": edition_hash(SMALL)}
    text = broken('edition = "2026.1"', 'edition = "2026.1"' + HERE).replace("1200", "1300")
    text = text.replace("answer = 1199", "answer = 1299")
    assert found(SMALL, **published) == []
    reason = "edition 2026.1 is published with other content: raise the edition"
    assert found(text, **published) == [(line_of_mark(text), reason)]


def test_a_changed_list_under_a_new_edition_is_no_error() -> None:
    published = {"small 2026.1": edition_hash(SMALL)}
    assert found(SMALL.replace("2026.1", "2026.2").replace("S3", "S2"), **published) == []


def test_a_published_edition_that_is_gone_is_told_at_its_line_of_the_lock(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL, "utf-8")
    lock = tmp_path / "editions.lock"
    lock.write_text(f'"small 2025.1" = "0"\n"small 2026.1" = "{edition_hash(SMALL)}"\n')
    assert [str(one) for one in lint_folder(tmp_path)] == [
        f"{lock}:1: published edition small 2025.1 is gone"
    ]


def test_a_past_edition_bears_its_edition_in_its_file_name(tmp_path: Path) -> None:
    (tmp_path / "past").mkdir()
    past = tmp_path / "past" / "small.toml"
    past.write_text(SMALL, "utf-8")
    assert [str(one) for one in lint_folder(tmp_path)] == [
        f"{past}:1: the file must be named small.2026.1.toml"
    ]
    past.rename(tmp_path / "past" / "small.2026.1.toml")
    assert lint_folder(tmp_path) == []
