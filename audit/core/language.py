"""Chinese first, English complete. The Chinese text is the message id."""

import secrets
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale

from .settings import ROOT

LANGUAGES = ("zh", "en")
CHINESE, ENGLISH = Locale.parse("zh_CN"), Locale.parse("en")  # parsing reads a list of files
COOKIE = "language"
TRANSLATIONS = ROOT / "audit" / "translations"
babel = Babel()


def current_language() -> str:
    """`zh` or `en`: the language of the page being made; `zh` outside a request."""
    locale = get_locale()
    return locale.language if locale is not None else "zh"


def html_lang() -> str:
    return "en" if current_language() == "en" else "zh-CN"


def _choose() -> Locale:
    """By the address, where that names a language; else by the cookie."""
    from flask import current_app

    chosen: str = current_app.config["SETTINGS"].default_language
    if has_request_context():
        named = (request.view_args or {}).get("language")
        chosen = named or request.cookies.get(COOKIE, chosen)
    return ENGLISH if chosen == "en" else CHINESE


def compile_catalogues(folder: Path = TRANSLATIONS) -> None:
    """Make each .mo file anew where its .po file is younger."""
    for po in folder.glob("*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalogue = read_po(source)
        # a name of its own: server and worker start at the same moment and both find it stale
        fresh = mo.with_name(f"{mo.stem}.{secrets.token_hex(4)}.mo")
        with fresh.open("wb") as target:
            write_mo(target, catalogue)
        fresh.rename(mo)


def init_app(app: Flask) -> None:
    compile_catalogues()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    babel.init_app(app, default_locale="zh_CN", locale_selector=_choose)
