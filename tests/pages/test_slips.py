"""The page with a one-time code: read without a fault, and there again after going back."""

from collections.abc import Callable

import pytest

from tests.factories import YANJIANG
from tests.pages.conftest import Reader, Site, pretty

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_slip_is_shown_again_to_who_goes_back_and_forward(
    inspect_as: Callable[..., Reader], site: Site, language: str
) -> None:
    reader = inspect_as("administrator", language, "auto")
    reader.open("/people/new")
    typed = {
        "login": f"slip-{language}",
        "name": "李明",
        "role": "supervisor",
        "district": YANJIANG,
    }
    for name, value in typed.items():
        script = "document.getElementById(arguments[0]).value = arguments[1]"
        reader.driver.execute_script(script, name, value)
    reader.send("main form")
    code = reader.text(".slip")
    assert f"slip-{language}" in code
    wrong = reader.look() | reader.enlarged() | reader.colours() | reader.on_paper()
    assert not wrong, pretty(wrong)
    reader.driver.back()
    reader.driver.forward()
    reader.settle()
    assert reader.text(".slip") == code
