"""Up, down and up again, with data in, on SQLite and on PostgreSQL."""

import hashlib
import textwrap
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import MetaData, create_engine, func, inspect, make_url, select, text
from sqlalchemy.exc import DatabaseError

from audit.alerts.jobs import remind_people
from audit.app import create_app
from audit.assignments.models import Assignment
from audit.clocks.actions import choose_limit, set_day
from audit.clocks.rules import Limit, Scope, Stage, Unit
from audit.core.clock import at, now
from audit.core.db import Base, db, is_sqlite, transaction
from audit.core.settings import Settings
from audit.districts.actions import load_districts
from audit.facilities.rules import FacilityKind
from audit.journal.queries import first_broken_link
from audit.notices.actions import keep_wishes
from audit.notices.rules import Channel, Pace, Topic, Wishes
from audit.policy.actions import choose
from audit.setup import alembic_config, migrate
from tests.assignments.sending import send
from tests.conftest import NAME, SERVER
from tests.documents.papers import Papers
from tests.factories import Factory
from tests.filling import fill_the_rest
from tests.notices import making
from tests.web.test_english import scan_of

AWKWARD = "公厕 '\"\\ %s {{7*7}} <b> 🚻 ﷽ Ω≈ç"
Hashes = dict[str, dict[str, str]]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """An application whose database holds nothing at all, not even tables."""
    address = ""
    if SERVER:
        address = make_url(SERVER).set(database=f"{NAME}_steps").render_as_string(False)
        _remake(f"{NAME}_steps")
    app = create_app(Settings(var_dir=tmp_path, database_url=address))
    del app.extensions["queue"]  # which would make tables of its own in PostgreSQL
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _remake(name: str) -> None:
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()


def revisions() -> list[str]:
    """From the first to the newest."""
    script = ScriptDirectory.from_config(alembic_config())
    return [one.revision for one in script.walk_revisions()][::-1]


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def row_hashes() -> Hashes:
    """For each table and column one hash over all its values, rows in the order of their key."""
    found: Hashes = {}
    metadata = MetaData()
    with db.engine.connect() as connection:
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            rows = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
            found[table.name] = {
                column.name: hashlib.sha256(repr([row[place] for row in rows]).encode()).hexdigest()
                for place, column in enumerate(table.columns)
            }
    found.pop("alembic_version")
    return found


def plain(value: object) -> str:
    """Mappings by their keys, SQL by its text."""
    if isinstance(value, dict):
        return str(sorted((str(key), plain(part)) for key, part in value.items()))
    return str(value)


def shape() -> dict[str, object]:
    """Columns, keys, indexes and triggers, as the database itself tells them."""
    looking = inspect(db.engine)
    triggers = "select name from sqlite_master where type = 'trigger'"
    if not is_sqlite():
        triggers = "select tgname from pg_trigger where not tgisinternal"
    found: dict[str, object] = {"triggers": sorted(db.session.scalars(text(triggers)))}
    for name in sorted(tables()):
        found[name] = {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"]) for c in looking.get_columns(name)
            ],
            "key": looking.get_pk_constraint(name),
            "foreign": sorted(map(plain, looking.get_foreign_keys(name))),
            "checks": sorted(map(plain, looking.get_check_constraints(name))),
            "indexes": sorted(map(plain, looking.get_indexes(name))),
        }
    db.session.rollback()
    return found


def fill(app: Flask) -> None:
    """Something in every table."""
    with transaction():
        load_districts()
    make = Factory(app)
    owner = make.organisation(AWKWARD)
    paper = Papers(app, make)
    paper.files(paper.issued([make.fixed(owner)], asks=AWKWARD))
    send(make, make.dispatched(owner))
    me, office = make.actor("coordinator"), make.actor("administrator", district=None)
    scan_of(app, make.facility(FacilityKind.WEBSITE, name=AWKWARD), me)
    make.session_of(make.person("security", name="某安全员"))
    place = make.toilet(name=AWKWARD)
    make.draft(place, make.actor("supervisor"), {"note": [AWKWARD]})
    make.measure(place, me)
    make.duty(place, owner, me)
    make.cluster(me)
    make.facility_file(me)
    make.photo(me)
    make.people_file(me)
    make.saved_view(me, name="共享的", query="", shared=True)
    preview = make.preview()
    making.notice(app, me, AWKWARD)
    making.webhook(app, office)
    make.proposal()
    with transaction():
        choose_limit(Scope(Stage.CONFIRM), Limit(3, Unit.DAYS), AWKWARD, office)
        set_day(date(2027, 3, 3), False, AWKWARD, office)
        choose("slope_tolerance", 0.3, AWKWARD, office)
        paces = {(Channel.MAIL, Topic.NEWS): Pace.DAILY}
        keep_wishes(Wishes("wang@example.cn", "13800138000", paces=paces), me)
    fill_the_rest(make, preview, office, AWKWARD)
    with at(now() + timedelta(days=400)):
        remind_people()
    db.session.rollback()


