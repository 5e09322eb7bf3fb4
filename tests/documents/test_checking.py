"""What `run.py fsck` says of papers and their files."""

import os
import time
from pathlib import Path

from flask import Flask

from audit.core.settings import settings
from audit.documents.checking import check_documents
from tests.documents.papers import Papers
from tests.factories import Factory


def lies_at(folder: Path, sha256: str) -> Path:
    return folder / "documents" / "originals" / sha256[:2] / sha256[2:4] / sha256


def test_each_fault_is_named_and_only_surplus_is_cleared(
    app: Flask, papers: Papers, make: Factory
) -> None:
    made = papers.issued([make.dispatched(make.organisation())])
    files = papers.files(made)
    with app.app_context():
        folder = settings().var_dir
        assert check_documents() == []
        changed, spare = lies_at(folder, files["docx"]), lies_at(folder, "0" * 64)
        changed.write_bytes(b"something else")
        lies_at(folder, files["html"]).unlink()
        spare.parent.mkdir(parents=True)
        spare.write_bytes(b"")
        old = time.time() - 3 * 24 * 3600
        os.utime(spare, (old, old))
        told = " ".join(check_documents(repair=True))
    assert f"bytes have changed: originals/{files['docx'][:2]}" in told
    assert f"missing: originals/{files['html'][:2]}" in told
    assert "no document in the database needs this file" in told
    assert not spare.exists() and changed.exists()
