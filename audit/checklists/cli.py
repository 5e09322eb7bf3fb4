"""`run.py checklist …`: check and list the checklists, and publish an edition."""

from pathlib import Path

import click

from .lint import LOCK, checklist_files, lint_folder, published_editions
from .loader import FOLDER, load_checklist


@click.group("checklist")
def checklist() -> None:
    """Checklists as data: check them, list them, publish an edition."""


folder_option = click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=FOLDER,
    help="Another folder of checklists.",
)


@checklist.command()
@click.argument("names", nargs=-1)
@folder_option
def lint(names: tuple[str, ...], folder: Path) -> None:
    """Check every list, or only those NAMED; print file:line: reason, exit 1 on any error."""
    errors = [e for e in lint_folder(folder) if not names or Path(e.file).stem in names]
    for error in errors:
        click.echo(str(error))
    if errors:
        raise click.exceptions.Exit(1)
    click.echo(f"{len(checklist_files(folder))} checklists, no errors")


@checklist.command("list")
@folder_option
def list_checklists(folder: Path) -> None:
    """Print id, edition, kinds, items and title of every list, and whether it is published."""
    published = published_editions(folder)
    for path in checklist_files(folder):
        one = load_checklist(path)
        state = "published" if f"{one.id} {one.edition}" in published else "draft"
        kinds = ",".join(one.kinds)
        click.echo(f"{one.id} {one.edition} {state} {kinds} {len(one.items)} {one.title.zh}")


@checklist.command()
@click.argument("name")
@folder_option
def publish(name: str, folder: Path) -> None:
    """Write the hash of today's edition of NAME to the lock file; it cannot change after that."""
    path = folder / f"{name}.toml"
    if path not in checklist_files(folder):
        raise click.ClickException(f"There is no {path}.")
    errors = [error for error in lint_folder(folder) if error.file == str(path)]
    if errors:
        raise click.ClickException("\n".join(map(str, errors)))
    one = load_checklist(path)
    editions = published_editions(folder) | {f"{one.id} {one.edition}": one.content_hash}
    lines = [f'"{key}" = "{value}"\n' for key, value in sorted(editions.items())]
    (folder / LOCK).write_text("".join(lines), "utf-8")
    click.echo(f"{one.id} {one.edition} {one.content_hash}")
