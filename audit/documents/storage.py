"""Files of issued papers, and the pictures in them, named by their content beside the photos."""

from audit.core.settings import settings
from audit.photos.rules import original_key
from audit.photos.storage import FolderStorage

from .rules.content import digest_of


def document_storage() -> FolderStorage:
    return FolderStorage(settings().var_dir / "documents")


def put(content: bytes) -> str:
    """On disk when this returns; gives its SHA-256. Twice is once."""
    name = digest_of(content)
    document_storage().put(original_key(name), content)
    return name


def get(sha256: str) -> bytes:
    """Raises `FileNotFoundError`."""
    with document_storage().open(original_key(sha256)) as file:
        return file.read()
