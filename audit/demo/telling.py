"""The plan carried out through the actions that people use, each at its own moment."""

import hashlib
import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from audit.accounts.actions import add_organisation, add_user
from audit.accounts.queries import actor_of, find_active_user
from audit.accounts.rules import ALONE
from audit.core.actors import SYSTEM, Actor, May
from audit.core.clock import at, today
from audit.duties.actions import give_duty
from audit.duties.rules import Duty
from audit.facilities.actions import add_facility
from audit.facilities.queries import get_facility
from audit.facilities.rules import FacilityKind, Review
from audit.findings import actions as findings
from audit.findings.queries import find_open_of, get_finding
from audit.findings.rules import RECHECKS, Verb
from audit.geo.points import Point, moved
from audit.inspections.actions import Filing, file_inspection, keep_draft
from audit.measures.actions import plan_measure
from audit.measures.rules import MeasureDraft
from audit.photos.actions import ReceivedPhoto, keep_photo
from audit.photos.rules import Capture
from audit.policy.actions import choose
from audit.register.actions import split

from .answering import pick
from .cast import coordinator_for
from .drafts import typed_answers
from .happenings import Happening, Registering, Shot, Step, Visit
from .placing import checklist_of, draft_of, point_of, twin_of
from .reading import SamplePlace, organisations, people, places
from .routes import set_routes

SECURITY, ADMIN = "demo-security", "demo-admin"
TWO_IN_ONE = "pb-coach"
TOILET_DAYS = 45  # so that some are due within the two months
LATER = {Verb.ASK_TIME: timedelta(days=100), Verb.PROGRAMME: timedelta(days=200)}
VISIT_TAKES = timedelta(minutes=40)


@dataclass
class City:
    """What is there so far: by login, by key of organisation or place, by place and item."""

    seed: int
    pictures: dict[Shot, ReceivedPhoto]
    actors: dict[str, Actor] = field(default_factory=dict)
    organisations: dict[str, UUID] = field(default_factory=dict)
    facilities: dict[str, UUID] = field(default_factory=dict)
    findings: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = {place.key: place for place in places()}


def move_in(city: City, password: str) -> None:
    """Organisations and people. The system makes the first person, who makes the administrators;
    one of those makes everybody else."""
    places = {one.key: one.district for one in organisations()}
    for one in organisations():
        made = add_organisation(one.name, one.kind, SYSTEM, one.district)
        city.organisations[one.key] = made.id
    for person in people():
        where = person.districts or (places.get(person.organisation),)
        user, _password = add_user(
            person.login,
            person.name,
            [(person.role, district) for district in where],
            city.actors.get(SECURITY if person.role in ALONE else ADMIN, SYSTEM),
            organisation_id=city.organisations.get(person.organisation),
            password=password,
        )
        found = find_active_user(user.id)
        if found is not None:
            city.actors[person.login] = actor_of(found)
    set_routes(city.organisations, city.actors[ADMIN])
    choose("revisit_toilet", TOILET_DAYS, "创建期间，公厕看得勤一些。", city.actors[ADMIN])


def tell(happenings: Iterable[Happening], city: City) -> None:
    """In the order given; the clock stands at each one's moment while it happens."""
    for one in happenings:
        with at(one.at):
            if isinstance(one, Registering):
                _register(one, city)
            elif isinstance(one, Visit):
                _visit(one, city)
            else:
                _take(one, city)


def split_one(city: City, moment: datetime) -> None:
    """The toilet of the coach station had no number of its own so far."""
    place = city.places[TWO_IN_ONE]
    if TWO_IN_ONE not in city.facilities:
        return
    actor = city.actors[coordinator_for(place.district)]
    whole = get_facility(city.facilities[TWO_IN_ONE], actor, May.EDIT_FACILITY)
    draft = replace(
        draft_of(place, whole.organisation_id),
        kind=FacilityKind.TOILET,
        name=f"{place.name}公共厕所",
        facts={"host": "transport"},
    )
    with at(moment):
        part_id = made_id(moment, f"{city.seed}-{TWO_IN_ONE}-part")
        split(whole, part_id, draft, actor, "站里的公厕单独管理、单独检查。")


def _register(one: Registering, city: City) -> None:
    if one.again:
        city.places[one.place] = twin_of(city.places[one.again], one.by)
    place, actor = city.places[one.place], city.actors[one.by]
    trusted = actor.may(May.EDIT_FACILITY, place.district)
    draft = draft_of(place, city.organisations.get(place.owner))
    review = Review.ACCEPTED if trusted else Review.WAITING
    facility_id = made_id(one.at, f"{city.seed}-{place.key}")
    facility = add_facility(facility_id, draft, actor, review)
    city.facilities[place.key] = facility.id
    for duty, organisation in place.duties.items():
        if organisation in city.organisations:
            give_duty(facility, city.organisations[organisation], Duty(duty), "", actor)
    if place.plan is not None:
        measure = MeasureDraft(**place.plan, organisation_id=draft.organisation_id)
        plan_measure(made_id(one.at, f"{city.seed}-{place.key}-plan"), facility, measure, actor)


