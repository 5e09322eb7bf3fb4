"""Every edition in the folder is published, and as it stands there."""

from audit.checklists.lint import checklist_files, published_editions
from audit.checklists.loader import FOLDER, load_checklist


def test_the_lock_holds_the_hash_of_every_edition_and_no_other() -> None:
    read = [load_checklist(path) for path in checklist_files(FOLDER)]
    assert published_editions(FOLDER) == {
        f"{one.id} {one.edition}": one.content_hash for one in read
    }
