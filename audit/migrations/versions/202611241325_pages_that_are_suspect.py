"""pages that are suspect"""

import sqlalchemy as sa
from alembic import op

revision = "202611241325"
down_revision = "202611241318"
branch_labels = None
depends_on = None

SCAN = sa.table("scan", sa.column("id", sa.Uuid), sa.column("suspects", sa.JSON))
FOUND = """
    select scan.id as scan_id, scan_result.rule, scan_page.url
    from scan_result
    join scan_page on scan_page.id = scan_result.page_id
    join scan on scan.id = scan_page.scan_id
    where scan_result.kind = 'violation' and scan.state = 'done'
    order by scan.id, scan_result.rule, scan_page.url
"""


def upgrade() -> None:
    """Of scans before, only what each found itself is known."""
    comment = "rule: pages that showed its fault when last judged"
    column = sa.Column("suspects", sa.JSON, server_default="{}", nullable=False, comment=comment)
    op.add_column("scan", column)
    rows = sa.text(FOUND).columns(scan_id=sa.Uuid, rule=sa.Text, url=sa.Text)
    suspects = {}
    for scan_id, rule, url in op.get_bind().execute(rows).all():
        suspects.setdefault(scan_id, {}).setdefault(rule, []).append(url)
    for scan_id, pages_of in suspects.items():
        op.execute(sa.update(SCAN).where(SCAN.c.id == scan_id).values(suspects=pages_of))


def downgrade() -> None:
    op.drop_column("scan", "suspects")
