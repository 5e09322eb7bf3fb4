"""A test client that looks at every page which any test fetches."""

import re
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import html5lib
from flask.testing import FlaskClient
from html5lib.html5parser import ParseError
from werkzeug.test import TestResponse

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
CONTROLS = {"input", "select", "textarea"}
MOVED = {301, 302, 303, 308}
TOKEN = re.compile(r'(name="csrf_token" value=")[^"]+')
WELL_MADE: set[bytes] = set()  # digests of pages in which nothing was wrong
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset"}


class CarefulClient(FlaskClient):
    """Refuses pages with broken HTML, no single h1, a title that does not begin with it, doubled
    ids, unlabelled controls, inline handlers or styles, foreign hosts, or missing headers."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        answer.request.environ["wsgi.input"].close()  # a large body lies in a temporary file
        check_headers(answer)
        if answer.request.path.startswith("/static/"):
            answer.get_data()  # reads the file and lets go of it
            answer.close()
        has_page = answer.mimetype == "text/html" and answer.status_code not in MOVED
        if has_page and answer.request.method not in {"HEAD", "OPTIONS"}:
            check_page(answer.get_data(as_text=True), answer.headers["Content-Security-Policy"])
        return answer

    def token(self, page: str) -> str:
        """The CSRF token of a form on a page."""
        html = self.get(page).get_data(as_text=True)
        return hidden(html)["csrf_token"]

    def send(self, where: str, data: dict[str, Any], page: str | None = None) -> TestResponse:
        """Post a form the way a browser does: with what is hidden in the page it stands on."""
        html = self.get(page or where).get_data(as_text=True)
        fields = {**hidden(html), **data}
        return self.post(where, data=fields, content_type="multipart/form-data")

    def arrive(self, where: str, data: dict[str, Any], page: str | None = None) -> TestResponse:
        """Post a form and go where the answer leads."""
        answer = self.send(where, data, page)
        return self.get(answer.headers["Location"]) if answer.status_code == 303 else answer

    def sign_in(self, login: str, password: str) -> TestResponse:
        return self.send("/account/login", {"login": login, "password": password})

    def hold(self, token: str) -> None:
        """Be signed in by a session that was begun elsewhere."""
        with self.session_transaction() as session:
            session.clear()
            session["token"] = token


def hidden(html: str) -> dict[str, str]:
    """Of the forms on a page, what every form sends: the CSRF token and, of a form that edits a
    record, what it showed."""
    found = dict(re.findall(r'name="(csrf_token|shown)" value="([^"]+)"', html))
    assert "csrf_token" in found, "the page has no form with a CSRF token"
    return found


def check_headers(answer: TestResponse) -> None:
    """On every answer, whatever its status; files under /static/ need fewer of them."""
    headers = answer.headers
    assert headers.get("X-Content-Type-Options") == "nosniff"
    assert "Server" not in headers
    if answer.request.path.startswith("/static/") and answer.status_code in {200, 304}:
        return
    policy = headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy, "no content security policy"
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy or "sandbox" in policy
    assert headers.get("X-Frame-Options") == "DENY"
    assert headers.get("Referrer-Policy") in {"same-origin", "no-referrer"}
    assert headers.get("Cross-Origin-Opener-Policy") == "same-origin"
    assert headers.get("Cross-Origin-Resource-Policy") == "same-origin"
    assert "camera" in headers.get("Permissions-Policy", "")
    kept = headers.get("Cache-Control", "")
    assert "no-store" in kept or "private" in kept, f"a shared cache may keep this: {kept!r}"


def check_page(html: str, policy: str) -> None:
    """Looks once at each text: but for its nonce and tokens, many pages come again and again."""
    nonce = re.search(r"'nonce-([^']+)'", policy)
    if nonce:
        html, policy = html.replace(nonce[1], "once"), policy.replace(nonce[1], "once")
    text = TOKEN.sub(r"\1signed", html)
    digest = sha256(f"{policy}\n{text}".encode()).digest()
    if digest not in WELL_MADE:
        _check(text, policy)
        WELL_MADE.add(digest)


def _check(html: str, policy: str) -> None:
    try:
        document = html5lib.HTMLParser(strict=True).parse(html)
    except ParseError as error:
        raise AssertionError(f"broken HTML: {error}") from error
    elements = list(document.iter())
    _check_heading(document)
    _check_ids(elements)
    _check_labels(elements)
    _check_origins(elements)
    _check_inline(elements, policy)


def _name(element: Any) -> str:
    return str(element.tag).removeprefix(NAMESPACE)


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _check_heading(document: Any) -> None:
    spare = {id(one) for each in document.iter(f"{NAMESPACE}template") for one in each.iter()}
    headings = [one for one in document.findall(f".//{NAMESPACE}h1") if id(one) not in spare]
    assert len(headings) == 1, f"{len(headings)} h1 on the page"
    title = _text(document.find(f".//{NAMESPACE}title"))
    spoken = title.removeprefix("有错误：").removeprefix("Error: ")
    heading = _text(headings[0])
    named = spoken.rsplit(" - ", 1)[0]
    assert named and named in heading, f"title {title!r} does not begin with the h1 {heading!r}"
    root = document if _name(document) == "html" else document.find(f"{NAMESPACE}html")
    assert root.get("lang") in {"zh-CN", "en"}


def _check_ids(elements: list[Any]) -> None:
    ids = [element.get("id") for element in elements if element.get("id")]
    doubled = {one for one in ids if ids.count(one) > 1}
    assert not doubled, f"ids used twice: {doubled}"
    known = set(ids)
    for element in elements:
        for name in ("for", "aria-labelledby", "aria-describedby"):
            for one in (element.get(name) or "").split():
                assert one in known, f"{name} points at {one}, which is not there"


def _check_labels(elements: list[Any]) -> None:
    labelled = {element.get("for") for element in elements if _name(element) == "label"}
    for element in elements:
        if _name(element) not in CONTROLS or element.get("type") in UNLABELLED_TYPES:
            continue
        named = element.get("aria-label") or element.get("aria-labelledby")
        assert named or element.get("id") in labelled, f"no label for {element.attrib}"


def _check_origins(elements: list[Any]) -> None:
    for element in elements:
        names = ["src"] + (["href"] if _name(element) == "link" else [])
        for name in names:
            host = urlsplit(element.get(name) or "").netloc
            assert not host, f"the page asks {host} for {element.get(name)}"


def _check_inline(elements: list[Any], policy: str) -> None:
    for element in elements:
        assert not element.get("style"), f"inline style on {_name(element)}"
        handlers = [name for name in element.attrib if str(name).startswith("on")]
        assert not handlers, f"inline handlers {handlers}"
        if _name(element) in {"script", "style"} and _text(element):
            if element.get("type") == "application/json":
                continue
            nonce = element.get("nonce") or ""
            assert nonce and f"'nonce-{nonce}'" in policy, f"{_name(element)} without the nonce"
