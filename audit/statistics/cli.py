import click
from flask.cli import with_appcontext

from audit.findings.actions import rebuild_milestones


@click.group()
def statistics() -> None:
    """What the figures are counted from."""


@statistics.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Make what figures are counted from anew, from the events of every finding."""
    click.echo(f"{rebuild_milestones()} findings were not what their events say")
