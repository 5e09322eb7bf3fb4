"""What a list or a map is asked for wrongly."""

from collections.abc import Callable

import pytest

from tests.careful import CarefulClient
from tests.factories import Factory

SignIn = Callable[..., CarefulClient]


DATA = "/map/findings?bbox=104,29,106,31&z=9"


@pytest.mark.parametrize("path", ["/findings/", "/map/", DATA])
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("state=lost", 404), ("state=open&state=closed", 200), ("state=all&state=open", 200),
        ("returned=9&doubtful=x", 200), ("severity=S9", 404),
        ("severity=S1&severity=S4", 200), ("kind=castle", 404), ("organisation=x", 404),
        ("facility=x", 404), ("organisation=00000000-0000-0000-0000-000000000000", 200),
        ("district=" + "9" * 500, 200), ("q=%25", 200), ("q=" + "a" * 9000, 200), ("q=%00", 400),
        ("page=-1", 200), ("page=" + "9" * 50, 200), ("page=1e9", 200), ("state=", 200),
        ("q='%3B%20drop%20table%20finding", 200), ("q=%7B%7B7*7%7D%7D", 200),
    ],
)  # fmt: skip
def test_a_filter_is_understood_or_named_and_left_out(
    make: Factory, signed_in: SignIn, path: str, query: str, status: int
) -> None:
    joined = f"{path}{'&' if '?' in path else '?'}{query}"
    answer = signed_in("coordinator").get(joined)
    if status == 404 and path != DATA:  # data are never wider than asked for
        assert (answer.status_code, answer.headers["Location"]) == (302, path)
    else:
        assert answer.status_code == status


@pytest.mark.parametrize(
    "query",
    [
        "", "bbox=&z=", "bbox=1,2,3&z=9", "bbox=104,29,106,31", "z=9", "bbox=a,b,c,d&z=9",
        "bbox=106,29,104,31&z=9", "bbox=104,31,106,29&z=9", "bbox=NaN,29,106,31&z=9",
        "bbox=104,29,106,inf&z=9", "bbox=1e2,29,106,31&z=9", "bbox=104,29,106,31&z=-1",
        "bbox=104,29,106,31&z=22", "bbox=104,29,106,31&z=1e1", "bbox=104,29,106,31&z=９",
        "bbox=-181,29,106,31&z=9", "bbox=104,29,106,91&z=9", "bbox=104,29,106,31,32&z=9",
        "bbox=" + "1" * 500 + ",29,106,31&z=9", "bbox=104, 29,106,31&z=9",
    ],
)  # fmt: skip
def test_a_view_that_is_none_is_no_page(signed_in: SignIn, query: str) -> None:
    browser = signed_in("coordinator")
    for endpoint in ("findings", "facilities"):
        answer = browser.get(f"/map/{endpoint}?{query}", headers={"Accept": "application/json"})
        assert answer.status_code == 404, endpoint
        assert answer.mimetype == "application/problem+json"
        assert answer.json is not None and answer.json["status"] == 404
