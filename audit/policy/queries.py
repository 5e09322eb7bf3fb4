from collections.abc import Mapping, Sequence

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit.core.db import db
from audit.core.fresh import Fresh
from audit.core.settings import Settings
from audit.core.text import Text

from .models import PolicyChange
from .rules import CHOICES, SEVERITY, Value, severities_in, texts_in
from .rules.texts import TEXT, WORDINGS, CityText


def latest() -> dict[str, PolicyChange]:
    """The change that holds, by the name of its setting; also one back to the default."""
    rows = db.session.scalars(select(PolicyChange).where(PolicyChange.seq.in_(LAST)))
    return {row.name: row for row in rows}


def history_of(name: str) -> Sequence[PolicyChange]:
    """The newest first."""
    return db.session.scalars(
        select(PolicyChange)
        .where(PolicyChange.name == name)
        .order_by(PolicyChange.seq.desc())
        .limit(100)
    ).all()


def chosen_severities() -> Mapping[str, str]:
    """S1 to S4 by item or rule, where somebody has chosen it."""
    overlay: Overlay = current_app.extensions["policy"]
    return overlay.severities(current_app.config["SETTINGS"])


def city_text(name: CityText | str) -> Text:
    """As the city has put it, else as shipped; empty where it is to be left out."""
    overlay: Overlay = current_app.extensions["policy"]
    wanted = CityText(name)
    texts = overlay.texts(current_app.config["SETTINGS"])
    return texts.get(wanted, WORDINGS[wanted].shipped)


class Overlay:
    """Lays what was chosen over the settings of the server."""

    def __init__(self) -> None:
        self._chosen: Fresh[Mapping[str, Value]] = Fresh(_read, {})
        self._laid: tuple[Settings, Mapping[str, Value], Settings] | None = None

    def forget(self) -> None:
        self._chosen.forget()

    def over(self, base: Settings) -> Settings:
        chosen = self._chosen.get(base)
        if self._laid is None or self._laid[0] is not base or self._laid[1] is not chosen:
            settings = {name: value for name, value in chosen.items() if name in CHOICES}
            laid = base.model_copy(update=settings) if settings else base
            self._laid = (base, chosen, laid)
        return self._laid[2]

    def severities(self, base: Settings) -> Mapping[str, str]:
        """Items and rules that are graver or milder here than the list says."""
        return severities_in(self._chosen.get(base))

    def texts(self, base: Settings) -> Mapping[CityText, Text]:
        return texts_in(self._chosen.get(base))


LAST = select(func.max(PolicyChange.seq)).group_by(PolicyChange.name)
CHOSEN = select(PolicyChange.name, PolicyChange.value).where(PolicyChange.seq.in_(LAST))


def _read(session: Session) -> Mapping[str, Value]:
    rows = session.execute(CHOSEN)
    return {row.name: row.value for row in rows if row.value is not None and _is_known(row.name)}


def _is_known(name: str) -> bool:
    return name in CHOICES or name.startswith((SEVERITY, TEXT))
