"""Majority, Wawa and Dawid-Skene beside those of crowd-kit, live; with --write the answers that tests compare with.

Needs an environment with crowd-kit (1.4 was used): pip install crowd-kit 'scikit-learn<1.7'. Run in it:
python scripts/crowd_kit.py [--write]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import warnings
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FIXTURE = ROOT / "tests" / "consensus" / "data" / "crowd_kit.json"
sys.path.insert(0, str(ROOT / "web" / "py"))
warnings.filterwarnings("ignore", module="crowdkit")


def votes() -> list[tuple[str, str, str]]:
    """(task, person, label): seven people of different care, one of whom mixes up labels; three or five per task."""
    chance = random.Random(1979)
    care = {"p1": 0.95, "p2": 0.9, "p3": 0.85, "p4": 0.8, "p5": 0.7, "p6": 0.4, "p7": 0.9}
    made = []
    for number in range(120):
        truth = chance.choice("AABC")
        for person in sorted(chance.sample(sorted(care), chance.choice((3, 5)))):
            label = truth if chance.random() < care[person] else chance.choice("ABC")
            if person == "p7" and label == "B":
                label = "C"
            made.append((f"t{number:03}", person, label))
    return made


def decided(rows: list[tuple[str, str, str]]) -> set[str]:
    """Tasks with one label that has the most votes."""
    from labeling.consensus.reliability import majority, read_votes

    table = read_votes((task, person, "c", label) for task, person, label in rows)["c"]
    return {task for task, label in zip(table.tasks, majority(table), strict=True) if label is not None}


def theirs(rows: list[tuple[str, str, str]]) -> dict[str, Any]:
    import pandas
    from crowdkit.aggregation import DawidSkene, MajorityVote, Wawa

    frame = pandas.DataFrame(rows, columns=["task", "worker", "label"])
    majority = MajorityVote().fit(frame)
    # Of two labels with the same votes crowd-kit takes the first one: such tasks say nothing here.
    clear = frame[frame["task"].isin(decided(rows))]
    wawa = Wawa().fit(clear)
    labels = wawa.predict(clear)
    model = DawidSkene(n_iter=2000, tol=-1.0).fit(frame)  # a negative tolerance: all rounds are made
    return {
        "majority": majority.labels_.to_dict(),
        "wawa": {"skills": wawa.skills_.to_dict(), "labels": labels.to_dict()},
        "dawid_skene": {
            "labels": model.labels_.to_dict(),
            "shares": model.priors_.to_dict(),
            "probabilities": {task: row.to_dict() for task, row in model.probas_.iterrows()},
            "errors": {  # person -> true label -> said label -> share
                person: {
                    true: {said: float(table.loc[said, true]) for said in table.index} for true in table.columns
                }
                for person in model.errors_.index.get_level_values(0).unique()
                for table in [model.errors_.loc[person]]
            },
        },
    }  # fmt: skip


def largest_difference(rows: list[tuple[str, str, str]], found: dict[str, Any]) -> float:
    """Of skills, shares, probabilities and error rates."""
    from labeling.consensus.reliability import dawid_skene, read_votes, wawa

    table = read_votes((task, person, "c", label) for task, person, label in rows)["c"]
    model = dawid_skene(table, tolerance=1e-12, rounds=2000)
    skills = wawa(table).skills  # tasks without a majority do not count
    differences = [abs((skills[person] or 0.0) - skill) for person, skill in found["wawa"]["skills"].items()]
    told = found["dawid_skene"]
    for k, label in enumerate(model.labels):
        differences.append(abs(model.shares[k] - told["shares"][label]))
        differences += [abs(model.probabilities[task][k] - row[label]) for task, row in told["probabilities"].items()]
        for person, table_of in model.confusion.items():
            row = table_of[k]
            if row is not None:
                said = told["errors"][person][label]
                differences += [abs(row[j] - said.get(name, 0.0)) for j, name in enumerate(model.labels)]
    return max(differences)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write {FIXTURE.relative_to(ROOT)}")
    rows = votes()
    found = theirs(rows)
    print(f"{len(rows)} votes; largest difference {largest_difference(rows, found):.1e}")
    if parser.parse_args().write:
        FIXTURE.parent.mkdir(exist_ok=True)
        made = {"made_by": "scripts/crowd_kit.py, crowd-kit 1.4.2", "votes": rows, **found}
        FIXTURE.write_text(json.dumps(made, indent=None, separators=(",", ":"), sort_keys=True) + "\n")
        print(f"written: {FIXTURE}")


if __name__ == "__main__":
    main()