def _visit(one: Visit, city: City) -> None:
    place, actor = city.places[one.place], city.actors[one.by]
    photos = {
        item: tuple(_keep(shot, one.at, place, actor, city) for shot in shots)
        for item, shots in one.shots.items()
    }
    filing = _filing(one, photos, city)
    if one.is_draft:
        kept = {f"kept.{item}": [str(photo) for photo in ids] for item, ids in photos.items()}
        keep_draft(filing, typed_answers(one.answers) | kept, actor)
        return
    file_inspection(filing, actor)
    found = find_open_of(filing.facility.id, [fault.item for fault in one.faults])
    city.findings |= {(one.place, item): finding.number for item, finding in found.items()}


def _filing(one: Visit, photos: dict[str, tuple[UUID, ...]], city: City) -> Filing:
    place, actor = city.places[one.place], city.actors[one.by]
    words = f"{city.seed}-{place.key}-{one.by}-{one.at}"
    here = _phone(place, words)
    return Filing(
        id=made_id(one.at, words),
        facility=get_facility(city.facilities[one.place], actor, May.INSPECT),
        checklist=checklist_of(place),
        answers=one.answers,
        started_at=one.at - VISIT_TAKES,
        photos=photos,
        note=one.note,
        no_photo_reason=one.no_photo_reason,
        lon=here.lon,
        lat=here.lat,
        accuracy_m=here.accuracy_m,
    )


def _take(one: Step, city: City) -> None:
    actor = city.actors[one.by]
    finding = get_finding(city.findings[one.place, one.item], actor)
    place = city.places[one.place]
    photos = [_keep(one.shot, one.at, place, actor, city)] if one.shot else []
    if one.verb in RECHECKS:
        _recheck(one, photos, city)
        return
    day = today() + LATER.get(one.verb, timedelta())
    named = city.organisations.get(one.to)
    findings.act(finding, one.verb, actor, findings.Told(one.why, named, day, photos=tuple(photos)))


def _recheck(one: Step, photos: list[UUID], city: City) -> None:
    """A re-check is an inspection of one item."""
    if one.answer is None:
        raise ValueError("a re-check without an answer")
    actor, place = city.actors[one.by], city.places[one.place]
    words = f"{city.seed}-{place.key}-{one.item}-{one.at}"
    here = _phone(place, words)
    filing = Filing(
        id=made_id(one.at, words),
        facility=get_facility(city.facilities[one.place], actor, May.RECHECK),
        checklist=checklist_of(place),
        answers={one.item: one.answer},
        started_at=one.at - VISIT_TAKES / 4,
        photos={one.item: tuple(photos)},
        note=one.why,
        lon=here.lon,
        lat=here.lat,
        accuracy_m=here.accuracy_m,
        verifies=get_finding(city.findings[one.place, one.item], actor),
    )
    file_inspection(filing, actor)


def _keep(shot: Shot, moment: datetime, place: SamplePlace, actor: Actor, city: City) -> UUID:
    """One row for a picture that has been received."""
    words = f"{city.seed}-{place.key}-{actor.login}-{moment}-{shot}"
    here = _phone(place, words)
    told = Capture(moment - timedelta(minutes=9), here.lon, here.lat, here.accuracy_m)
    photo_id, received = made_id(moment, words), city.pictures[shot]
    return keep_photo(photo_id, received, actor, told=told, district=place.district).id


def _phone(place: SamplePlace, words: str) -> Capture:
    """Where a phone at the place thinks that it is; nowhere for a website."""
    chance, point = pick(words), point_of(place)
    if point is None:
        return Capture()
    seen: Point = moved(point, east_m=chance.gauss(0, 7), north_m=chance.gauss(0, 7))
    return Capture(None, round(seen.lon, 6), round(seen.lat, 6), round(chance.uniform(4, 22), 1))


def made_id(moment: datetime, words: str) -> UUID:
    """A UUIDv7 of that moment, the same for the same words."""
    chance = random.Random(hashlib.sha256(words.encode()).digest())  # noqa: S311
    stamp = int(moment.timestamp() * 1000) << 80
    return UUID(
        int=stamp | 7 << 76 | chance.getrandbits(12) << 64 | 2 << 62 | chance.getrandbits(62)
    )
