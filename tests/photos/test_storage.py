"""Files are whole or absent, and named by nothing but their hash."""

import hashlib
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from audit.photos.rules import Size, derivative_key, original_key
from audit.photos.storage import Disk, FolderStorage, StorageFull

CONTENT = b"a picture" * 1000
SHA = hashlib.sha256(CONTENT).hexdigest()
KEY = original_key(SHA)


class RecordingDisk(Disk):
    """Does everything for real and writes down in which order."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []

    def make_folder(self, folder: Path) -> None:
        super().make_folder(folder)
        self.calls.append(("make folder", folder.name))

    def write(self, path: Path, content: bytes, mode: int) -> None:
        super().write(path, content, mode)
        self.calls.append(("write and flush", path.suffix))

    def rename(self, source: Path, target: Path) -> None:
        super().rename(source, target)
        self.calls.append(("rename", target.name))

    def flush_folder(self, folder: Path) -> None:
        super().flush_folder(folder)
        self.calls.append(("flush folder", folder.name))


class FullDisk(Disk):
    def free_and_total(self, folder: Path) -> tuple[int, int]:
        return 900_000_000, 100_000_000_000


class BreakingDisk(Disk):
    def rename(self, source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "photos")


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_put_can_be_read_asked_for_and_deleted(storage: FolderStorage) -> None:
    assert not storage.exists(KEY)
    storage.put(KEY, CONTENT)
    with storage.open(KEY) as file:
        assert file.read() == CONTENT
    assert storage.exists(KEY)
    storage.delete(KEY)
    storage.delete(KEY)
    assert not storage.exists(KEY)
    with pytest.raises(FileNotFoundError):
        storage.open(KEY)


def test_the_key_spreads_files_over_folders_by_hash() -> None:
    assert original_key(SHA) == f"originals/{SHA[:2]}/{SHA[2:4]}/{SHA}"
    assert derivative_key(SHA, Size.MEDIUM) == f"derivatives/{SHA[:2]}/{SHA[2:4]}/{SHA}-640.jpg"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../etc/passwd",
        SHA.upper(),
        SHA[:-1],
        SHA + "0",
        SHA[:-1] + "\n",
        "é" * 64,
        SHA + "\n",
    ],
)
def test_a_key_is_built_from_nothing_but_a_hash(name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        original_key(name)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        f"originals/../../{SHA}",
        f"originals/00/00/{SHA}",
        f"{KEY}/../x",
        f"{KEY}\n",
        f"{KEY}-640.jpg",
        f"derivatives/{SHA[:2]}/{SHA[2:4]}/{SHA}",
        f"derivatives/{SHA[:2]}/{SHA[2:4]}/{SHA}-641.jpg",
        f"derivatives/{SHA[:2]}/{SHA[2:4]}/{SHA}-640.html",
    ],
)
def test_a_malformed_key_never_reaches_the_file_system(storage: FolderStorage, key: str) -> None:
    for act in (storage.open, storage.exists, storage.delete, lambda k: storage.put(k, b"x")):
        with pytest.raises(ValueError, match="key"):
            act(key)
    assert not storage.root.exists()


def test_originals_are_sealed_and_nothing_is_open_to_others(storage: FolderStorage) -> None:
    storage.put(KEY, CONTENT, sealed=True)
    storage.put(derivative_key(SHA, Size.SMALL), CONTENT)
    modes = {path.relative_to(storage.root).parts[0]: path for path in files_under(storage.root)}
    assert stat.S_IMODE(modes["originals"].stat().st_mode) == 0o400
    assert stat.S_IMODE(modes["derivatives"].stat().st_mode) == 0o600
    folders = [path for path in storage.root.rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_a_file_is_flushed_before_it_is_named_and_its_folder_after(tmp_path: Path) -> None:
    disk = RecordingDisk()
    FolderStorage(tmp_path, disk).put(KEY, CONTENT)
    assert disk.calls == [
        ("make folder", "originals"),
        ("flush folder", tmp_path.name),
        ("make folder", SHA[:2]),
        ("flush folder", "originals"),
        ("make folder", SHA[2:4]),
        ("flush folder", SHA[:2]),
        ("write and flush", ".part"),
        ("rename", SHA),
        ("flush folder", SHA[2:4]),
    ]


def test_a_file_that_is_there_is_not_written_again_but_its_folder_is_flushed(
    tmp_path: Path,
) -> None:
    disk = RecordingDisk()
    storage = FolderStorage(tmp_path, disk)
    storage.put(KEY, CONTENT)
    disk.calls.clear()
    storage.put(KEY, CONTENT)
    assert disk.calls == [("flush folder", SHA[2:4])]


def test_a_damaged_file_is_replaced_when_the_picture_comes_again(storage: FolderStorage) -> None:
    storage.put(KEY, CONTENT, sealed=True)
    (path,) = files_under(storage.root)
    path.chmod(0o600)
    path.write_bytes(b"b" + CONTENT[1:])
    storage.put(KEY, CONTENT, sealed=True)
    assert path.read_bytes() == CONTENT


def test_a_full_disk_is_said_before_the_database_has_no_room(tmp_path: Path) -> None:
    with pytest.raises(StorageFull):
        FolderStorage(tmp_path, FullDisk()).put(KEY, CONTENT)
    assert files_under(tmp_path) == []


def test_a_write_that_fails_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(StorageFull):
        FolderStorage(tmp_path, BreakingDisk()).put(KEY, CONTENT)
    assert files_under(tmp_path) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from audit.photos.storage import Disk, FolderStorage

step = int(sys.argv[2])

class Dying(Disk):
    def write(self, path, content, mode):
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        os.write(number, content[: len(content) * step // 4])
        if step < 4:
            os.kill(os.getpid(), signal.SIGKILL)
        os.fsync(number)
    def rename(self, source, target):
        if step == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        super().rename(source, target)
        if step == 5:
            os.kill(os.getpid(), signal.SIGKILL)

FolderStorage(Path(sys.argv[1]), Dying()).put(sys.argv[3], b"a picture" * 1000)
"""


@pytest.mark.parametrize("step", range(7))
def test_a_kill_at_any_step_leaves_the_whole_file_or_none(tmp_path: Path, step: int) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(step), KEY]
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run(command, cwd=root, timeout=60, check=False)
    assert ended.returncode == (-signal.SIGKILL if step < 6 else 0)
    storage = FolderStorage(tmp_path)
    assert storage.exists(KEY) == (step >= 5)
    if step >= 5:
        with storage.open(KEY) as file:
            assert file.read() == CONTENT
    assert storage.sweep(older_than_seconds=0) == (1 if step < 5 else 0)
    storage.put(KEY, CONTENT)
    assert len(files_under(tmp_path)) == 1


def test_the_sweep_spares_files_younger_than_an_hour(storage: FolderStorage) -> None:
    storage.put(KEY, CONTENT)
    folder = files_under(storage.root)[0].parent
    young, old = folder / ".young.part", folder / ".old.part"
    for path in (young, old):
        path.write_bytes(b"")
    os.utime(old, (time.time() - 3700,) * 2)
    assert storage.sweep() == 1
    assert young.exists()
    assert not old.exists()
    assert storage.exists(KEY)


def test_many_uploads_of_one_picture_leave_one_file(storage: FolderStorage) -> None:
    failures: list[BaseException] = []

    def put() -> None:
        try:
            storage.put(KEY, CONTENT, sealed=True)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=put) for _number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [path.read_bytes() for path in files_under(storage.root)] == [CONTENT]
