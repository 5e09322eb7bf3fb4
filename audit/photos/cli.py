"""Pictures from the command line: are the files what the rows say?"""

import click
from flask.cli import with_appcontext

from audit.core.errors import AuditError
from audit.core.settings import settings

from . import checking
from .actions import bucket_storage, folder_storage
from .copying import copy_pictures
from .storage import StorageAway

A_SIGN_OF_LIFE = 500


@click.group()
def photos() -> None:
    """Pictures: check the files against the database; copy them to another storage."""


@photos.command("check")
@click.option("--repair", is_flag=True, help="delete files no row knows, older than a day")
@with_appcontext
def check(repair: bool) -> None:
    """Read every file and compare; ends with 1 when anything is missing or damaged."""
    try:
        report = checking.check_photos(repair=repair)
    except StorageAway as error:
        raise click.ClickException("the storage of pictures does not answer") from error
    for one in report.found:
        click.echo(str(one))
    click.echo(f"{report.photos} photos, {len(report.lost())} files wrong, {_spare(report)} spare")
    if report.lost():
        raise SystemExit(1)


def _spare(report: checking.StoreReport) -> int:
    return len(report.found) - len(report.lost())


@photos.command("copy")
@click.option("--to", "target", type=click.Choice(["s3", "folder"]), required=True)
@with_appcontext
def copy(target: str) -> None:
    """Copy all picture files into the bucket of the settings, or from it into the folder.

    Each is read back and compared. Nothing is deleted; started again it goes on where it stopped.
    Ends with 1 when a file could not be copied.
    """
    try:
        settings().check_bucket()
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    ways = {"folder": folder_storage(), "s3": bucket_storage()}
    source = ways["folder" if target == "s3" else "s3"]
    try:
        report = copy_pictures(source, ways[target], _tell)
    except AuditError as error:
        raise click.ClickException(
            "the storage does not answer, or is full; start again when it does (see the log above)"
        ) from error
    for word, names in (("not copied", report.refused), ("no picture of ours", report.strangers)):
        for name in names:
            click.echo(f"{word}  {name}")
    click.echo(
        f"{report.copied} copied, {report.there} were there, {len(report.refused)} not copied"
    )
    if report.refused:
        raise SystemExit(1)


def _tell(seen: int) -> None:
    if seen % A_SIGN_OF_LIFE == 0:
        click.echo(f"{seen} …")
