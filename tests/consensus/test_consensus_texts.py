"""Edit distance against the textbook table, and votes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling.consensus.answers import vote
from labeling.consensus.edit_distance import levenshtein, text_similarity


def by_table(a: str, b: str) -> int:
    """Wagner and Fischer (1974), the whole table."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y)))
    return row[-1]


@given(st.text("abc", max_size=20), st.text("abc", max_size=20))
def test_the_bit_vectors_give_the_distance_of_the_table(a: str, b: str) -> None:
    assert levenshtein(a, b) == by_table(a, b)


@given(st.text("ab", max_size=200), st.text("ab", max_size=200))
def test_more_symbols_than_a_machine_word_has_bits(a: str, b: str) -> None:
    assert levenshtein("a" + a + "b", "b" + b + "a") == by_table("a" + a + "b", "b" + b + "a")


@pytest.mark.parametrize(
    ("a", "b", "similarity"),
    [
        pytest.param("", "", 1, id="both empty"),
        pytest.param("", "abc", 0, id="one empty"),
        pytest.param("color", "colour", 1 - 1 / 6, id="one letter more"),
        pytest.param("one two " * 30, "one two " * 29 + "one too ", 1 - 1 / 60, id="words above 200 characters"),
    ],
)
def test_similarity_is_one_minus_distance_over_the_longer(a: str, b: str, similarity: float) -> None:
    assert text_similarity(a, b) == pytest.approx(similarity)


@pytest.mark.parametrize(
    ("ballots", "multiple", "winner"),
    [
        pytest.param([("a",), ("b",), ("a",)], False, ("a",), id="majority"),
        pytest.param([("a",), ("b",), ("a",), ("c",), ("d",)], False, ("a",), id="most votes without a majority"),
        pytest.param([("a",), ("b",)], False, None, id="a tie is no answer"),
        pytest.param([("b", "a"), ("b", "a")], True, ("b", "a"), id="order of the voters is kept"),
        pytest.param([("a", "b"), ("b", "c")], True, ("b",), id="half is no majority"),
        pytest.param([("a",), (), ()], True, (), id="most chose nothing"),
        pytest.param([("a",), ("b",), ("c",)], True, None, id="no choice has a majority"),
        pytest.param([], False, None, id="nobody voted"),
    ],
)
def test_votes(ballots: list[tuple[str, ...]], multiple: bool, winner: tuple[str, ...] | None) -> None:
    assert vote(ballots, multiple) == winner
