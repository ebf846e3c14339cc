"""Published tables to the printed digits, properties, and what is undefined."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import labeling.consensus
import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling.consensus.reliability import (
    Level,
    UndefinedAgreement,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    percent_agreement,
)

# Fleiss (1971), table 1: 30 patients, diagnosed by 6 psychiatrists each as 1 depression, 2 personality disorder,
# 3 schizophrenia, 4 neurosis or 5 other.
DIAGNOSES = [
    "444444",
    "222555",
    "233335",
    "555555",
    "222444",
    "113333",
    "333355",
    "113334",
    "114444",
    "555555",
    "144444",
    "124444",
    "222333",
    "144444",
    "224445",
    "333335",
    "111455",
    "111112",
    "224444",
    "133555",
    "555555",
    "244444",
    "224555",
    "114444",
    "144445",
    "222224",
    "111155",
    "224444",
    "133333",
    "555555",
]

# The worked example of many textbooks: 10 subjects, 14 raters, 5 categories; counts of each category.
COUNTS = [
    (0, 0, 0, 0, 14),
    (0, 2, 6, 4, 2),
    (0, 0, 3, 5, 6),
    (0, 3, 9, 2, 0),
    (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0),
    (3, 2, 6, 3, 0),
    (2, 5, 3, 2, 2),
    (6, 5, 2, 1, 0),
    (0, 2, 2, 3, 7),
]


def transposed(units: list[str]) -> list[list[str]]:
    return [list(row) for row in zip(*units, strict=True)]


def test_fleiss_1971_diagnoses_give_the_printed_kappa() -> None:
    assert round(fleiss_kappa(transposed(DIAGNOSES)), 3) == 0.430


def test_fleiss_on_ten_subjects_and_fourteen_raters() -> None:
    units = ["".join(str(label) * count for label, count in enumerate(row)) for row in COUNTS]
    assert round(fleiss_kappa(transposed(units)), 3) == 0.210
    assert round(percent_agreement(transposed(units)), 3) == 0.378


def test_cohen_1960_proportions_give_a_kappa_below_chance() -> None:
    """Table 1 of the article, 100 subjects: p_o = .29, p_c = .35."""
    table = [[25, 13, 12], [12, 2, 16], [3, 15, 2]]
    a = [i for i, row in enumerate(table) for count in row for _ in range(count)]
    b = [j for row in table for j, count in enumerate(row) for _ in range(count)]
    assert cohen_kappa(a, b) == pytest.approx((0.29 - 0.35) / (1 - 0.35))


def test_krippendorff_2011_binary_and_nominal_examples_for_two_people() -> None:
    """Sections A and B of the article: 10 binary tasks give 0.095, 12 nominal ones 0.692."""
    meg, owen = "0100000010", "1110010000"
    assert round(krippendorff_alpha([list(meg), list(owen)]), 3) == 0.095
    ben, gerry = "aabbdcccedda", "babbbccceddd"
    assert round(krippendorff_alpha([list(ben), list(gerry)]), 3) == 0.692


@pytest.mark.parametrize(
    "module", [name for _, name, _ in pkgutil.walk_packages(labeling.consensus.__path__, "labeling.consensus.")]
)
def test_the_examples_in_docstrings_hold(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def test_docstrings_with_examples_were_found() -> None:
    finder = doctest.DocTestFinder()
    names = [name for _, name, _ in pkgutil.walk_packages(labeling.consensus.__path__, "labeling.consensus.")]
    found = [test for name in names for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(found) >= 8


tables = st.integers(2, 4).flatmap(
    lambda people: st.lists(
        st.lists(st.one_of(st.none(), st.integers(1, 4)), min_size=people, max_size=people), min_size=1, max_size=8
    ).map(lambda units: [list(row) for row in zip(*units, strict=True)])
)


@given(tables, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_alpha_does_not_depend_on_the_order_of_people_and_says_when_it_is_undefined(
    ratings: list[list[int | None]], level: Level
) -> None:
    paired = [[label for label in unit if label is not None] for unit in zip(*ratings, strict=True)]
    paired = [unit for unit in paired if len(unit) > 1]
    if len({label for unit in paired for label in unit}) < 2:
        with pytest.raises(UndefinedAgreement) as caught:
            krippendorff_alpha(ratings, level)
        assert caught.value.paired_tasks == len(paired)
        return
    alpha = krippendorff_alpha(ratings, level)
    assert alpha <= 1 + 1e-12
    assert krippendorff_alpha(ratings[::-1], level) == pytest.approx(alpha, abs=1e-12)


def test_alpha_ignores_tasks_that_only_one_person_labeled() -> None:
    with pytest.raises(UndefinedAgreement, match="all paired labels are the same") as caught:
        krippendorff_alpha([[1, 2], [1, None]])
    assert (caught.value.paired_tasks, caught.value.labels_used) == (1, 1)


def test_perfect_agreement_is_one_and_total_disagreement_is_below_chance() -> None:
    same, other = ["a", "b", "a", "c"], ["b", "a", "b", "a"]
    assert cohen_kappa(same, same) == fleiss_kappa([same, same]) == krippendorff_alpha([same, same]) == 1
    assert cohen_kappa(same, other) < 0
    assert percent_agreement([same, other]) == 0


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        pytest.param(lambda: percent_agreement([["a", None], [None, "b"]]), "no task was labeled by two", id="percent"),
        pytest.param(lambda: cohen_kappa(["a", None], [None, "b"]), "by both people", id="cohen without a pair"),
        pytest.param(lambda: cohen_kappa(["a", "a"], ["a", "a"]), "one and the same label", id="cohen with one label"),
        pytest.param(lambda: fleiss_kappa([["a", "b"], ["a", None]]), "different numbers", id="fleiss, missing label"),
        pytest.param(lambda: fleiss_kappa([["a", "b"]]), "by two people", id="fleiss, one person"),
        pytest.param(lambda: fleiss_kappa([["a", "a"], ["a", "a"]]), "all labels are the same", id="fleiss, one label"),
        pytest.param(lambda: krippendorff_alpha([]), "by two people", id="alpha of nothing"),
    ],
)
def test_undefined_is_said_and_not_scored(call: object, reason: str) -> None:
    with pytest.raises(UndefinedAgreement, match=reason):
        call()  # type: ignore[operator]


def test_rows_of_different_lengths_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="row over the same tasks"):
        percent_agreement([["a"], ["a", "b"]])
