import pytest
from flask import Flask

from tests.documents.papers import Papers
from tests.factories import Factory


@pytest.fixture
def papers(app: Flask, make: Factory) -> Papers:
    return Papers(app, make)
