"""the whole life of a finding: pleas, marks beside the state, who helps"""

import sqlalchemy as sa
from alembic import op

revision = "202611242050"
down_revision = "202611242045"
branch_labels = None
depends_on = None

COLUMNS = (
    ("confirmed_by_id", sa.Uuid(), None),
    ("kept_by_id", sa.Uuid(), "organisation that may not ask to return it again"),
    ("planned_on", sa.Date(), "the last day of planned works"),
    ("plea", sa.String(24), "asked for, not yet decided"),
    ("safe_due_at", sa.DateTime(timezone=True), "a danger is to be made safe"),
    ("safe_at", sa.DateTime(timezone=True), None),
    ("escalated_at", sa.DateTime(timezone=True), None),
    ("referred_at", sa.DateTime(timezone=True), "to the procuratorate"),
    ("advised_on", sa.Date(), "its recommendation was received"),
    ("reply_due_at", sa.DateTime(timezone=True), "by law; null: none is due"),
    ("replied_on", sa.Date(), None),
)
PARTLY = {
    "ix_finding_escalated_at": ("escalated_at", "escalated_at is not null"),
    "ix_finding_referred_at": ("referred_at", "referred_at is not null"),
    "ix_finding_safe_due_at": ("safe_due_at", "safe_due_at is not null and safe_at is null"),
}
BACK = {"fixing": "dispatched", "programmed": "dispatched", "substituted": "dispatched",
        "withdrawn": "rejected", "merged": "rejected"}  # fmt: skip


def upgrade() -> None:
    for name, kind, comment in COLUMNS:
        op.add_column("finding", sa.Column(name, kind, nullable=True, comment=comment))
    op.execute("UPDATE finding SET plea = 'time' WHERE asked_until IS NOT NULL")
    op.execute(
        "UPDATE finding SET confirmed_by_id = (SELECT actor_id FROM finding_event WHERE "
        "finding_id = finding.id AND verb = 'confirm' ORDER BY seq DESC LIMIT 1)"
    )
    for name, (column, where) in PARTLY.items():
        _index(name, [column], where)
    _index("ix_finding_asked", ["district_code"], "plea is not null", anew=True)
    final = "state not in ('closed', 'merged', 'rejected', 'withdrawn')"
    _index("uq_finding_one_open", ["facility_id", "rule_id"], final, anew=True, unique=True)
    op.create_table(
        "finding_assistant",
        sa.Column("finding_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"],
            name=op.f("fk_finding_assistant_finding_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"],
            name=op.f("fk_finding_assistant_organisation_id"),
        ),
        sa.PrimaryKeyConstraint(
            "finding_id", "organisation_id", name=op.f("pk_finding_assistant")
        ),
    )  # fmt: skip
    name = "ix_finding_assistant_organisation_id"
    op.create_index(name, "finding_assistant", ["organisation_id"])


def _index(
    name: str, columns: list[str], where: str, *, anew: bool = False, unique: bool = False
) -> None:
    if anew:
        op.drop_index(name, "finding")
    partly = sa.text(where)
    op.create_index(
        name, "finding", columns, unique=unique, sqlite_where=partly, postgresql_where=partly
    )


def downgrade() -> None:
    """States that were not known are taken for their nearest; the map is counted anew by
    `fsck --repair`."""
    for state, former in BACK.items():
        op.execute(f"UPDATE finding SET state = '{former}' WHERE state = '{state}'")
    op.drop_table("finding_assistant")
    final = "state not in ('closed', 'rejected')"
    _index("uq_finding_one_open", ["facility_id", "rule_id"], final, anew=True, unique=True)
    _index("ix_finding_asked", ["district_code"], "asked_until is not null", anew=True)
    for name in PARTLY:
        op.drop_index(name, "finding")
    for name, _kind, _comment in reversed(COLUMNS):
        op.drop_column("finding", name)
