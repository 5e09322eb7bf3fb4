"""Ask for a scan, keep its pages one by one, and turn what it found into findings."""

from .asking import JOB, begin_scan, request_scan
from .finishing import fail_scan, finish_scan, give_up_scan
from .keeping import keep_page, keep_pictures, picture_storage

__all__ = [
    "JOB",
    "begin_scan",
    "fail_scan",
    "finish_scan",
    "give_up_scan",
    "keep_page",
    "keep_pictures",
    "picture_storage",
    "request_scan",
]
