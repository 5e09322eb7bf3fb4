"""`run.py scan URL`: scan a website from the terminal, without a database."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from audit.browser.addresses import AddressRefused, Allowance, check_url, parse_allowance
from audit.browser.errors import BrowserMissing

from .rules.addresses import canonical
from .rules.export import scan_json
from .rules.report import report_lines
from .rules.results import PageResult


class _Allowance(click.ParamType[Allowance]):
    name = "HOST[:PORT]"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Allowance:
        try:
            return parse_allowance(str(value))
        except AddressRefused:
            self.fail(f"{value!r} is no host or host:port", param, ctx)


class _Address(click.ParamType[str]):
    name = "URL"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        try:
            return canonical(check_url(str(value)))
        except (AddressRefused, ValueError):
            self.fail(f"{value!r} is no http:// or https:// address", param, ctx)


OPTIONS = (
    click.option("--pages", default=10, show_default=True, type=click.IntRange(1, 500)),
    click.option(
        "--json",
        "json_file",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write everything that was found to this file.",
    ),
    click.option(
        "--lang",
        default="zh",
        show_default=True,
        type=click.Choice(["zh", "en"]),
        help="Language of what is printed; the file holds both.",
    ),
    click.option(
        "--allow",
        multiple=True,
        type=_Allowance(),
        help="A private host that may be scanned; again for more.",
    ),
    click.option(
        "--delay",
        default=1.0,
        show_default=True,
        type=click.FloatRange(0, 60),
        help="Seconds between two pages; a site may ask for more.",
    ),
    click.option("--contact", default="", help="Who to write to, named in every request."),
    click.option("--webdriver", default="", help="A remote WebDriver, not our own Chromium."),
)


def _with_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.command("scan")
@click.argument("url", type=_Address())
@_with_options
def scan(
    url: str,
    pages: int,
    json_file: Path | None,
    lang: str,
    allow: tuple[Allowance, ...],
    delay: float,
    contact: str,
    webdriver: str,
) -> None:
    """Scan a website from URL on and print what was found, by rule.

    Exit code 1 if not one page could be scanned; faults of the site do not count.
    """
    from .engine.scanning import scan_site  # slow to load: selenium
    from .engine.sites import SiteSettings

    settings = SiteSettings(pages=pages, delay_s=delay, contact=contact)
    found = _visit(scan_site(url, settings, allow, webdriver), url, json_file, lang)
    for line in report_lines(found, lang):
        click.echo(line)
    if not any(page.outcome.is_scanned for page in found):
        raise click.exceptions.Exit(1)


def _visit(
    visits: Iterator[PageResult], url: str, json_file: Path | None, lang: str
) -> list[PageResult]:
    """Every page as it comes; what was found until an interruption is in the file all the same."""
    found: list[PageResult] = []
    try:
        for page in visits:
            found.append(page)
            click.echo(f"{len(found)}. {page.url}  {page.outcome.text.in_(lang)}", err=True)
    except BrowserMissing as missing:
        raise click.ClickException(str(missing)) from None
    finally:
        if json_file is not None:
            text = json.dumps(scan_json(url, found), ensure_ascii=False, indent=2)
            json_file.write_text(text + "\n", encoding="utf-8")
    return found
