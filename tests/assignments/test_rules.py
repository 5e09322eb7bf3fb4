"""Links and notices, without a database."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from audit.accounts.rules import CODE_ALPHABET
from audit.assignments.rules import (
    LONGEST_NAME,
    SIGNS,
    Progress,
    Standing,
    answers_open,
    is_open,
    is_phone,
    network_prefix,
    new_secret,
    organisation_actor,
    receipt_due,
    secret_hash,
    signed_name,
    standing,
)
from audit.clocks.rules import WorkingDays
from audit.core.actors import PERMISSIONS, May, Role
from audit.findings.rules import RECHECKS, Facts, Plea, State, Verb, refusal

MOMENT = datetime(2026, 11, 24, 12, tzinfo=UTC)
FACTS = Facts(State.DISPATCHED, "512002", uuid4(), None, None)


def test_a_secret_has_256_bits_and_none_is_made_twice() -> None:
    assert SIGNS * math.log2(len(CODE_ALPHABET)) >= 256
    made = {new_secret() for _ in range(200)}
    assert len(made) == 200


def test_a_secret_may_be_typed_from_paper() -> None:
    secret = new_secret()
    assert secret_hash(secret.lower().replace("-", " ")) == secret_hash(secret)
    assert secret_hash(secret[:-1]) != secret_hash(secret)
    assert secret not in secret_hash(secret)


def test_a_link_is_open_until_its_moment_or_until_it_is_revoked() -> None:
    later = MOMENT + timedelta(seconds=1)
    assert is_open(later, None, MOMENT)
    assert not is_open(MOMENT, None, MOMENT)
    assert not is_open(later, MOMENT, MOMENT)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::5", "2001:db8:1::/48"),
        (None, ""),
        ("nonsense", ""),
    ],
)
def test_of_a_network_only_the_beginning_is_kept(address: str | None, kept: str) -> None:
    assert network_prefix(address) == kept


def test_a_long_organisation_leaves_room_for_the_signer_and_the_notice() -> None:
    named = signed_name("王" * 20, "某" * 120, "ZG-2026-000001")
    assert len(named) == LONGEST_NAME
    assert named.startswith("王" * 20) and named.endswith("凭通知 ZG-2026-000001）")
    assert "市政公司" in signed_name("王小满", "市政公司", "ZG-2026-000001")


def test_the_link_answers_and_never_judges() -> None:
    """Whatever the state: no verb of an office, and no re-check, is open to the organisation."""
    for state in State:
        facts = replace(FACTS, state=state, doubtful=True, plea=Plea.TIME)
        open_steps = {step.verb for step in answers_open(facts)}
        actor = organisation_actor(uuid4(), "", facts.organisation_id or uuid4())
        for verb in RECHECKS | {Verb.CONFIRM, Verb.DISPATCH, Verb.ACCEPT, Verb.VOID}:
            assert verb not in open_steps
            assert refusal(facts, verb, actor) is not None
    assert Verb.REPORT_FIXED in {step.verb for step in answers_open(FACTS)}
    assert answers_open(replace(FACTS, organisation_id=None)) == []


def test_the_link_may_see_and_answer_and_nothing_that_an_office_may() -> None:
    actor = organisation_actor(uuid4(), "", uuid4())
    allowed = PERMISSIONS[Role.ORGANISATION]
    assert {one for one in May if actor.may(one)} == allowed
    assert not allowed & {May.CONFIRM, May.DISPATCH, May.RECHECK, May.REOPEN, May.ASSIGN}
    assert actor.only_own_organisation(May.SEE_FINDINGS)


def test_a_receipt_is_late_after_the_last_working_day() -> None:
    friday = date(2026, 11, 27)
    due = receipt_due(WorkingDays(), friday, 2)
    assert due == date(2026, 12, 1), "over the weekend"
    half = Progress(2, 1)
    assert standing(False, due, half, due) is Standing.UNCONFIRMED
    assert standing(False, due, half, due + timedelta(days=1)) is Standing.LATE
    assert standing(True, due, half, due) is Standing.UNANSWERED
    assert standing(True, due, Progress(2, 2), due) is Standing.ANSWERED


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("028-26110000", True),
        ("+86 139 0000 1234", True),
        ("（028）26110000 转 8012", True),
        ("12345", True),
        ("1390000abc", False),
        ("1234", False),
        ("- - - - -", False),
        ("1" * 31, False),
    ],
)
def test_a_telephone_is_what_can_be_dialled(text: str, is_one: bool) -> None:
    assert is_phone(text) is is_one
