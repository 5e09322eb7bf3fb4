"""The commands of `run.py`. Each room brings its own; what concerns the whole stands here."""

import logging
import re
import signal
from contextlib import ExitStack

import click
from flask import Flask
from flask.cli import ScriptInfo

from audit.accounts.cli import user
from audit.checklists.cli import checklist
from audit.demo import SITE_PORT
from audit.demo.cli import demo_command, demo_site, show_city
from audit.fsck import command as fsck
from audit.photos.cli import photos
from audit.statistics.cli import statistics
from audit.webscan.cli import scan


def _make_app() -> Flask:
    from audit.app import create_app
    from audit.setup import checked_settings

    return create_app(checked_settings())


def _log_to_terminal() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    for wordy in ("alembic", "huey"):
        logging.getLogger(wordy).setLevel(logging.WARNING)


@click.group("run.py")
@click.pass_context
def main(context: click.Context) -> None:
    """坦途 Tantu: accessibility audit and supervision."""
    context.obj = ScriptInfo(create_app=_make_app, set_debug_flag=False)


@main.command("init")
@click.option("--new-key", is_flag=True, help="go on without the lost key; all sign in anew")
def init(new_key: bool) -> None:
    """Make or migrate the database, load districts, make the first administrators."""
    from audit.setup import check_ground, prepare

    check_ground(new_key)
    prepare(_make_app())


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 32))
@click.option("--worker/--no-worker", default=True, help="run a worker beside the server")
@click.option("--init", is_flag=True, help="first do what `init` does")
@click.option("--demo", is_flag=True, help="first do what `demo` does, and what `init` does")
@click.option("--https-self-signed", "on_trial", is_flag=True, help="HTTPS, to try it with a phone")
def serve(
    host: str, port: int, threads: int, worker: bool, init: bool, demo: bool, on_trial: bool
) -> None:
    """Serve the pages, with a worker beside them."""
    from audit.demo.beside import sample_site
    from audit.serving import serve as run

    def first(app: Flask) -> None:
        if demo:
            show_city(app, _prepare)
            allowed = app.config["SETTINGS"].scan_allow
            beside.enter_context(sample_site(SITE_PORT, allowed, click.echo))
        elif init:
            _prepare(app)
        _log_to_terminal()

    with ExitStack() as beside:
        run(host, port, threads, worker, first, on_trial=on_trial)


@main.command("worker")
@click.option("--threads", default=2, show_default=True, type=click.IntRange(1, 16))
@click.option("--ticks/--no-ticks", default=True, help="run the sweeper (one worker only)")
@click.option("--with-parent", is_flag=True, help="stop when standard input ends")
def worker(threads: int, ticks: bool, with_parent: bool) -> None:
    """Do what was promised for later (scans), until told to stop."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # no run is in hand yet: it may simply end
    from audit.queue.worker import work
    from audit.setup import check_ground

    check_ground()
    _log_to_terminal()
    work(_make_app(), threads, ticks, with_parent)


@main.command("settings")
def show_settings() -> None:
    """List every setting, its value and what it does."""
    from audit.setup import checked_settings

    chosen = checked_settings()
    for name, field in type(chosen).model_fields.items():
        value = _without_password(str(getattr(chosen, name)))
        click.echo(f"TANTU_{name.upper()}={value}\n    {field.description}")


def _without_password(value: str) -> str:
    """An address may carry one before its host or, of PostgreSQL, behind its question mark."""
    value = re.sub(r"(://[^:/@]*:).*@", r"\1***@", value)
    return re.sub(r"([?&]password=)[^&]*", r"\1***", value)


def _prepare(app: Flask) -> None:
    from audit.setup import prepare

    prepare(app)


for command in (user, checklist, scan, photos, statistics, fsck, demo_command(_prepare), demo_site):
    main.add_command(command)
