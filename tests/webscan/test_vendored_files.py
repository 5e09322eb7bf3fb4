"""Third-party files are what they were when they were fetched."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from audit.core.settings import ROOT
from audit.webscan.axe import AXE_SHA256, axe_source

SCRIPT = ROOT / "scripts" / "vendor"
VENDOR = ROOT / "static" / "vendor"


def check(script: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )


def copy_of_the_vendor_folder(folder: Path) -> Path:
    """The script looks for static/vendor beside its own folder."""
    shutil.copytree(VENDOR, folder / "static" / "vendor")
    (folder / "scripts").mkdir()
    return Path(shutil.copy(SCRIPT, folder / "scripts" / "vendor"))


def test_every_vendored_file_has_the_locked_hash() -> None:
    result = check(SCRIPT)
    assert result.returncode == 0, result.stdout


def test_an_altered_missing_or_unlocked_file_is_noticed(tmp_path: Path) -> None:
    script = copy_of_the_vendor_folder(tmp_path)
    vendor = tmp_path / "static" / "vendor"
    assert check(script).returncode == 0
    axe = vendor / "axe-core-4.14.1"
    (axe / "axe.min.js").write_bytes((axe / "axe.min.js").read_bytes() + b" ")
    (axe / "LICENSE").unlink()
    manifest = json.loads((vendor / "package.json").read_text())
    manifest["dependencies"]["other"] = "1.0.0"
    (vendor / "package.json").write_text(json.dumps(manifest))
    result = check(script)
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        "other 1.0.0 is not locked",
        "axe-core-4.14.1/LICENSE is missing",
        "axe-core-4.14.1/axe.min.js differs from the lock",
    ]


def test_the_engine_is_the_locked_one() -> None:
    lock = json.loads((VENDOR / "vendor.lock.json").read_text())
    assert lock["axe-core"]["files"]["axe.min.js"] == AXE_SHA256
    assert lock["axe-core"]["version"] == "4.14.1"
    assert axe_source().startswith("/*! axe v4.14.1")
