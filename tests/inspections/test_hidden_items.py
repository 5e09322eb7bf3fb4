"""What was typed into an item that another answer has hidden stops nobody."""

from collections.abc import Callable
from uuid import UUID

from tests.careful import CarefulClient
from tests.factories import Factory
from tests.findings.test_journey import picture

SignIn = Callable[..., CarefulClient]


def file(browser: CarefulClient, place: UUID, **answers: object) -> tuple[int, str]:
    page = f"/inspections/new?facility={place}"
    html = browser.get(page).get_data(as_text=True)
    action = html.split('action="/inspections/')[1].split('"')[0]
    fields = {"facility": str(place), "checklist": "public-toilet", "action": "file", **answers}
    answer = browser.send(f"/inspections/{action}", fields, page)
    return answer.status_code, answer.get_data(as_text=True)


def test_nonsense_in_a_hidden_item_counts_for_nothing(make: Factory, signed_in: SignIn) -> None:
    nothing_there = {"wc-provision": ["none"], "photos.wc-provision": [picture()]}
    typed = {"wc-stall-width": "wide"}
    status, _ = file(signed_in("supervisor"), make.toilet(), **nothing_there, **typed)
    assert status == 303


def test_nonsense_in_an_item_that_applies_is_to_be_mended(make: Factory, signed_in: SignIn) -> None:
    there = {"wc-provision": ["male_stall"], "photos.wc-provision": [picture()]}
    status, page = file(
        signed_in("supervisor"), make.toilet(), **there, **{"wc-stall-width": "wide"}
    )
    assert status == 422
    assert "“wide”不是长度" in page
