"""The benches still run: whatever they measure, they measure what the product does today."""

import os
import subprocess

import pytest

from audit.core.settings import ROOT


def bench(*words: str) -> str:
    environment = {name: value for name, value in os.environ.items() if "TANTU" not in name}
    return subprocess.run(
        [ROOT / "scripts" / "bench", *words],
        env=environment, capture_output=True, text=True, check=True, timeout=300,
    ).stdout  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("kills", "--kills", "1"),
            ["1 kills, ", "acknowledged but lost: 0; doubled: 0; damaged: 0", "nothing wrong"],
        ),
        (("submit", "--count", "20"), ["20 filed, 0 failures", "kept: 20 of 20 inspections"]),
        (
            ("import-facilities", "--rows", "120"),
            ["70 added, 50 bad rows", "0 left on the register"],
        ),
        (
            ("rejudge", "--answers", "300"),
            ["300 answers judged by public-building", "answers/s", "  stays: ", "  other: "],
        ),
        (
            ("clusters", "--count", "400"),
            ["400 findings, from nothing: ", "limit 30 s", " groups of ", "count: "],
        ),
        (
            ("map", "--count", "500", "--views", "2"),
            ["500 findings at ", "unchanged (304)", "page: findings", "of waiting and ", "goal: "],
        ),
        (
            ("worklist", "--count", "200", "--visits", "1"),
            ["200 findings with ", "desk: coordinator", "statistics: month", "of CPU: "],
        ),
    ],
)
def test_a_bench_does_what_it_is_to_measure(words: tuple[str, ...], said: list[str]) -> None:
    told = bench(*words)
    assert all(line in told for line in said), told
