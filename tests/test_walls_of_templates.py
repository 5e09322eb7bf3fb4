"""What holds for every template and every text that a person reads."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "templates"
ENGLISH = ROOT / "audit" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
CHINESE = re.compile(r"[\u3400-\u9fff]")
FULL_WIDTH = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
# What stays Chinese on an English page: the language's own name, and what a person typed.
NOT_TRANSLATED = {"components/display.html": {"中文"}, "gallery.html": {"一米五"}}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]")
EXTENSIONS = ["jinja2.ext.do", "jinja2.ext.i18n"]
# Constants of ours that hold markup: an attribute, or a drawing of the icon set. Never a value.
SAFE = {
    "components/icon.html": 1,
    "components/steps.html": 1,
    "components/tabs.html": 1,
    "components/tag.html": 1,
    "base.html": 1,
}
LIBRARY = Environment(extensions=EXTENSIONS)  # parses, never renders


def templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".xml", ".txt"})


def name_of(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@cache
def source(path: Path) -> str:
    return path.read_text("utf-8")


every_template = pytest.mark.parametrize("path", templates(), ids=name_of)


@every_template
def test_a_template_uses_every_macro_that_it_imports(path: Path) -> None:
    tree = LIBRARY.parse(source(path))
    imported = {
        one if isinstance(one, str) else one[1]
        for block in tree.find_all(nodes.FromImport)
        for one in block.names
    } | {block.target for block in tree.find_all(nodes.Import)}
    used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
    assert imported <= used, f"imported for nothing: {sorted(imported - used)}"


@every_template
def test_a_template_has_no_inline_handler_or_style(path: Path) -> None:
    text = source(path)
    assert not re.findall(r"""\son[a-z]+\s*=\s*["'{]""", text)
    assert not re.findall(r"""\sstyle\s*=""", text)
    assert "javascript:" not in text.lower()
    for tag in re.findall(r"<(?:script|style)\b[^>]*>", text):
        assert "csp_nonce()" in tag or 'type="application/json"' in tag, tag


@every_template
def test_a_template_trusts_no_value_as_markup(path: Path) -> None:
    tree = LIBRARY.parse(source(path))
    trusted = [node for node in tree.find_all(nodes.Filter) if node.name == "safe"]
    assert len(trusted) <= SAFE.get(name_of(path), 0), "pass markup by {% call %} or {% set %}"
    for node in trusted:
        is_ours = isinstance(node.node, nodes.Const) or name_of(path) == "components/icon.html"
        assert is_ours, f"line {node.lineno} trusts a value"
    names = {node.name for node in tree.find_all(nodes.Name)}
    assert not names & {"Markup", "namespace_from_user"}
    assert not list(tree.find_all(nodes.EvalContextModifier)), "autoescape is never switched"


def test_the_list_of_trusted_markup_is_not_longer_than_needed() -> None:
    counts = {
        name_of(path): sum(
            node.name == "safe" for node in LIBRARY.parse(source(path)).find_all(nodes.Filter)
        )
        for path in templates()
    }
    assert {name: count for name, count in counts.items() if count} == SAFE


@every_template
def test_a_template_says_nothing_that_cannot_be_translated(path: Path) -> None:
    bare = [
        f"line {number}: {text.strip()[:40]}"
        for number, kind, text in LIBRARY.lex(source(path))
        if kind == "data" and CHINESE.search(text)
    ]
    assert bare == []
    tree = LIBRARY.parse(source(path))
    given = {
        id(part)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in {"_", "gettext", "ngettext"}
        for part in call.find_all(nodes.Const)
    }
    loose = [
        f"line {node.lineno}: {node.value[:40]}"
        for node in tree.find_all(nodes.Const)
        if isinstance(node.value, str) and CHINESE.search(node.value) and id(node) not in given
        if node.value not in NOT_TRANSLATED.get(name_of(path), ())
    ]
    assert loose == []


@every_template
def test_a_template_asks_no_other_host(path: Path) -> None:
    asked = re.findall(r"""(?:src|href|action)\s*=\s*["'](https?:)?//""", source(path))
    assert asked == []


def extracted() -> Iterator[tuple[str, str]]:
    """Each message with the place where it stands."""
    keywords = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    options = {"templates/**.html": {"extensions": ",".join(EXTENSIONS), "silent": "false"}}
    for folder, method in (("audit", "python"), ("templates", "jinja2")):
        for file, line, message, *_rest in extract_from_dir(
            str(ROOT / folder),
            method_map=[("**.py" if method == "python" else "**.html", method)],
            options_map={"**.html": options["templates/**.html"]},
            keywords=keywords,
            comment_tags=(),
        ):
            for one in message if isinstance(message, tuple) else (message,):
                if one:
                    yield one, f"{folder}/{file}:{line}"


def placeholders(text: str) -> list[str]:
    return sorted(found.group(0) for found in PLACEHOLDER.finditer(text))


def _parts(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """A message with a plural is a tuple."""
    return text if isinstance(text, tuple) else (text,)


def test_messages_are_found_in_code_and_templates() -> None:
    messages = dict(extracted())
    assert len(messages) > 300
    assert {"没有权限", "登录"} <= messages.keys()
    assert [text for text in messages if not FULL_WIDTH.search(text)] == [], "ids are Chinese"


def test_placeholders_have_names() -> None:
    numbered = {where: text for text, where in extracted() if re.search(r"%[sd]", text)}
    assert numbered == {}


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def test_every_message_has_its_english(english: Catalog) -> None:
    missing = {
        text: where
        for text, where in extracted()
        if not (found := english.get(text)) or not found.string or found.fuzzy
    }
    assert missing == {}, f"{len(missing)} messages without English"


def test_english_keeps_every_placeholder_and_has_no_chinese(english: Catalog) -> None:
    for message in english:
        if not message.id:
            continue
        for text in _parts(message.string):
            assert placeholders(text) == placeholders(_parts(message.id)[0]), message.id
            assert not CHINESE.search(text), f"Chinese left in {text!r}"


def test_the_catalogue_holds_nothing_that_is_no_longer_said(english: Catalog) -> None:
    said = {text for text, _ in extracted()}
    kept = {one for message in english if message.id for one in _parts(message.id)}
    assert kept <= said, sorted(kept - said)[:20]
