"""What a password must be, what it costs, and that a login tells nothing about itself."""

import time
from collections.abc import Iterator
from statistics import median

import pytest
from argon2 import extract_parameters
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from audit.accounts import actions
from audit.accounts.actions import passwords
from audit.accounts.models import User
from audit.accounts.rules import COMMON, one_time_code, password_problem
from audit.core.actors import SYSTEM, Role
from audit.core.db import db, transaction
from audit.core.errors import Invalid
from tests.conftest import REAL_HASHER
from tests.factories import Factory


@pytest.fixture
def real_cost(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashing as it is in service; other tests hash cheaply."""
    monkeypatch.setattr(passwords, "_hasher", REAL_HASHER)
    passwords._nobodys_hash.cache_clear()
    yield
    passwords._nobodys_hash.cache_clear()


def test_a_password_is_kept_as_argon2id_at_the_cost_that_owasp_names(
    app: Flask, real_cost: None
) -> None:
    with app.app_context():
        with transaction():
            actions.add_user("li", "李", [], SYSTEM, password="correct-horse-battery")
        kept = db.session.scalars(db.select(User.password_hash)).one()
    facts = extract_parameters(kept)
    assert facts.type.name == "ID"
    assert (facts.memory_cost, facts.time_cost, facts.parallelism) == (19 * 1024, 2, 1)
    assert facts.salt_len >= 16 and facts.hash_len >= 32


def test_an_unknown_login_costs_as_much_as_a_wrong_password(app: Flask, real_cost: None) -> None:
    with app.app_context():
        with transaction():
            user, _ = actions.add_user("li", "李", [], SYSTEM, password="correct-horse-battery")
            closed, _ = actions.add_user("wang", "王", [], SYSTEM, password="correct-horse-battery")
            actions.disable_user(closed, SYSTEM)
            actions.add_user("zhao", "赵", [], SYSTEM)  # who has a code and no password yet
        actions.check_password("nobody", "x")  # makes the hash that nobody's password has

        def cost(login: str, password: str = "wrong") -> float:
            spent = []
            for _ in range(5):
                start = time.process_time()
                assert actions.check_password(login, password) is None
                spent.append(time.process_time() - start)
            return median(spent)

        known = cost(user.login)
        others = (cost("nobody"), cost("wang"), cost("wang", "correct-horse-battery"), cost("zhao"))
        for other in others:
            assert 0.5 < other / known < 2


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("eleven-char", "short"), ("", "short"), ("密码密码密码密码密码密", "short"),
        ("twelve-chars", None), ("无障碍环境监督整改平台密码", None), ("   twelve    ", None),
        ("password1234", "common"), ("PASSWORD1234", "common"), ("aaaaaaaaaaaaaaa", "common"),
        ("aabbccaabbccaabbcc", "common"), ("liming-is-my-login", "login"),
        ("LIMING-is-my-login", "login"), ("correct horse battery staple", None),
    ],
)  # fmt: skip
def test_length_counts_and_commonness_and_nothing_else(password: str, problem: str | None) -> None:
    assert password_problem(password, "liming") == problem


def test_no_common_password_is_too_short_to_be_on_the_list() -> None:
    assert all(len(one) >= 12 for one in COMMON)


def test_a_one_time_code_can_be_read_out_and_not_be_guessed() -> None:
    codes = {one_time_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert len(code) == 19 and code.count("-") == 3
        assert not set(code) & set("01OIl")
        assert password_problem(code, "liming") is None, "good enough to be a password"


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_is_judged(password: str, login: str) -> None:
    assert password_problem(password, login) in {None, "short", "common", "login"}


def test_a_poor_new_password_changes_nothing(app: Flask, make: Factory) -> None:
    person = make.person("supervisor")
    with app.app_context():
        for poor in ("short", "password1234", f"{person.login}-and-more"):
            user = actions.check_password(person.login, person.password)
            assert user is not None
            with pytest.raises(Invalid) as refused, transaction():
                actions.change_password(user, poor, SYSTEM)
            assert list(refused.value.problems) == ["password"]
        assert actions.check_password(person.login, person.password) is not None


def test_a_login_is_taken_once_whatever_its_case(app: Flask, make: Factory) -> None:
    with app.app_context():
        with transaction():
            actions.add_user("LiMing ", "李明", [(Role.AUDITOR, None)], SYSTEM)
        with pytest.raises(Invalid) as refused, transaction():
            actions.add_user("liming", "黎明", [(Role.AUDITOR, None)], SYSTEM)
        assert "已经有人使用" in str(refused.value.problems["login"])


def test_who_fixes_belongs_to_an_organisation(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(Invalid) as refused, transaction():
            actions.add_user("fixer", "某人", [(Role.ORGANISATION, None)], SYSTEM)
        assert "必须属于一个单位" in str(refused.value.problems["organisation"])
