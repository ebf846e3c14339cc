"""Models of people over a project: Dawid-Skene, Wawa, pairs and labels, against crowd-kit and by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling.consensus.reliability import (
    UndefinedAgreement,
    agreement_matrix,
    cohen_kappa,
    confusion,
    dawid_skene,
    fleiss_kappa,
    krippendorff_alpha,
    label_pairs,
    label_scores,
    majority,
    percent_agreement,
    read_votes,
    reliability,
    wawa,
)

CROWD_KIT = json.loads((Path(__file__).parent / "data" / "crowd_kit.json").read_text())

# Dawid and Skene (1979), table 1: 45 patients, each judged by five anaesthetists, by the first one three times.
ANAESTHETISTS = """
111 1 1 1 1|333 4 3 3 4|112 2 1 2 2|222 3 1 2 1|222 3 2 2 2|222 3 3 2 2|122 2 1 1 1|333 3 4 3 3|222 2 2 2 3
232 2 2 2 3|444 4 4 4 4|222 3 3 4 3|111 1 1 1 1|222 3 2 1 2|121 1 1 1 1|111 2 1 1 1|111 1 1 1 1|111 1 1 1 1
222 2 2 2 1|222 1 3 2 2|222 2 2 2 2|222 2 2 2 1|222 3 2 2 2|221 2 2 2 2|111 1 1 1 1|111 1 1 1 1|232 2 2 2 2
111 1 1 1 1|111 1 1 1 1|112 1 1 2 1|111 1 1 1 1|333 3 2 3 3|111 1 1 1 1|222 2 2 2 2|222 3 2 3 2|433 4 3 4 3
221 2 2 3 2|232 3 2 3 3|333 3 4 3 2|111 1 1 1 1|111 1 1 1 1|121 2 1 1 1|232 2 2 2 2|121 1 1 1 1|222 2 2 2 2
"""
# Shares of the classes, and error rates of each observer (row: true class, column: said), as crowd-kit 1.4.2 gives them
# for this table, to two decimals. They have not been read off the paper's own table of results.
SHARES = [0.40, 0.42, 0.11, 0.07]
ERROR_RATES = {
    1: [[0.89, 0.11, 0, 0], [0.07, 0.88, 0.05, 0], [0, 0.34, 0.66, 0], [0, 0, 0.56, 0.44]],
    2: [[0.83, 0.17, 0, 0], [0.05, 0.63, 0.31, 0], [0, 0, 1.00, 0], [0, 0, 0, 1.00]],
    3: [[1.00, 0, 0, 0], [0.11, 0.79, 0.11, 0], [0, 0.40, 0.20, 0.40], [0, 0, 0.67, 0.33]],
    4: [[0.94, 0.06, 0, 0], [0.05, 0.84, 0.10, 0], [0, 0, 0.80, 0.20], [0, 0, 0.33, 0.67]],
    5: [[1.00, 0, 0, 0], [0.16, 0.73, 0.11, 0], [0, 0.21, 0.79, 0], [0, 0, 0.33, 0.67]],
}

Votes = list[tuple[Any, Any, str]]


def table(votes: Votes) -> Any:
    return read_votes((task, person, "c", label) for task, person, label in votes)["c"]


def anaesthetists() -> Votes:
    patients = ANAESTHETISTS.replace("\n", "|").strip("|").split("|")
    assert len(patients) == 45
    return [
        (patient, observer, label)
        for patient, row in enumerate(patients, 1)
        for observer, labels in enumerate(row.split(), 1)
        for label in labels
    ]


def test_the_anaesthetists_of_the_source_err_as_another_implementation_says() -> None:
    model = dawid_skene(table(anaesthetists()), tolerance=1e-9, rounds=1000)
    assert model.converged
    assert [round(share, 2) for share in model.shares] == SHARES
    found = {
        person: [[round(rate, 2) for rate in row or ()] for row in rows] for person, rows in model.confusion.items()
    }
    assert found == ERROR_RATES


def test_dawid_skene_is_that_of_crowd_kit() -> None:
    told = CROWD_KIT["dawid_skene"]
    model = dawid_skene(table(CROWD_KIT["votes"]), tolerance=1e-12, rounds=2000)
    assert dict(zip(model.labels, model.shares, strict=True)) == pytest.approx(told["shares"], abs=1e-6)
    assert {task: model.label(task) for task in model.probabilities} == told["labels"]
    for task, row in told["probabilities"].items():
        assert model.probabilities[task] == pytest.approx([row[label] for label in model.labels], abs=1e-6)
    for person, errors in told["errors"].items():
        for true, rates in zip(model.labels, model.confusion[person], strict=True):
            assert rates == pytest.approx([errors[true].get(said, 0) for said in model.labels], abs=1e-6)


def test_wawa_is_that_of_crowd_kit_where_no_vote_is_tied() -> None:
    votes = table(CROWD_KIT["votes"])
    most = dict(zip(votes.tasks, (None if k is None else votes.labels[k] for k in majority(votes)), strict=True))
    decided = {task for task, label in most.items() if label is not None}
    assert len(decided) > 90
    assert {task: most[task] for task in decided} == {task: CROWD_KIT["majority"][task] for task in decided}
    found = wawa(votes)
    assert found.skills == pytest.approx(CROWD_KIT["wawa"]["skills"])
    told = CROWD_KIT["wawa"]["labels"]
    assert told.keys() == decided
    assert {task: found.labels[task] for task in decided} == told


def test_the_model_beats_the_majority_where_many_are_careless_in_one_way() -> None:
    # p1 and p2 are right; p3, p4 and p5 call every B an A.
    votes: Votes = []
    for number in range(200):
        truth = "AB"[number % 2]
        votes += [(number, person, truth) for person in ("p1", "p2")]
        votes += [(number, person, "A" if number % 20 else truth) for person in ("p3", "p4", "p5")]
    model = dawid_skene(table(votes))
    right = sum(model.label(number) == "AB"[number % 2] for number in range(200))
    voted = majority(table(votes))
    assert right > sum(k is not None and "AB"[k] == "AB"[number % 2] for number, k in enumerate(voted))
    assert model.accuracy("p1") > model.accuracy("p3")


def test_one_round_is_people_against_the_majority() -> None:
    votes: Votes = [(1, "a", "x"), (1, "b", "x"), (1, "c", "y"), (2, "a", "y"), (2, "b", "y"), (2, "c", "y")]
    model = dawid_skene(table(votes), rounds=1)
    assert model.rounds == 1
    assert not model.converged
    # c says y where x has 2 of 3 votes, and y where y has 1 + 1/3 of them
    assert model.confusion["c"] == ((0, 1), (0, 1))
    assert model.confusion["a"] == (pytest.approx((1, 0)), pytest.approx((1 / 4, 3 / 4)))


def test_what_nobody_saw_is_none() -> None:
    votes: Votes = [(1, "a", "x"), (1, "b", "x"), (2, "b", "y"), (3, "b", "x")]
    model = dawid_skene(table(votes))
    assert model.confusion["a"] == ((1.0, 0.0), None)


def test_very_many_votes_on_one_task_are_no_trouble() -> None:
    votes: Votes = [(1, f"p{n}", "x" if n % 3 else "y") for n in range(3000)]
    votes += [(2, f"p{n}", "y") for n in range(3000)]
    model = dawid_skene(table(votes))
    assert model.label(2) == "y"
    assert all(0 <= p <= 1 for row in model.probabilities.values() for p in row)


@pytest.mark.parametrize("votes", [[(1, "a", "x"), (1, "b", "x")], [(1, "a", "x")]], ids=["one label", "one vote"])
def test_where_all_say_the_same_there_is_no_model(votes: Votes) -> None:
    with pytest.raises(UndefinedAgreement):
        dawid_skene(table(votes))
    [found] = reliability((task, person, "c", label) for task, person, label in votes).values()
    assert found["model"] == {"reason": "all votes are the same"}
    assert found["people"][0]["confusion"] is None
    assert found["agreement"]["krippendorff"]["value"] is None
    assert found["agreement"]["krippendorff"]["reason"]


_votes = st.lists(
    st.tuples(st.integers(1, 8), st.sampled_from(["a", "b", "c", "d"]), st.sampled_from("xyz")),
    min_size=4, max_size=30, unique_by=lambda row: row[:2],
)  # fmt: skip


@given(_votes, st.randoms())
@settings(max_examples=50)
def test_the_order_of_votes_does_not_matter(votes: Votes, chance: Any) -> None:
    other = list(votes)
    chance.shuffle(other)
    rows = [(task, person, "c", label) for task, person, label in votes]
    assert reliability(rows) == reliability([(task, person, "c", label) for task, person, label in other])


@given(_votes)
@settings(max_examples=50)
def test_shares_and_rates_are_probabilities(votes: Votes) -> None:
    try:
        model = dawid_skene(table(votes))
    except UndefinedAgreement:
        return
    assert sum(model.shares) == pytest.approx(1)
    for rows in (*model.confusion.values(), tuple(model.probabilities.values())):
        assert all(row is None or sum(row) == pytest.approx(1) for row in rows)


# Pairs and labels

SOME: Votes = [
    (1, "a", "x"), (1, "b", "x"), (2, "a", "x"), (2, "b", "y"), (3, "a", "y"), (3, "b", "y"),
    (4, "a", "x"), (4, "c", "z"),
]  # fmt: skip


def test_the_matrix_of_pairs_is_counted_over_common_tasks() -> None:
    found = agreement_matrix(table(SOME))
    assert {pair: (one.n, one.equal) for pair, one in found.items()} == {("a", "b"): (3, 2), ("a", "c"): (1, 0)}
    assert found["a", "b"].kappa == pytest.approx(cohen_kappa(["x", "x", "y"], ["x", "y", "y"]))
    assert found["a", "c"].kappa == 0


def test_labels_that_are_taken_for_each_other_are_counted() -> None:
    assert label_pairs(table(SOME)) == {("x", "x"): 1, ("x", "y"): 1, ("x", "z"): 1, ("y", "y"): 1}


def test_precision_and_recall_of_a_person_against_known_labels() -> None:
    counts = confusion(table(SOME), {1: "x", 2: "y", 3: "y", 4: None})
    assert counts["a"] == {("x", "x"): 1, ("y", "x"): 1, ("y", "y"): 1}
    scores = label_scores(counts["a"])
    assert (scores["x"].precision, scores["x"].recall) == (0.5, 1)
    assert (scores["y"].precision, scores["y"].recall) == (1, 0.5)
    assert counts["c"] == {}
    assert label_scores({("x", "y"): 2})["x"].precision is None


def test_the_report_has_the_coefficients_of_their_modules() -> None:
    votes = [(task, person, label) for task, person, label in anaesthetists() if person != 1]
    ratings = [[label for _, who, label in votes if who == person] for person in (2, 3, 4, 5)]
    found = reliability((task, person, "c", label) for task, person, label in votes)["c"]
    assert found["agreement"]["percent"]["value"] == round(percent_agreement(ratings), 9)
    assert found["agreement"]["fleiss"]["value"] == round(fleiss_kappa(ratings), 9)
    assert found["agreement"]["krippendorff"]["value"] == round(krippendorff_alpha(ratings), 9)
    assert (found["tasks"], found["votes"]) == (45, 180)
    assert [person["votes"] for person in found["people"]] == [45] * 4
    json.dumps(found)


def test_known_labels_go_before_the_majority() -> None:
    rows = [(1, person, "c", label) for person, label in (("a", "x"), ("b", "x"), ("c", "y"))]
    found = reliability(rows, truth={"c": {1: "y"}})["c"]
    assert [person["labels"].get("y", {}).get("recall") for person in found["people"]] == [0, 0, 1]


def test_in_wawa_one_careful_person_outvotes_two_careless_ones() -> None:
    votes: Votes = []
    for number in range(20):
        votes += [(number, person, "A") for person in ("p1", "p2", "p3", "good")]
        # Each careless one is beside the majority, in other tasks.
        votes += [(number, "x", "B" if number % 10 else "A"), (number, "y", "C" if number % 10 else "A")]
    votes += [("last", "good", "A"), ("last", "x", "B"), ("last", "y", "B")]
    found = wawa(table(votes))
    assert found.skills == {"p1": 1, "p2": 1, "p3": 1, "good": 20 / 21, "x": 3 / 21, "y": 3 / 21}
    assert found.labels["last"] == "A"
