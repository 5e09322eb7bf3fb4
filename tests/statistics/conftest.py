import pytest

from tests.factories import Factory
from tests.statistics.town import Town


@pytest.fixture
def town(make: Factory) -> Town:
    return Town(make)
