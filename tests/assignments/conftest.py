"""Links that leave by mail and SMS go to servers of the test's own."""

from tests.notices.conftest import gateway, post, set_to

__all__ = ["gateway", "post", "set_to"]
