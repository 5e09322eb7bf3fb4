"""Static files under an address that changes with their content, so that they cache for ever.

The version is one part of the path, not a query: modules that import each other by a relative
address stay within one version.
"""

import hashlib
from pathlib import Path

from flask import Flask, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from whitenoise import WhiteNoise

from audit.core.settings import ROOT

from .access import public

STATIC = ROOT / "static"


def static_version(folder: Path = STATIC) -> str:
    """Twelve hex digits over every file's path and content."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def static_url(path: str) -> str:
    return url_for("static", filename=path)


def init_app(app: Flask) -> None:
    version = static_version()
    files = WhiteNoise(app.wsgi_app, max_age=31536000, add_headers_function=_headers)
    files.add_files(str(STATIC), prefix=f"static/{version}/")
    app.wsgi_app = files  # type: ignore[method-assign]
    # WhiteNoise answers before Flask does; the rule is what `url_for` builds addresses from
    app.add_url_rule(f"/static/{version}/<path:filename>", "static", public(_missing))


def _missing(filename: str) -> ResponseReturnValue:
    return send_from_directory(STATIC, filename)


def _headers(headers: object, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"  # type: ignore[index]
    headers["Cross-Origin-Resource-Policy"] = "same-origin"  # type: ignore[index]
