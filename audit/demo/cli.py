"""`run.py demo`: a small made-up city to try everything with."""

import unicodedata
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from time import monotonic
from typing import TYPE_CHECKING

import click
from flask import Flask
from flask.cli import ScriptInfo

from . import SITE_PORT

if TYPE_CHECKING:
    from .city import Residents


Prepare = Callable[[Flask], None]


def demo_command(prepare: Prepare) -> click.Command:
    """The command; `prepare` makes or migrates the database, which is no business of this room."""

    @click.command("demo")
    @click.option("--seed", default=1, show_default=True, help="another number, another story")
    @click.option("--small", is_flag=True, help="a third of the places, and small photos")
    @click.option("--scan/--no-scan", default=True, help="scan the sample website, with Chromium")
    @click.option("--force", is_flag=True, help="also where real people have accounts")
    @click.pass_context
    def demo(context: click.Context, seed: int, small: bool, scan: bool, force: bool) -> None:
        """Fill the database with a small made-up city.

        People of every role, places, two months of inspections with drawn photos, problems in
        every state, a scanned website, all made through the actions that people use. Running it
        again adds nothing. It refuses a database in which real people have accounts.
        """
        app = context.ensure_object(ScriptInfo).load_app()
        show_city(app, prepare, seed=seed, small=small, scan=scan, force=force)

    return demo


def show_city(
    app: Flask,
    prepare: Prepare,
    *,
    seed: int = 1,
    small: bool = False,
    scan: bool = True,
    force: bool = False,
) -> None:
    """Build the city where there is none, and say who lives there."""
    with app.app_context():
        before = _residents(force)
    _prepare(app, before, prepare)
    with app.app_context():
        if before is not None and before.sample:
            click.echo("示例城市已经在库中，没有增加任何内容。")
        else:
            _build(seed, small, scan)
        _print_people()


def _residents(force: bool) -> "Residents | None":
    """Raises where real people have accounts; nothing has been changed then."""
    from .city import find_residents

    found = find_residents()
    others = found.others if found else ()
    if others and not force:
        raise click.ClickException(
            f"库中已有 {len(others)} 个正式账号（如 {others[0]}）。示例数据不能与正式数据混在一起。"
            "请用 TANTU_VAR_DIR 指定另一个目录；确实要加入，请用 --force。"
        )
    return found


def _prepare(app: Flask, before: "Residents | None", prepare: Prepare) -> None:
    """Also an empty folder will do. A fresh journal then begins before the story does."""
    from audit.accounts.actions import renew_terms
    from audit.core.clock import at, now
    from audit.core.db import transaction

    from .city import BEGINNING

    with at(now() - BEGINNING) if before is None else nullcontext():
        prepare(app)
    if before is None:
        with app.app_context(), transaction():
            renew_terms()  # the story begins long ago; its one-time passwords open today


def _build(seed: int, small: bool, scan: bool) -> None:
    from .city import build_city
    from .scanning import scan_sample_site

    began = monotonic()
    city = build_city(seed, click.echo, small=small)
    if scan:
        scan_sample_site(city, click.echo)
    click.echo(f"示例城市已建好，用时 {monotonic() - began:.0f} 秒。")


def _print_people() -> None:
    from audit.core.actors import Role
    from audit.core.settings import settings
    from audit.districts.queries import get_district

    from .assigning import LINK
    from .city import PASSWORD
    from .reading import SamplePerson, organisations, people
    from .wording import ROLES

    def area(one: SamplePerson) -> str:
        if one.role is Role.ORGANISATION:
            return "本单位"
        return "、".join(get_district(code).name for code in one.districts) or "全市"

    employers = {one.key: one.name for one in organisations()}
    rows = [
        (
            one.login,
            one.name,
            ROLES[one.role],
            area(one),
            employers.get(one.organisation, ""),
        )
        for one in people()
    ]
    click.echo("")
    _print_table(("登录名", "姓名", "角色", "范围", "单位"), rows, click.echo)
    click.echo(f"\n以上账号的密码都是  {PASSWORD}")
    click.echo(f"单位不用账号，凭整改通知的链接答复，例如  {settings().public_url}/n/{LINK}")
    click.echo("只供演示：不要在对外的系统上使用示例城市。")
    click.echo(
        "要再次扫描示例网站：用 serve --demo 启动；或运行 run.py demo-site，并设"
        f" TANTU_SCAN_ALLOW=127.0.0.1:{SITE_PORT}。"
    )


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


@click.command("demo-site")
@click.option("--port", default=SITE_PORT, show_default=True, type=click.IntRange(1, 65535))
def demo_site(port: int) -> None:
    """Serve the sample website of the demonstration until stopped.

    To let the scanner reach it, set TANTU_SCAN_ALLOW to 127.0.0.1 with the port.
    """
    from .site import Site

    try:
        site = Site(port)
    except OSError as error:
        raise click.ClickException(f"端口 {port} 不能使用：{error.strerror}") from error
    with site:
        click.echo(f"示例网站：{site.url}  按 Ctrl+C 结束")
        try:
            site.serve_forever()
        except KeyboardInterrupt:
            click.echo("")
