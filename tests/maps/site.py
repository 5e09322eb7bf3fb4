"""A small local site with maps on it, its endpoint answering from findings made up here."""

import json
import random
import secrets
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from audit.geo.cells import cell_of, parent_cell
from audit.geo.geojson import read_geojson
from audit.geo.points import Box, Point
from audit.geo.shapes import Area
from audit.maps.page import Basemap, Look, MapParts, Outline, Pick, build_map, build_picker
from audit.maps.texts import FINDINGS

ROOT = Path(__file__).parents[2]
ZIYANG = Box(104.43, 29.67, 105.74, 30.64)
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{0}'; style-src 'self' 'nonce-{0}'; "
    "style-src-attr 'none'; img-src 'self' data:; connect-src 'self'"
)
SHEETS = ("tokens", "base")


@dataclass
class Town:
    """The findings that the endpoint knows. Tests change them between two questions."""

    findings: list[dict[str, object]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    limit: int = 300
    broken: bool = False

    def answer(self, query: dict[str, list[str]]) -> dict[str, object]:
        west, south, east, north = (float(edge) for edge in query["bbox"][0].split(","))
        box, zoom = Box(west, south, east, north), int(query["z"][0])
        inside = [f for f in self.findings if box.holds(Point(f["lon"], f["lat"]))]  # type: ignore[arg-type]
        forced = query.get("mode") == ["points"]
        if forced or len(inside) <= self.limit:
            mode, items = "points", inside[:100] if forced else inside
        else:
            mode, items = "cells", _cells(inside, zoom)
        return {
            "mode": mode,
            "total": len(inside),
            "truncated": mode == "points" and len(items) < len(inside),
            "items": items,
        }


def finding(number: int, lon: float, lat: float, severity: str = "S3") -> dict[str, object]:
    return {
        "id": str(number),
        "url": f"/findings/{number}",
        "lon": round(lon, 6),
        "lat": round(lat, 6),
        "mark": severity,
        "status": "已派单",
        "title": f"问题{number}",
    }


def scattered(count: int, box: Box = ZIYANG) -> list[dict[str, object]]:
    dice = random.Random(count)
    return [
        finding(
            number,
            dice.uniform(box.west, box.east),
            dice.uniform(box.south, box.north),
            dice.choice(["S1", "S2", "S3", "S3", "S4", "S4", "S4"]),
        )
        for number in range(count)
    ]


def _cells(findings: list[dict[str, object]], zoom: int) -> list[dict[str, object]]:
    groups = defaultdict(list)
    for one in findings:
        groups[parent_cell(cell_of(one["lon"], one["lat"]), zoom)].append(one)  # type: ignore[arg-type]
    return [
        {
            "lon": sum(f["lon"] for f in group) / len(group),  # type: ignore[misc]
            "lat": sum(f["lat"] for f in group) / len(group),  # type: ignore[misc]
            "n": [sum(f["mark"] == s for f in group) for s in ("S1", "S2", "S3", "S4")],
        }
        for group in groups.values()
    ]


def look(nonce: str, lang: str = "zh-CN", basemap: Basemap | None = None) -> Look:
    raw = (ROOT / "audit/districts/data/ziyang-counties.geojson").read_bytes()
    return Look(
        lang=lang,
        bounds=ZIYANG,
        nonce=nonce,
        static_url=lambda path: f"/static/1/{path}",
        outlines=[
            Outline(feature.text("name" if lang != "en" else "name_en"), feature.shape)
            for feature in read_geojson(raw).features
            if isinstance(feature.shape, Area)
        ],
        basemap=basemap,
        credit="区县轮廓仅供示意。",
    )


def _page(parts: MapParts, nonce: str, lang: str, extra: str) -> str:
    sheets = "".join(f'<link rel="stylesheet" href="/static/1/css/{s}.css">' for s in SHEETS)
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Map - test</title>
<link rel="icon" href="data:,">
<script nonce="{nonce}">window.broken = [];
addEventListener("securitypolicyviolation", (e) => broken.push(e.violatedDirective + e.blockedURI));
addEventListener("error", (e) => broken.push(e.message ?? e.target.src), true);
addEventListener("drawn", (e) => {{
  window.drawn = (window.drawn ?? 0) + 1;
  window.last = e.detail;
}});
addEventListener("picked", (e) => {{ window.last = e.detail; }});</script>
{sheets}{parts.header}</head>
<body><main id="main"><h1>Map</h1><h2>Map</h2>{extra}{parts.body}
<a href="#main" id="after">after</a></main>
{parts.script}</body></html>"""


PICK = Pick(
    "lon", "lat", "acc", "district", {"512021": Box(104.948, 29.674, 105.739, 30.313)},
    "/findings.json",
)  # fmt: skip
INPUTS = """<p><label for="lon">Longitude</label> <input id="lon" name="lon" value="{}"></p>
<p><label for="lat">Latitude</label> <input id="lat" name="lat" value="{}"></p>
<p><label for="acc">Accuracy</label> <input id="acc" name="acc"></p>
<p><label for="district">District</label> <select id="district" name="district">
<option value="">-</option><option value="512021">Anyue</option></select></p>"""


class Site:
    """Serves until closed; `town` is what the map shows, `url` where."""

    def __init__(self) -> None:
        self.town = Town()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.serve(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def serve(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        if parts.path.startswith("/static/1/"):
            file = ROOT / "static" / parts.path.removeprefix("/static/1/")
            self.send(request, TYPES.get(file.suffix, "text/plain"), file.read_bytes())
        elif parts.path == "/findings.json":
            self.town.asked.append(request.path)
            body = json.dumps(self.town.answer(parse_qs(parts.query))).encode()
            self.send(request, "application/json", body, 500 if self.town.broken else 200)
        elif parts.path in ("/map", "/picker", "/tiles"):
            self.send_page(request, parts.path, parse_qs(parts.query))
        else:
            self.send(request, "text/plain", b"", 404)

    def send_page(
        self, request: BaseHTTPRequestHandler, path: str, query: dict[str, list[str]]
    ) -> None:
        nonce = secrets.token_urlsafe(18)
        lang = query.get("lang", ["zh-CN"])[0]
        base = Basemap(f"{self.url}/no-tiles/{{z}}/{{x}}/{{y}}.png", "天地图 <GS(2024)0650号>")
        shared = look(nonce, lang, base if path == "/tiles" else None)
        if path == "/picker":
            parts = build_picker(shared, PICK)
            extra = INPUTS.format(query.get("lon", [""])[0], query.get("lat", [""])[0])
        else:
            parts = build_map(shared, FINDINGS, endpoint="/findings.json?status=open")
            extra = ""
        body = _page(parts, nonce, lang, extra).encode()
        self.send(request, "text/html; charset=utf-8", body, policy=POLICY.format(nonce))

    def send(
        self,
        request: BaseHTTPRequestHandler,
        kind: str,
        body: bytes,
        status: int = 200,
        policy: str = "",
    ) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        if policy:
            request.send_header("Content-Security-Policy", policy)
        request.end_headers()
        try:
            request.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            return  # the browser left, as it does when a newer question overtakes one
