from flask_babel import lazy_gettext as _

from audit.core.actors import Actor, May
from audit.core.clock import now
from audit.core.db import db
from audit.core.errors import Conflict, Invalid, NotAllowed
from audit.core.ids import new_id
from audit.journal.actions import record

from .models import SavedView, SavedViewDistrict
from .queries import count_own, find_named
from .rules import LONGEST_NAME, LONGEST_QUERY, MOST, Subject


class NameTaken(Conflict):
    """The person has a view of this name for this list already."""


def keep_view(
    actor: Actor, subject: Subject, name: str, query: str, *, replace: bool = False
) -> SavedView:
    """Under a name that is taken only with `replace`: the view then shows the new narrowing.

    Raises `Invalid`, or `NameTaken`.
    """
    _check_name(name)
    if len(query) > LONGEST_QUERY:
        raise Invalid({"name": _("条件太多，存不下。请减少条件再保存。")})
    known = find_named(actor, subject, name)
    if known is not None:
        if not replace and known.query != query:
            raise NameTaken
        known.query = query
        _journal(actor, "change_view", known)
        return known
    if count_own(actor) >= MOST:
        raise Invalid({"name": _("您已有 %(most)s 个常用筛选。请先删去不用的。", most=MOST)})
    view = SavedView(
        id=new_id(), owner_id=actor.id, subject=subject, name=name, query=query, created_at=now()
    )
    db.session.add(view)
    _journal(actor, "keep_view", view)
    return view


def rename_view(view: SavedView, name: str, actor: Actor) -> None:
    """Raises `Invalid` also when another view has the name."""
    _check_name(name)
    other = find_named(actor, view.subject, name)
    if other is not None and other.id != view.id:
        raise Invalid({"name": _("您已有一个同名的常用筛选。请换一个名称。")})
    view.name = name
    _journal(actor, "rename_view", view)


def drop_view(view: SavedView, actor: Actor) -> None:
    db.session.execute(db.delete(SavedViewDistrict).where(SavedViewDistrict.view_id == view.id))
    db.session.delete(view)
    _journal(actor, "drop_view", view)


def share_view(view: SavedView, actor: Actor, *, shared: bool) -> None:
    """With everybody of the districts in which this person may share now; or with nobody,
    which every owner may choose."""
    if shared and not actor.may(May.SHARE_VIEWS):
        raise NotAllowed
    codes = actor.districts_for(May.SHARE_VIEWS)
    db.session.execute(db.delete(SavedViewDistrict).where(SavedViewDistrict.view_id == view.id))
    view.shared, view.everywhere = shared, shared and codes is None
    if shared:
        for code in sorted(codes or ()):
            db.session.add(SavedViewDistrict(view_id=view.id, district_code=code))
    _journal(actor, "share_view" if shared else "unshare_view", view)


def _check_name(name: str) -> None:
    if not name:
        raise Invalid({"name": _("请写一个名称，以后好认。")})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": _("太长了，最多 %(most)s 个字。", most=LONGEST_NAME)})


def _journal(actor: Actor, verb: str, view: SavedView) -> None:
    record(actor, verb, "saved_view", view.id, detail={"subject": view.subject})
