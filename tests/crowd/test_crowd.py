"""A small crowd on each store; `python -m bench crowd` is the same with fifty people and five thousand tasks."""

from __future__ import annotations

from pathlib import Path

from tests.aws import Ministack
from tests.crowd.scene import Outcome, Size, environment_of, perform


def require(outcome: Outcome) -> None:
    assert outcome.faults == []
    assert [name.split()[0] for name in outcome.paused] == ["Spammer"]
    honest = [right for name, right in outcome.people_right.items() if not name.startswith("Spammer")]
    assert outcome.consensus_right > sum(honest) / len(honest)  # than the best of them: where there are tasks enough


def test_a_crowd_on_the_embedded_store_whose_server_is_killed(tmp_path: Path) -> None:
    outcome = perform(tmp_path / "data", Size(people=12, tasks=200, kills=2, spammer_right=0))
    require(outcome)
    assert outcome.mix_ups("Mixer")[0] == ("Blue", "Denim")


def test_a_crowd_on_aws_whose_server_is_killed(tmp_path: Path, aws: Ministack) -> None:
    require(
        perform(
            tmp_path / "data",
            Size(people=6, tasks=30, kills=1, gold_every=3, pause_after=5, spammer_right=0),
            environment_of(aws),
        )
    )
