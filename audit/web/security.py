"""Headers on every answer, and the nonce that lets our own inline scripts run."""

import secrets

from flask import Flask, Response, g, request

POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'nonce-{nonce}'",
    "style-src": "'self' 'nonce-{nonce}'",
    "style-src-attr": "'none'",
    "img-src": "'self' data: blob:{tiles}",
    "connect-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}


def csp_nonce() -> str:
    """One fresh value per answer."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    nonce: str = g.csp_nonce
    return nonce


def allow_tiles(origins: list[str]) -> None:
    """Let this one answer show map pictures from the configured base map."""
    g.tile_origins = origins


def policy() -> str:
    tiles = "".join(f" {origin}" for origin in g.get("tile_origins", []))
    filled = (
        f"{name} {value.format(nonce=csp_nonce(), tiles=tiles)}" for name, value in POLICY.items()
    )
    return "; ".join(filled)


def init_app(app: Flask) -> None:
    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy())
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure and app.config["SETTINGS"].hsts:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response
