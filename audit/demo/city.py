"""The sample city, made whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import inspect

from audit.accounts.queries import people as accounts
from audit.clusters.actions import settle
from audit.clusters.queries import homes, spots
from audit.clusters.rules import clusters
from audit.core.clock import at, now
from audit.core.db import db, transaction

from .assigning import assign_one
from .happenings import shots_of
from .messages import day_by_day, leave_inboxes
from .papers import write_papers
from .pictures import SMALL, USUAL, take_pictures
from .plan import DAYS, plan_city
from .reading import people
from .telling import City, move_in, split_one, tell

PASSWORD = "tantu-demo-ziyang"  # noqa: S105 -- printed for everybody who tries the demonstration
FIRST_PEOPLE = frozenset({"admin", "security"})  # made by `init`
SPLIT_AGO = timedelta(days=2)
ASSIGNED_AGO = timedelta(minutes=1)
PAPERS_AGO = timedelta(minutes=20)
BEGINNING = timedelta(days=DAYS + 1)


@dataclass(frozen=True)
class Residents:
    """Who has an account: people of the sample city, and others but the first administrators."""

    sample: int
    others: tuple[str, ...]


def find_residents() -> Residents | None:
    """None where the database has no tables yet."""
    if not inspect(db.engine).has_table("user_account"):
        return None
    logins, ours = {user.login for user in accounts()}, {one.login for one in people()}
    return Residents(len(logins & ours), tuple(sorted(logins - ours - FIRST_PEOPLE)))


def build_city(seed: int, say: Callable[[str], None], *, small: bool = False) -> City:
    """Fill the database with two months of the sample city, in one transaction.

    Raises whatever an action raises; then nothing has been added but files of photos, which a
    second try finds again.
    """
    end = now()
    happenings = plan_city(seed, end, small=small)
    shots = [shot for one in happenings for shot in shots_of(one)]
    say(f"画示例照片，共 {len(set(shots))} 张……")
    city = City(seed, take_pictures(shots, SMALL if small else USUAL, say))
    say("登记人员、设施，提交检查，办理问题……")
    with transaction():
        with at(end - BEGINNING):
            move_in(city, PASSWORD)
        tell(day_by_day(happenings, end), city)
        with at(end):
            settle(clusters(spots()), homes())
        split_one(city, end - SPLIT_AGO)
        write_papers(city, end - PAPERS_AGO)
        assign_one(city, end - ASSIGNED_AGO)
        leave_inboxes(end)
    return city
