"""How entries are chained. Pure."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

FIRST = "0" * 64


def chain(previous: str, content: Mapping[str, object]) -> str:
    """SHA-256 (hex) over the previous hash and the entry's content as canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def moment_text(moment: datetime) -> str:
    """A moment as it enters the hash: UTC, microseconds, always the same width."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
