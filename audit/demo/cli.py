"""`run.py demo`: a small made-up city to try everything with."""

import unicodedata
from collections.abc import Callable, Sequence
from time import monotonic

import click
from flask import Flask
from flask.cli import ScriptInfo


@click.command("demo")
@click.option("--seed", default=1, show_default=True, help="another number, another story")
@click.option("--small", is_flag=True, help="a third of the places, and small photos")
@click.option("--force", is_flag=True, help="also where real people have accounts")
@click.pass_context
def demo(context: click.Context, seed: int, small: bool, force: bool) -> None:
    """Fill the database with a small made-up city.

    People of every role, places, two months of inspections with drawn photos, and problems in
    every state, all made through the actions that people use. Running it again adds nothing. It
    refuses a database in which real people have accounts.
    """
    app = context.ensure_object(ScriptInfo).load_app()
    with app.app_context():
        _refuse_strangers(force)
        _prepare(app)
        _build(seed, small)
        _print_people()


def _refuse_strangers(force: bool) -> None:
    from .city import residents

    others = residents().others
    if others and not force:
        raise click.ClickException(
            f"库中已有 {len(others)} 个正式账号（如 {others[0]}）。示例数据不能与正式数据混在一起。"
            "请用 TANTU_VAR_DIR 指定另一个目录；确实要加入，请用 --force。"
        )


def _prepare(app: Flask) -> None:
    from audit.setup import prepare

    prepare(app)


def _build(seed: int, small: bool) -> None:
    from .city import build_city, residents

    if residents().sample:
        click.echo("示例城市已经在库中，没有增加任何内容。")
        return
    began = monotonic()
    build_city(seed, click.echo, small=small)
    click.echo(f"示例城市已建好，用时 {monotonic() - began:.0f} 秒。")


def _print_people() -> None:
    from audit.districts.queries import get_district

    from .city import PASSWORD
    from .reading import people
    from .wording import ROLES

    def area(codes: Sequence[str]) -> str:
        return "、".join(get_district(code).name for code in codes) or "全市"

    rows = [(one.login, one.name, ROLES[one.role], area(one.districts)) for one in people()]
    click.echo("")
    _print_table(("登录名", "姓名", "角色", "范围"), rows, click.echo)
    click.echo(f"\n以上账号的密码都是  {PASSWORD}\n只供演示：不要在对外的系统上使用示例城市。")


def _print_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], say: Callable[[str], None]
) -> None:
    wide = [max(_columns(row[place]) for row in [head, *rows]) for place in range(len(head))]
    for row in [head, *rows]:
        padded = (cell + " " * (wide[place] - _columns(cell)) for place, cell in enumerate(row))
        say("  ".join(padded).rstrip())


def _columns(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
