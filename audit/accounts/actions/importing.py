"""Many accounts from one table: all of them or none."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

from audit.core.actors import Actor
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Conflict
from audit.core.settings import settings
from audit.journal.actions import record
from audit.tables.reading import Row, Table

from ..models import PeopleImport, User
from ..queries import unused_of
from ..rules import PersonDraft
from .passwords import give_code
from .people import authority, journal_added, make_user, must_stand_above

UNREAD_DAYS = 1
SOME = 500  # parameters in one statement
CHANGED = _("名单里有登录名刚刚被别人用掉。请重新检查这份名单。")
DONE_ALREADY = _("这份名单已经导入。一次性密码只显示十分钟；没有记下的，可以重新发。")


def keep_table(import_id: UUID, name: str, table: Table, actor: Actor) -> PeopleImport:
    """The same id a second time gives the first one. What was left lying about goes."""
    _clear_old()
    known = db.session.get(PeopleImport, import_id)
    if known is not None:
        if known.created_by_id != actor.id:
            raise Conflict
        return known
    kept = PeopleImport(
        id=import_id,
        name=name[:200],
        columns=list(table.columns),
        rows=[[row.line, list(row.cells), row.overflows] for row in table.rows],
        user_ids=[],
        created_at=now(),
        created_by_id=actor.id,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def _clear_old() -> None:
    moment = now()
    unread = moment - timedelta(days=UNREAD_DAYS)
    done = moment - timedelta(days=settings().code_days)
    db.session.execute(
        delete(PeopleImport).where(
            (PeopleImport.created_at < done)
            | (PeopleImport.done_at.is_(None) & (PeopleImport.created_at < unread))
        )
    )


def rows_of(kept: PeopleImport) -> list[Row]:
    return [Row(line, tuple(cells), overflows) for line, cells, overflows in kept.rows]


def add_people(
    kept: PeopleImport, drafts: Sequence[PersonDraft], actor: Actor
) -> list[tuple[User, str]]:
    """Make every account, in the order given, with its one-time code. Raises `Conflict` when the
    table was taken in before."""
    if kept.done_at is not None:
        raise Conflict(DONE_ALREADY)
    giver = authority(actor)
    _check_logins([draft.login for draft in drafts])
    made = [make_user(draft, giver) for draft in drafts]
    db.session.flush()
    for user, _code in made:
        journal_added(actor, user)
    kept.user_ids = [str(user.id) for user, _code in made]
    kept.rows, kept.done_at = [], now()
    record(actor, "import", "people", kept.id, detail={"added": len(made)})
    return made


def _check_logins(logins: Sequence[str]) -> None:
    """None is taken and none comes twice."""
    free = len(set(logins)) == len(logins)
    for at in range(0, len(logins), SOME):
        taken = select(User.id).where(User.login.in_(logins[at : at + SOME])).limit(1)
        free = free and db.session.scalar(taken) is None
    if not free:
        raise Conflict(CHANGED)


def renew_codes(kept: PeopleImport, actor: Actor) -> list[tuple[User, str]]:
    """New codes for those of a table who have not signed in yet: the sheet was lost."""
    users = unused_of(kept)
    giver = authority(actor)
    made = []
    for user in users:
        must_stand_above(giver, user)
        made.append((user, give_code(user)))
        record(actor, "reset_password", "user", user.id)
    return made


def drop_import(kept: PeopleImport) -> None:
    db.session.delete(kept)
