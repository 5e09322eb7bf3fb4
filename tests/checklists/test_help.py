"""Help beside an item: why it matters, and drawings of right and wrong that carry its limits."""

import html
import re
from datetime import date
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from audit.checklists.loader import all_checklists, get_checklist
from audit.checklists.rules import DRAWINGS, FacilityFacts, Item, how_in_steps, limit_labels
from audit.core.settings import ROOT

FOLDER = ROOT / "templates" / "drawings"
TEMPLATES = Environment(
    loader=FileSystemLoader(ROOT / "templates"), undefined=StrictUndefined, autoescape=True
)
DRAWN = [item for checklist in all_checklists() for item in checklist.items if item.drawing]
CLASS = re.compile(r'class="([^"]+)"')


class Words(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""


def draw(item: Item, facts: FacilityFacts, language: str = "zh") -> tuple[str, str]:
    drawn = TEMPLATES.get_template(f"drawings/{item.drawing}.svg").module
    right, wrong = (
        Words({name: text.in_(language) for name, text in labels.items()})
        for labels in limit_labels(item, facts)
    )
    return str(drawn.right(right)), str(drawn.wrong(wrong))  # type: ignore[attr-defined]


def test_twenty_things_that_fail_most_often_are_drawn_and_each_drawing_is_used() -> None:
    files = {path.stem for path in FOLDER.glob("*.svg")} - {"parts"}
    assert files == set(DRAWINGS) == {item.drawing for item in DRAWN}
    assert len(files) == 20


@pytest.mark.parametrize("item", DRAWN, ids=lambda item: item.id)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_drawing_carries_the_limit_of_its_item_and_no_other_number(
    item: Item, language: str
) -> None:
    required, _missed = limit_labels(item, FacilityFacts())
    right, wrong = draw(item, FacilityFacts(), language)
    texts = [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]+)<", right + wrong)]
    both = limit_labels(item, FacilityFacts())
    assert set(texts) <= {text.in_(language) for labels in both for text in labels.values()}
    assert bool(required) is bool(texts)


def test_every_item_of_every_list_says_why_and_how_in_steps() -> None:
    for item in (item for checklist in all_checklists() for item in checklist.items):
        in_chinese, in_english = how_in_steps(item, "zh"), how_in_steps(item, "en")
        assert len(in_chinese) == len(in_english) >= 2, item.id
        assert item.why is not None and item.why.zh and item.why.en, item.id


def test_a_door_says_the_width_that_holds_for_its_works() -> None:
    door = get_checklist("public-building").item("pb-door-width")
    for built, width in ((date(2023, 5, 1), "900"), (date(2015, 5, 1), "800"), (None, "800")):
        right, wrong = draw(door, FacilityFacts(built_on=built))
        assert f"≥ {width} mm" in right and f"&lt; {width} mm" in wrong


def test_a_range_says_both_ends_and_what_lies_beyond() -> None:
    button = get_checklist("public-building").item("pb-lift-button")
    right, wrong = draw(button, FacilityFacts())
    assert "850–1,100 mm" in right
    assert "1,100 mm" in wrong and "850" not in wrong


def test_the_wrong_words_say_another_thing_than_the_right_ones() -> None:
    for drawing in DRAWINGS.values():
        assert not re.search(r"\d", drawing.right.zh + drawing.wrong.zh)
        assert drawing.right.zh != drawing.wrong.zh and drawing.right.en != drawing.wrong.en


def test_colours_come_from_the_theme_alone() -> None:
    sheet = (ROOT / "static" / "css" / "components" / "drawing.css").read_text("utf-8")
    styled = set(re.findall(r"\.(d-[a-z-]+)", sheet))
    for path in FOLDER.glob("*.svg"):
        text = path.read_text("utf-8")
        assert not re.search(r"(fill|stroke)=|style=|#[0-9a-f]{3}", _without_comments(text)), path
        used = {name for found in CLASS.findall(text) for name in found.split()}
        assert used <= styled, path


def _without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)


def test_every_judged_item_says_why() -> None:
    silent = [
        item.id
        for checklist in all_checklists()
        for item in checklist.items
        if item.limits and (item.why is None or item.why.zh == item.why.en)
    ]
    assert silent == []


def test_help_is_no_part_of_an_edition(tmp_path: Path) -> None:
    from tests.checklists.small import SMALL, edition_hash

    changed = SMALL.replace("进不去。", "另一句。")
    assert changed != SMALL and edition_hash(changed) == edition_hash(SMALL)
