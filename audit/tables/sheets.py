"""XLSX through the limited child: its sizes are summed before anything is unpacked."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence

from .problems import Fault, TableRefusedError

MAX_UNPACKED = 50_000_000  # a file of 601 kB can unpack to more than a gigabyte
MAX_PARTS = 500
WALL_SECONDS = 60
COLUMNS_READ = 101
ROWS_READ = 50_100


def sheet_rows(raw: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    """Line (from 1) and cells of the first visible sheet, at most 101 columns of 50,100 rows."""
    _refuse_bomb(raw)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "audit.tables.child", str(COLUMNS_READ), str(ROWS_READ)],
            input=raw, capture_output=True, timeout=WALL_SECONDS, check=True,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        raise TableRefusedError(Fault.NOT_XLSX) from error
    except subprocess.TimeoutExpired as error:
        raise TableRefusedError(Fault.SWELLS) from error
    for line in done.stdout.splitlines():
        number, cells = json.loads(line)
        yield number, cells


def _refuse_bomb(raw: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise TableRefusedError(Fault.NOT_XLSX) from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise TableRefusedError(Fault.SWELLS)
