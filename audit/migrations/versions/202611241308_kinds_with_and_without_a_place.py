"""kinds with and without a place, with and without an address on the web"""

import sqlalchemy as sa
from alembic import op

revision = "202611241308"
down_revision = "202611241258"
branch_labels = None
depends_on = None

OLD = {
    "place_unless_website": "(kind = 'website') = (lon is null)",
    "url_iff_website": "(kind = 'website') = (url is not null)",
}
NEW = {
    "place_by_kind": "(kind in ('vehicle', 'website', 'app', 'event')) = (lon is null)",
    "url_where_needed": "url is not null or kind not in ('website', 'app')",
    "url_where_allowed": (
        "url is null or kind not in ('road', 'crossing', 'bridge', 'toilet', 'building', "
        "'bus_stop', 'parking', 'park', 'residential', 'vehicle', 'kiosk', 'service', 'sample')"
    ),
}
KNOWN_BEFORE = ("toilet", "road", "building", "website")


def upgrade() -> None:
    _exchange(OLD, NEW)


def downgrade() -> None:
    """Refused while there are facilities of a kind that the release before does not know."""
    facility = sa.table("facility", sa.column("kind", sa.String))
    others = sa.select(sa.func.count()).where(facility.c.kind.not_in(KNOWN_BEFORE))
    count = op.get_bind().scalar(others.select_from(facility))
    if count:
        raise RuntimeError(f"{count} facilities are of kinds that the release before cannot keep")
    _exchange(NEW, OLD)


def _exchange(gone: dict[str, str], come: dict[str, str]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(gone, come)
        return
    for name in gone:
        op.drop_constraint(op.f(f"ck_facility_{name}"), "facility", type_="check")
    for name, condition in come.items():
        op.create_check_constraint(op.f(f"ck_facility_{name}"), "facility", condition)


def _rewrite(gone: dict[str, str], come: dict[str, str]) -> None:
    """SQLite changes a check only by copying the table, which the rows that point to it forbid; so
    the table's own text is changed, as https://sqlite.org/lang_altertable.html has it."""
    bind = op.get_bind()
    text = str(bind.scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = 'facility'")))
    first, *others = gone.items()
    for name, condition in others:
        text = _without(text, f", \n\t{_clause(name, condition)}")
    new = ", \n\t".join(_clause(*one) for one in come.items())
    if _clause(*first) not in text:
        raise RuntimeError(f"the table has no check {first[0]}")
    text = text.replace(_clause(*first), new)
    version = int(bind.scalar(sa.text("PRAGMA schema_version")) or 0)
    bind.execute(sa.text("PRAGMA writable_schema = ON"))
    bind.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = 'facility'"),
        {"sql": text},
    )
    bind.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    bind.execute(sa.text("PRAGMA writable_schema = OFF"))
    wrong = bind.scalars(sa.text("PRAGMA integrity_check('facility')")).all()
    if wrong != ["ok"]:
        raise RuntimeError(f"the table does not fit its new checks: {wrong}")


def _clause(name: str, condition: str) -> str:
    return f"CONSTRAINT ck_facility_{name} CHECK ({condition})"


def _without(text: str, part: str) -> str:
    if part not in text:
        raise RuntimeError(f"the table has no {part.strip(', ')}")
    return text.replace(part, "")
