"""what axe says in both languages"""

import sqlalchemy as sa
from alembic import op

revision = "202611241157"
down_revision = "202611241150"
branch_labels = None
depends_on = None

COMMENTS = (
    "target, snippet, message, picture (SHA-256) of each element",
    "target, frame_url, snippet, message (its place), picture (SHA-256) of each",
)
RESULT = sa.table(
    "scan_result", sa.column("id", sa.Uuid), sa.column("elements", sa.JSON),
    sa.column("messages", sa.JSON),
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("scan_result") as table:
        table.add_column(sa.Column("messages", sa.JSON))
    for key, elements in _rows():
        texts = list(dict.fromkeys(one["message"] for one in elements))
        messages = [{"zh": text, "en": ""} for text in texts]
        kept = [one | {"message": texts.index(one["message"])} for one in elements]
        _update(key, messages=messages, elements=[_without(one, "checks") for one in kept])
    with op.batch_alter_table("scan_result") as table:
        table.alter_column(
            "messages", nullable=False, existing_type=sa.JSON(),
            comment="what axe-core says of the elements, {zh, en}, each once",
        )  # fmt: skip
        _comment(table, *COMMENTS)


def downgrade() -> None:
    """Checks are not known again; nothing read them."""
    for key, elements, messages in _rows("messages"):
        told = [one | {"message": messages[one["message"]]["zh"], "checks": []} for one in elements]
        _update(key, elements=told)
    with op.batch_alter_table("scan_result") as table:
        table.drop_column("messages")
        _comment(table, *reversed(COMMENTS))


def _rows(*more):
    columns = [RESULT.c[name] for name in ("id", "elements", *more)]
    return op.get_bind().execute(sa.select(*columns)).all()


def _update(key, **values) -> None:
    op.get_bind().execute(sa.update(RESULT).where(RESULT.c.id == key).values(**values))


def _without(element, name):
    return {key: value for key, value in element.items() if key != name}


def _comment(table, old, new) -> None:
    table.alter_column(
        "elements", existing_type=sa.JSON(), existing_nullable=False,
        existing_comment=old, comment=new,
    )  # fmt: skip
