"""axe-core speaks Chinese throughout."""

import json
import re
from collections.abc import Iterator

from audit.webscan.rules.locale import SUPPLEMENT, VENDORED, Strings, chinese_locale, merged


def leaves(tree: Strings, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def read(name: str) -> Strings:
    return json.loads((VENDORED / "locales" / name).read_text(encoding="utf-8"))


TEMPLATE = dict(leaves(read("_template.json")))
UPSTREAM = dict(leaves(read("zh_CN.json")))
OURS = dict(leaves(chinese_locale()))


def test_every_text_of_axe_has_a_chinese_one() -> None:
    assert len(TEMPLATE) == 615
    assert [path for path in TEMPLATE if path not in OURS] == []
    untranslated = [
        path
        for path, text in TEMPLATE.items()
        if text and path != ("lang",) and not re.search("[一-鿿]", OURS[path])
    ]
    assert untranslated == []


def test_every_chinese_text_carries_the_same_values() -> None:
    def values(text: str) -> set[str]:
        return set(re.findall(r"\$\{[^}]*\}|\{\{.*?\}\}", text))

    wrong = [path for path, text in TEMPLATE.items() if values(text) != values(OURS[path])]
    assert wrong == []


def test_the_supplement_holds_what_is_missing_and_nine_corrections() -> None:
    supplement = json.loads(SUPPLEMENT.read_text(encoding="utf-8"))
    ours = {path for path, _ in leaves({key: supplement[key] for key in ("rules", "checks")})}
    missing = {path for path in TEMPLATE if path not in UPSTREAM}
    assert len(missing) == 47
    assert missing <= ours
    assert len(ours - missing) == 9
    assert ours <= set(TEMPLATE), "a path that axe no longer has"


def test_a_branch_of_texts_replaces_a_single_text() -> None:
    assert merged({"a": "x", "b": {"c": "1"}}, {"a": {"d": "y"}, "b": {"e": "2"}}) == {
        "a": {"d": "y"},
        "b": {"c": "1", "e": "2"},
    }
