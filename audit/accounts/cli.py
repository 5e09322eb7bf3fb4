"""People from the command line: the first administrator, and help for who is locked out."""

import click
from flask.cli import with_appcontext

from audit.core.actors import SYSTEM, Role
from audit.core.db import transaction

from . import actions, queries


@click.group()
def user() -> None:
    """People: add one, list them, give a new one-time code."""


@user.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--district", help="district code; left out: the whole city")
@with_appcontext
def add(login: str, name: str, role: str, district: str | None) -> None:
    """Add LOGIN for the person called NAME and print a one-time code."""
    with transaction():
        _, code = actions.add_user(login, name, [(Role(role), district)], SYSTEM)
    click.echo(f"{login}  {code}")


@user.command("reset")
@click.argument("login")
@with_appcontext
def reset(login: str) -> None:
    """Give LOGIN a one-time code in place of the password."""
    with transaction():
        found = queries.find_user(login)
        if found is None:
            raise click.ClickException(f"no account is called {login}")
        code = actions.reset_password(found, SYSTEM)
    click.echo(f"{login}  {code}")


@user.command("list")
@with_appcontext
def list_people() -> None:
    """List accounts with their roles."""
    for person in queries.people():
        roles = ", ".join(f"{grant.role}@{grant.district_code or '*'}" for grant in person.grants)
        state = "" if person.active else "  (off)"
        click.echo(f"{person.login:20} {person.name:12} {roles}{state}")
