from contextlib import suppress

from flask import Flask, g, session

from audit.core.clock import now
from audit.core.db import transaction
from audit.core.errors import Busy

from .. import actions, queries
from . import importing, organisations, people, signing

SEEN_EVERY_SECONDS = 300


def init_app(app: Flask) -> None:
    """Find out, before each request, who is asking."""

    @app.before_request
    def find_actor() -> None:
        token: str = session.get("token", "")
        found = queries.find_signed_in(token) if token else None
        if found is None:
            if token:
                session.clear()
            return
        living, user = found
        g.actor = queries.actor_of(user)
        g.must_change_password = user.must_change_password
        if (now() - living.seen_at).total_seconds() > SEEN_EVERY_SECONDS:
            with suppress(Busy), transaction():  # to be seen a little later does no harm
                actions.touch_session(token)

    for part in (signing, organisations, people, importing):
        app.register_blueprint(part.bp)
