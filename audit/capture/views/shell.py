"""The page that a device keeps, its service worker and its manifest. They hold nothing of anybody:
whoever is signed in, and whoever is not, gets the same."""

import json
from http import HTTPStatus

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from audit.core.language import LANGUAGES, current_language
from audit.core.settings import settings
from audit.web.access import public
from audit.web.assets import STATIC, static_url

from .texts import texts

bp = Blueprint("capture", __name__, url_prefix="/capture")
PARTS = ("css", "img", "js", "capture", "vendor/idb-8.0.4/build")
LEFT_OUT = ("js/map/", "css/components/map", "css/print.css")


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    return redirect(url_for(".show", language=current_language()), HTTPStatus.SEE_OTHER)


@bp.get("/<any(zh, en):language>/")
@public
def show(language: str) -> str:
    return render_template(
        "capture/app.html",
        texts=texts(),
        photos_per_item=settings().photos_per_item,
        actor=None,
        nav_items=[],
        flashes=[],
    )


@bp.get("/<any(zh, en):language>/manifest.webmanifest")
@public
def manifest(language: str) -> Response:
    told = {
        "name": _("坦途现场采集"),
        "short_name": _("坦途采集"),
        "lang": "en" if language == "en" else "zh-CN",
        "id": "/capture/",
        "start_url": url_for(".show", language=language),
        "scope": "/capture/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5c4d",
        "icons": [{"src": static_url("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    answer = make_response(json.dumps(told, ensure_ascii=False))
    answer.content_type = "application/manifest+json"
    return answer


@bp.get("/service-worker.js")
@public
def service_worker() -> Response:
    """What it keeps is named here: a new release has another text, and so is noticed."""
    pages = [url_for(".show", language=code) for code in LANGUAGES]
    pages += [url_for(".manifest", language=code) for code in LANGUAGES]
    kept = {"version": _version(), "files": [*pages, *_files()]}
    lines = (
        f"self.KEPT = {json.dumps(kept)};",
        f"importScripts({json.dumps(static_url('capture/service-worker.js'))});",
    )
    answer = make_response("\n".join(lines))
    answer.content_type = "text/javascript; charset=utf-8"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _version() -> str:
    return static_url("").rstrip("/").rpartition("/")[2]


def _files() -> list[str]:
    """Under the address that changes with their content."""
    folders = [STATIC / part for part in PARTS]
    names = sorted(
        str(path.relative_to(STATIC)) for folder in folders for path in folder.rglob("*.*")
    )
    return [static_url(name) for name in names if not name.startswith(LEFT_OUT)]