def test_rows_stand_in_every_table(empty: Flask) -> None:
    migrate()
    fill(empty)
    metadata = MetaData()
    with db.engine.connect() as connection:
        metadata.reflect(connection)
        bare = {
            table.name
            for table in metadata.sorted_tables
            if connection.scalar(select(func.count()).select_from(table)) == 0
        }
    assert not bare


def test_the_newest_revision_is_what_the_models_say(empty: Flask) -> None:
    migrate()
    command.check(alembic_config())
    assert tables() == set(Base.metadata.tables)


def test_revisions_stand_in_one_line(empty: Flask) -> None:
    script = ScriptDirectory.from_config(alembic_config())
    assert len(script.get_heads()) == 1
    assert revisions() == sorted(revisions()), "the name begins with the time"
    for one in script.walk_revisions():
        assert (one.doc or "").strip(), f"{one.revision} does not say what it does"


def test_down_to_nothing_and_up_again_gives_the_same_shape(empty: Flask) -> None:
    migrate()
    first = shape()
    command.downgrade(alembic_config(), "base")
    assert tables() == set()
    migrate()
    assert shape() == first
    with transaction():
        assert load_districts() > 90


def test_each_step_back_and_forth_keeps_every_row(empty: Flask) -> None:
    migrate()
    fill(empty)
    line = ["base", *revisions()]
    for older, newer in reversed(list(pairwise(line))):
        before = row_hashes()
        assert before, newer
        command.downgrade(alembic_config(), older)
        left = row_hashes()
        migrate(newer)
        after = row_hashes()
        for table, columns in left.items():
            for column in columns:
                if column in before.get(table, {}):
                    assert after[table][column] == before[table][column], (
                        f"{newer}: {table}.{column}"
                    )
        command.downgrade(alembic_config(), older)
        if older == "base":
            assert tables() == set()


def test_the_journal_is_whole_and_closed_after_the_steps(empty: Flask) -> None:
    migrate()
    fill(empty)
    for older in reversed(revisions()[:-1]):
        if "journal_entry" not in tables():
            break
        command.downgrade(alembic_config(), older)
    migrate()
    assert first_broken_link() is None
    db.session.rollback()
    for change in ("update journal_entry set why = 'x'", "delete from journal_entry"):
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(text(change))
        db.session.rollback()


def test_to_migrate_again_does_nothing(empty: Flask) -> None:
    migrate()
    fill(empty)
    before = row_hashes()
    migrate()
    assert row_hashes() == before


def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was(
    empty: Flask, tmp_path: Path
) -> None:
    migrate()
    fill(empty)
    before, rows = shape(), row_hashes()
    extra = tmp_path / "extra"
    extra.mkdir()
    (extra / "999912312359_fails.py").write_text(
        textwrap.dedent(f'''
            """a migration that fails"""
            import sqlalchemy as sa
            from alembic import op
            revision = "999912312359"
            down_revision = "{revisions()[-1]}"
            def upgrade():
                op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
                op.execute("update facility set name = 'half'")
                raise RuntimeError("the power went")
            def downgrade():
                pass
        ''').lstrip(),
        encoding="utf-8",
    )
    config = alembic_config()
    home = config.get_main_option("script_location")
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", f"{home}/versions:{extra}")
    with pytest.raises(RuntimeError, match="the power went"):
        command.upgrade(config, "head")
    assert shape() == before
    assert row_hashes() == rows
    migrate()


def test_who_signed_a_notice_is_sealed_by_its_step_and_plain_before_it(empty: Flask) -> None:
    migrate()
    with transaction():
        load_districts()
    make = Factory(empty)
    sent = send(make, make.dispatched(make.organisation()))
    with transaction() as session:
        session.get_one(Assignment, sent.id).signer_name = AWKWARD[:20]
    said = text("select signer_name from assignment")
    assert db.session.scalars(said).one() != AWKWARD[:20]
    db.session.rollback()
    command.downgrade(alembic_config(), "202611242055")
    assert db.session.scalars(said).one() == AWKWARD[:20]
    db.session.rollback()
    migrate()
    assert db.session.scalars(said).one() != AWKWARD[:20]
    assert db.session.scalars(select(Assignment.signer_name)).one() == AWKWARD[:20]
    db.session.rollback()
