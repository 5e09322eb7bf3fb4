"""Pictures from the command line: are the files what the rows say?"""

import click
from flask.cli import with_appcontext

from . import jobs


@click.group()
def photos() -> None:
    """Pictures: check the files against the database."""


@photos.command("check")
@click.option("--repair", is_flag=True, help="delete files no row knows, older than a day")
@with_appcontext
def check(repair: bool) -> None:
    """Read every original and compare; ends with 1 when anything is missing or damaged."""
    report = jobs.check_photos(repair=repair)
    for word, keys in (
        ("missing", report.missing),
        ("damaged", report.damaged),
        ("orphaned", report.orphaned),
    ):
        for key in keys:
            click.echo(f"{word}  {key}")
    click.echo(
        f"{report.photos} photos, {len(report.missing)} missing, {len(report.damaged)} damaged, "
        f"{len(report.orphaned)} orphaned"
    )
    if report.missing or report.damaged:
        raise SystemExit(1)
