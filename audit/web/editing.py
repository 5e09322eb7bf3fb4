"""Two people change one record: the later save must not undo the earlier one without a word.

An edit form carries in `shown` a digest of each value that it stated when it was opened.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Protocol, TypeVar

from flask_babel import gettext as _

from audit.core.errors import Conflict

from .pages import local_time

SHOWN = "shown"


class EditForm(Protocol):
    """`warning` says above the form why nothing was saved."""

    typed: dict[str, str]
    problems: dict[str, str]
    warning: str


Form = TypeVar("Form", bound=EditForm)


class Overtaken(Conflict):
    """Somebody else changed what this save would change again. `now`: every value as it stands,
    by control; `undone`: the controls in question."""

    def __init__(self, now: Mapping[str, str], undone: list[str]) -> None:
        super().__init__()
        self.now, self.undone = now, undone


def opened(form: Form) -> Form:
    """The form of a record, marked with what it states."""
    form.typed[SHOWN] = _marks(form.typed)
    return form


@contextmanager
def undoing_nothing(form: EditForm, stated: Callable[[], Mapping[str, str]]) -> Iterator[None]:
    """Around the edit, inside the transaction. `stated`: what a form opened now would state.

    Raises `Overtaken`. To save once more what stands there already is no conflict. A form without
    marks has seen nothing.
    """
    before = stated()
    yield
    after, shown = stated(), _read(form.typed.get(SHOWN, ""))
    undone = [
        name
        for name in {**before, **after}
        if after.get(name, "") != before.get(name, "")
        and shown.get(name, _mark("")) != _mark(before.get(name, ""))
    ]
    if undone:
        raise Overtaken(before, undone)


def tell(
    form: EditForm,
    error: Overtaken,
    last: tuple[str, datetime] | None,
    say: Callable[[str, str], str],
) -> None:
    """Puts into the form what has changed since; saved again, it counts as seen.

    `last`: who made the latest change, and when. `say(control, value)` words a value.
    """
    form.typed[SHOWN] = _marks(error.now)
    who, when = (last[0], local_time(last[1])) if last else (_("别人"), _("刚才"))
    form.warning = _(
        "您打开之后，%(who)s在%(when)s改过这份资料，您这次没有保存。"
        "请核对下面的内容；再保存一次，就以您填的为准。",
        who=who,
        when=when,
    )
    for name in error.undone:
        now = error.now.get(name, "")
        form.problems[name] = (
            _("现在登记的是“%(now)s”。", now=say(name, now)) if now else _("现在登记的是空白。")
        )


def status_of(form: EditForm) -> HTTPStatus:
    if form.warning:
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.problems else HTTPStatus.OK


def _marks(values: Mapping[str, str]) -> str:
    return " ".join(f"{name}={_mark(text)}" for name, text in values.items() if name != SHOWN)


def _read(marks: str) -> dict[str, str]:
    return dict(mark.split("=", 1) for mark in marks.split() if "=" in mark)


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
