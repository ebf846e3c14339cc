"""Matching is exact: compared with every possible matching."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling.consensus import matching
from labeling.consensus.matching import TooManyPairs, assign, best_matching

matrices = st.integers(1, 5).flatmap(
    lambda rows: st.integers(rows, 6).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(-20, 20), min_size=columns, max_size=columns), min_size=rows, max_size=rows
        )
    )
)


@given(matrices)
def test_the_assignment_costs_no_more_than_any_permutation(cost: list[list[int]]) -> None:
    chosen = assign(cost)
    assert len(set(chosen)) == len(cost)

    def total(columns: Sequence[int]) -> int:
        return sum(line[j] for line, j in zip(cost, columns, strict=True))

    assert total(chosen) == min(map(total, permutations(range(len(cost[0])), len(cost))))


edges = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.tuples(st.integers(0, 1), st.integers(0, 9)), max_size=14
).map(lambda found: [(row, column, gains) for (row, column), gains in found.items()])


def every_matching(found: list[tuple[int, int, tuple[int, ...]]]) -> list[list[int]]:
    made: list[list[int]] = [[]]
    for index, (row, column, _) in enumerate(found):
        made += [
            [*chosen, index] for chosen in made if all(found[k][0] != row and found[k][1] != column for k in chosen)
        ]
    return made


@given(edges)
def test_the_matching_is_the_best_of_all_with_gains_in_order(found: list[tuple[int, int, tuple[int, ...]]]) -> None:
    def worth(chosen: list[int]) -> tuple[int, ...]:
        return (len(chosen), *(sum(found[k][2][level] for k in chosen) for level in (0, 1)))

    everything = every_matching(found)
    chosen = best_matching(found)
    assert chosen in everything
    assert worth(chosen) == max(map(worth, everything))


def test_more_pairs_count_more_than_better_ones() -> None:
    assert best_matching([(0, 0, (900,)), (0, 1, (500,)), (1, 0, (500,))]) == [1, 2]


def test_a_component_that_is_too_large_is_refused_and_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "WORK_LIMIT", 26)
    dense = [(row, column, (1,)) for row in range(3) for column in range(3)]
    with pytest.raises(TooManyPairs) as caught:
        best_matching(dense)
    assert (caught.value.found, caught.value.limit) == (27, 26)
