"""a failed scan says why"""

import sqlalchemy as sa
from alembic import op

revision = "202611241247"
down_revision = "202611241226"
branch_labels = None
depends_on = None

SAW_NOTHING = (
    "not exists (select 1 from scan_page where scan_page.scan_id = scan.id "
    "and scan_page.outcome in ('scanned', 'scanned_late'))"
)


def upgrade() -> None:
    """Scans that saw nothing were called done, and closed nothing either."""
    op.add_column("scan", sa.Column("failure", sa.String(24)))
    op.execute("update scan set failure = 'no_browser' where state = 'failed'")
    op.execute(
        "update scan set state = 'failed', failure = 'nothing_seen' "
        f"where state = 'done' and {SAW_NOTHING}"
    )
    op.execute(
        "update scan_page set outcome = 'robots_unreachable', cause = '' "
        "where outcome = 'blocked_by_robots' and cause = 'robots_unreachable'"
    )


def downgrade() -> None:
    op.execute("update scan set state = 'done' where failure = 'nothing_seen'")
    op.execute(
        "update scan_page set outcome = 'blocked_by_robots', cause = 'robots_unreachable' "
        "where outcome = 'robots_unreachable'"
    )
    op.drop_column("scan", "failure")
