from datetime import timedelta

from audit.core.actors import SYSTEM
from audit.core.clock import now
from audit.core.db import transaction
from audit.core.settings import settings
from audit.queue.runs import Run, hourly, job

from .actions import delete_unneeded, destroy_original, photo_storage
from .queries import originals_before
from .uploads import sweep_uploads

PAGE = 500


@hourly
def sweep_photos() -> int:
    """Remove what uploads that died more than an hour ago have left behind."""
    return photo_storage().sweep() + sweep_uploads(settings().var_dir / "uploads")


@job("discard_pictures")
def discard_pictures(_run: Run, keys: str) -> None:
    """What could not be deleted when a bucket did not answer."""
    delete_unneeded(keys.split())


@hourly
def end_retention() -> int:
    """Destroy originals that are older than the setting allows, some at a time; how many."""
    years = settings().originals_kept_years
    if not years:
        return 0
    with transaction():
        due = originals_before(now() - timedelta(days=365.25 * years), PAGE)
        for photo in due:
            destroy_original(photo, SYSTEM, "保存期限已到")
        return len(due)
