"""a finding has a competent department, by routes"""

import sqlalchemy as sa
from alembic import op

revision = "202611241646"
down_revision = "202611241620"
branch_labels = None
depends_on = None

SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "route_change",
        sa.Column("seq", SEQ, autoincrement=True, nullable=False),
        sa.Column("district", sa.String(12), nullable=False, comment="empty: any"),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("defect", sa.String(12), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True, comment="null: taken back"),
        sa.Column(
            "organisation_id", sa.Uuid(), nullable=True,
            comment="who must fix; null: as the register says",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(60), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["organisation.id"],
            name=op.f("fk_route_change_department_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"],
            name=op.f("fk_route_change_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_route_change")),
    )  # fmt: skip
    for name in ("department_id", "organisation_id"):
        op.create_index(f"ix_route_change_{name}", "route_change", [name])
    kind = sa.Uuid().compile(op.get_bind().dialect)
    # a key beside its column: SQLite adds it, and drops it, without copying the table
    op.execute(
        f"ALTER TABLE finding ADD COLUMN department_id {kind} "
        "CONSTRAINT fk_finding_department_id_organisation REFERENCES organisation (id)"
    )
    if op.get_bind().dialect.name != "sqlite":  # which keeps no comments
        said = "competent, by the route of its confirmation"
        op.execute(f"COMMENT ON COLUMN finding.department_id IS '{said}'")
    op.create_index("ix_finding_department_id", "finding", ["department_id"])


def downgrade() -> None:
    op.drop_index("ix_finding_department_id", table_name="finding")
    op.execute("ALTER TABLE finding DROP COLUMN department_id")
    op.drop_table("route_change")
