"""Ask for a scan, keep its pages one by one, and turn what it found into findings."""

from .asking import JOB, begin_scan, request_scan
from .clearing import delete_pictures, end_pictures
from .finishing import fail_scan, finish_scan, give_up_scan
from .keeping import keep_page, keep_pictures, picture_storage

__all__ = [
    "JOB",
    "begin_scan",
    "delete_pictures",
    "end_pictures",
    "fail_scan",
    "finish_scan",
    "give_up_scan",
    "keep_page",
    "keep_pictures",
    "picture_storage",
    "request_scan",
]
