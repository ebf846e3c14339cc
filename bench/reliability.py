"""Time of what a whole project's labels say about its people, and of the consensus of many small tasks.

Run: python -m bench reliability [--quick]
Figures are processor time. 100,000 tasks, three of 50 people each, five labels; right in 60 to 95 % of cases.
"""

from __future__ import annotations

import argparse
import platform
import random
import sys
from pathlib import Path
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "web" / "py"))

from labeling import consensus, plan_index
from labeling.consensus.people import counted
from labeling.consensus.reliability import dawid_skene, majority, read_votes, reliability, wawa

LABELS = ("Car", "Bus", "Bicycle", "Person", "Nothing")

PLAN: dict[str, Any] = {
    "plan": 1,
    "fields": [],
    "tree": {"node": "view", "key": "n0", "children": []},
    "objects": [{"name": "t", "type": "text"}],
    "controls": [
        {
            "name": "kind",
            "tag": "Choices",
            "type": "choices",
            "to": ["t"],
            "options": [{"value": label, "stored": label} for label in LABELS],
        }
    ],
}


def crowd(tasks: int, people: int = 50, each: int = 3) -> tuple[list[tuple[int, int, str, str]], list[str]]:
    """Rows (task, person, control, label), and what each task is."""
    chance = random.Random(1979)
    care = [chance.uniform(0.6, 0.95) for _ in range(people)]
    rows, truth = [], []
    for task in range(tasks):
        truth.append(chance.choice(LABELS))
        for person in chance.sample(range(people), each):
            label = truth[-1] if chance.random() < care[person] else chance.choice(LABELS)
            rows.append((task, person, "kind", label))
    return rows, truth


def annotations(rows: list[tuple[int, int, str, str]]) -> list[list[dict[str, Any]]]:
    """By task the annotations as they are stored."""
    by_task: dict[int, list[dict[str, Any]]] = {}
    for number, (task, person, control, label) in enumerate(rows):
        result = {"id": "r", "from_name": control, "to_name": "t", "type": "choices", "value": {"choices": [label]}}
        by_task.setdefault(task, []).append({"id": number, "version": 1, "completed_by": person, "result": [result]})
    return list(by_task.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the tasks")
    tasks = 10_000 if parser.parse_args().quick else 100_000
    rows, truth = crowd(tasks)
    print(f"Python {platform.python_version()}, {tasks:,} tasks, {len(rows):,} labels\n")

    def timed(what: str, call: Any) -> Any:
        begun = process_time()
        made = call()
        print(f"{what:<58} {process_time() - begun:>7.2f} s", flush=True)
        return made

    votes = timed("labels to numbers", lambda: read_votes(rows))["kind"]
    most = timed("majority", lambda: majority(votes))
    skilled = timed("Wawa", lambda: wawa(votes))
    model = timed("Dawid-Skene", lambda: dawid_skene(votes))
    timed("report: all coefficients, people, pairs and labels", lambda: reliability(rows))
    index, stored = plan_index.index(PLAN), annotations(rows)
    timed("consensus of every task", lambda: [consensus.compute(PLAN, some, index=index)["n"] for some in stored])
    timed("consensus and counters of every task", lambda: [counted(PLAN, some, index=index)[0]["n"] for some in stored])

    named = [None if label is None else votes.labels[label] for label in most]
    print(f"\nRight: majority {_right(named, truth):.3f}, Wawa {_right(skilled.labels.values(), truth):.3f}, ", end="")
    print(f"Dawid-Skene {_right((model.label(task) for task in votes.tasks), truth):.3f} ({model.rounds} rounds)")


def _right(labels: Any, truth: list[str]) -> float:
    return sum(label == known for label, known in zip(labels, truth, strict=True)) / len(truth)


if __name__ == "__main__":
    main()
