"""People from the command line: the first administrator, and help for who is locked out."""

import click
from flask.cli import with_appcontext

from audit.core.actors import SYSTEM, Role
from audit.core.db import transaction
from audit.core.errors import Invalid, NotFound
from audit.districts.queries import get_district

from . import actions, queries
from .models import Organisation, User
from .rules import OrganisationKind


@click.group()
def user() -> None:
    """People: add one, list them, give a new one-time code."""


@user.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--district", help="district code; left out: the whole city")
@click.option("--organisation", help="name of the organisation that the person belongs to")
@with_appcontext
def add(login: str, name: str, role: str, district: str | None, organisation: str | None) -> None:
    """Add LOGIN for the person called NAME and print a one-time code."""
    try:
        with transaction():
            if district:
                get_district(district)
            _, code = actions.add_user(
                login, name, [(Role(role), district)], SYSTEM,
                organisation_id=_organisation(organisation).id if organisation else None,
            )  # fmt: skip
    except NotFound as error:
        raise click.ClickException(f"no district has the code {district}") from error
    except Invalid as error:
        raise click.ClickException(" ".join(map(str, error.problems.values()))) from error
    click.echo(f"{login}  {code}")


def _organisation(name: str) -> Organisation:
    """The organisation of this name, made now when it is new."""
    found = queries.find_organisation(name)
    return found or actions.add_organisation(name, OrganisationKind.OWNER, SYSTEM)


@user.command("reset")
@click.argument("login")
@with_appcontext
def reset(login: str) -> None:
    """Give LOGIN a one-time code in place of the password."""
    with transaction():
        code = actions.reset_password(_known(login), SYSTEM)
    click.echo(f"{login}  {code}")


@user.command("disable")
@click.argument("login")
@with_appcontext
def disable(login: str) -> None:
    """Close LOGIN: nobody can sign in with it, and its sessions end at once."""
    with transaction():
        actions.disable_user(_known(login), SYSTEM)


@user.command("enable")
@click.argument("login")
@with_appcontext
def enable(login: str) -> None:
    """Open LOGIN again."""
    with transaction():
        actions.enable_user(_known(login), SYSTEM)


def _known(login: str) -> User:
    found = queries.find_user(login)
    if found is None:
        raise click.ClickException(f"no account is called {login}")
    return found


@user.command("list")
@with_appcontext
def list_people() -> None:
    """List accounts with their roles."""
    for person in queries.people():
        roles = ", ".join(f"{grant.role}@{grant.district_code or '*'}" for grant in person.grants)
        state = "" if person.active else "  (off)"
        click.echo(f"{person.login:20} {person.name:12} {roles}{state}")
