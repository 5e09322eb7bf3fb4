"""Addresses of pages: one spelling for each, which site they belong to, what shape they have."""

import re
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Parameters that say where a visitor came from, never what the page shows.
_TRACKING = re.compile(
    r"utm_\w+|spm|scm|gclid|fbclid|msclkid|yclid|bd_vid|hmsr|hmpl|hmcu|hmkw|hmci|"
    r"from_source|share_token|share_source|_ga|_t|timestamp",
    re.IGNORECASE,
)
_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|jsp|php|aspx?)$", re.IGNORECASE)
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/?#]*", re.IGNORECASE)
_ORDINARY_PORT = {"http": 80, "https": 443}

# Files that people download. They are listed, for they want checking too, but not opened.
ATTACHMENT_TYPES = (
    "pdf", "doc", "docx", "wps", "xls", "xlsx", "et", "ppt", "pptx", "dps", "ofd", "zip", "rar",
    "7z", "csv", "txt", "rtf", "jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp", "svg",
    "mp3", "wav", "mp4", "avi", "wmv", "mov", "flv", "apk", "exe", "xml", "rss", "json", "js",
    "css", "ico",
)  # fmt: skip
_DOCUMENT_TYPES = ATTACHMENT_TYPES[: ATTACHMENT_TYPES.index("7z") + 1]


def canonical(url: str) -> str:
    """One spelling of an http(s) address, without what does not change the page.

    Drops the fragment, tracking and session parameters and the ordinary port; sorts the query;
    resolves `..`. ValueError for what is no address.
    """
    parts = urlsplit(_SESSION.sub("", url.strip()))
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme not in _ORDINARY_PORT or not host:
        raise ValueError(url[:200])
    port = parts.port
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != _ORDINARY_PORT[parts.scheme]:
        place = f"{place}:{port}"
    query = "&".join(part for part in parts.query.split("&") if not _is_tracking(part))
    path = _without_dots(parts.path or "/")
    return str(canonicalize_url(urlunsplit((parts.scheme, place, path, query, ""))))


def _is_tracking(part: str) -> bool:
    return _TRACKING.fullmatch(part.partition("=")[0]) is not None


def _without_dots(path: str) -> str:
    """Resolve `.` and `..` (RFC 3986, 5.2.4); w3lib leaves them."""
    kept: list[str] = []
    for step in path.split("/")[1:]:
        if step == "..":
            del kept[-1:]
        elif step != ".":
            kept.append(step)
    ends_in_dots = path.rpartition("/")[2] in (".", "..")
    return "/" + "/".join(kept) + ("/" if ends_in_dots and kept else "")


def find_canonical(url: str) -> str | None:
    """As `canonical`, None for what is no address: pages are full of them."""
    try:
        return canonical(url)
    except ValueError:
        return None


def site_of(url: str) -> str:
    """The site that an address belongs to: its host (and unusual port), `www.` left aside."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".").lower().removeprefix("www.")
    port = parts.port
    is_ordinary = port is None or port in _ORDINARY_PORT.values()
    return host if is_ordinary else f"{host}:{port}"


def is_same_site(one: str, other: str) -> bool:
    try:
        return bool(site_of(one)) and site_of(one) == site_of(other)
    except ValueError:
        return False


def file_type(url: str) -> str:
    """The ending of the last part of the path, lower case; empty if there is none."""
    last = urlsplit(url).path.rpartition("/")[2]
    return last.rpartition(".")[2].lower() if "." in last else ""


def is_attachment(url: str) -> bool:
    """Whether the address looks like a document to download, such as a PDF."""
    return file_type(url) in _DOCUMENT_TYPES


def is_page(url: str) -> bool:
    """Whether the address may be a page: no file that a browser would save or draw."""
    return file_type(url) not in ATTACHMENT_TYPES


def folder_of_index(url: str) -> str:
    """The address of the folder, where the last part is its index page; else the address.

    `/col/` and `/col/index.html` are one page on nearly every server.
    """
    return _INDEX.sub("/", url)


def shape(url: str) -> str:
    """What pages of one template have in common: the path with every number and name made `#`.

    `/art/2026/3/15/art_12_345.html` and `/art/2025/1/2/art_12_99.html` have one shape.
    """
    parts = urlsplit(url)
    path = re.sub(r"%[0-9A-Fa-f]{2}", "#", parts.path)
    path = re.sub(r"[0-9a-f]{8,}|\d+", "#", path, flags=re.IGNORECASE)
    names = ",".join(sorted(part.partition("=")[0] for part in parts.query.split("&")))
    return f"{re.sub('#+', '#', path)}?{names}" if names else re.sub("#+", "#", path)
