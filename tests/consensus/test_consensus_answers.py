"""Numbers, dates, taxonomies, rankings and components: likeness, merging, and people who count differently."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from consensus_cases import MOOD, NOTE, STARS, TOPICS, annotation, control, mood, note, plan, stars, topics
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling.consensus import compute, rankings, taxonomies
from labeling.consensus.answers import vote

Json = dict[str, Any]

NUMBER = control("count", "Number", "t")
DEGREES = control("degrees", "Number", "t", min=0, max=10)
DAY = control("day", "DateTime", "t", only=["date"])
DAY_OF_MAY = control("may", "DateTime", "t", only=["date"], format="%d.%m.%Y", min="2024-05-01", max="2024-05-31")
ANIMALS = [
    {
        "value": "Animal", "stored": "Animal",
        "children": [{"value": "Dog", "stored": "Dog"}, {"value": "Cat", "stored": "cat"}],
    },
    {"value": "Plant", "stored": "Plant"},
]  # fmt: skip
KIND = control("kind", "Taxonomy", "t", options=ANIMALS)
LEAF = control("leaf", "Taxonomy", "t", options=ANIMALS, leafs_only=True)
ONE = control("one", "Taxonomy", "t", options=ANIMALS, max_usages=1)
ORDER = control("order", "Ranker", "t", buckets=[])
SORT = control("sort", "Ranker", "t", buckets=[{"name": "good"}, {"name": "bad"}])
OWN = control("own", "Component", "t")
CODE = control("code", "ReactCode", "t")
PLAN = plan(NUMBER, DEGREES, DAY, DAY_OF_MAY, KIND, LEAF, ONE, ORDER, SORT, OWN, CODE)


def said(name: str, value: Any, identity: str = "r") -> Json:
    kind = next(c["type"] for c in PLAN["controls"] if c["name"] == name)
    return {"id": identity, "from_name": name, "to_name": "t", "type": kind, "value": {kind: value}}


def found(name: str, *values: Any, people: dict[int, float] | None = None) -> tuple[float | None, Any, str | None]:
    """Agreement, merged value and reason of answers to one control, one a person."""
    rows = [annotation(n, *([said(name, value)] if value is not None else [])) for n, value in enumerate(values, 1)]
    made = compute(PLAN, rows, people=people)
    assert made["problems"] == []
    merged = [next(iter(row["value"].values())) for row in made["result"] if row["from_name"] == name]
    entry = made["controls"][name]
    return entry["agreement"], merged[0] if merged else None, entry["reason"]


@pytest.mark.parametrize(
    ("name", "values", "agreement", "merged"),
    [
        pytest.param("degrees", [2, 4], 0.8, 2, id="a fifth of the scale apart"),
        pytest.param("degrees", [0, 10], 0, 0, id="the ends of the scale"),
        pytest.param("degrees", [2, 3, 9], (0.9 + 0.3 + 0.4) / 3, 3, id="the median of three"),
        pytest.param("count", [8, 10], 0.8, 8, id="no scale: relative to the larger one"),
        pytest.param("count", [-5, 5], 0, -5, id="no scale: different signs"),
        pytest.param("count", [0, 0], 1, 0, id="no scale: both nothing"),
        pytest.param("count", [0.1 + 0.2, 0.3], 1, 0.3, id="the last bit does not count"),
        pytest.param("count", [1e200, 1e200], 1, 1e200, id="a number that no coordinate could be"),
        pytest.param("day", ["2024-05-01", "2024-05-01"], 1, "2024-05-01", id="the same day"),
        pytest.param("day", ["2024-05-01", "2024-05-02"], 0, "2024-05-01", id="another day, no scale"),
        pytest.param("may", ["01.05.2024", "31.05.2024"], 0, "01.05.2024", id="the ends of May"),
        pytest.param("may", ["01.05.2024", "16.05.2024"], 0.5, "01.05.2024", id="half of May apart"),
        pytest.param("may", ["1.5.2024", "01.05.2024"], 1, "01.05.2024", id="one day in two forms"),
        pytest.param("may", ["soon", "soon", "01.05.2024"], 1 / 3, "soon", id="texts that are no dates are votes"),
        pytest.param("kind", [[["Animal", "Dog"]], [["Animal", "cat"]]], 0.5, [["Animal"]], id="siblings"),
        pytest.param("kind", [[["Animal"]], [["Animal", "Dog"]]], 2 / 3, [["Animal"]], id="an item and one in it"),
        pytest.param("kind", [[["Animal", "Cat"]], [["Animal", "cat"]]], 1, [["Animal", "cat"]], id="value for alias"),
        pytest.param("kind", [[["Plant"]], [["Animal", "Dog"]]], 0, None, id="nothing in common"),
        pytest.param("kind", [[["Plant"]], None], 0, None, id="an item against none"),
        pytest.param("one", [[["Plant"]], None], None, None, id="where one item is asked, none is no answer"),
        pytest.param(
            "kind",
            [[["Animal", "Dog"], ["Plant"]], [["Plant"], ["Animal", "cat"]], [["Plant"]]],
            (2 * 2 / 6 + 2 * (2 * 1 / 4)) / 3,
            [["Animal"], ["Plant"]],
            id="a majority for each node",
        ),
        pytest.param("leaf", [[["Animal", "Dog"]], [["Animal", "cat"]]], 0.5, None, id="leaves only: no leaf wins"),
        pytest.param("order", [{"order": ["b", "a"]}, {"order": ["b", "a"]}], 1, {"order": ["b", "a"]}, id="one order"),
        pytest.param("order", [{"order": ["a", "b", "c"]}, {"order": ["c", "b", "a"]}], 0, None, id="turned round"),
        pytest.param(
            "order",
            [{"order": ["a", "b", "c"]}, {"order": ["a", "c", "b"]}, {"order": ["b", "a", "c"]}],
            (2 / 3 + 2 / 3 + 1 / 3) / 3,
            {"order": ["a", "b", "c"]},
            id="Borda count of three: 5, 3 and 1",
        ),
        pytest.param("order", [["a", "b"], {"order": ["a", "b"]}], 1, {"order": ["a", "b"]}, id="an old plain list"),
        pytest.param(
            "sort",
            [{"good": ["a", "b"], "bad": ["c"]}, {"good": ["a"], "bad": ["b", "c"]}],
            1 / 3,
            {"good": ["a"], "bad": ["c"]},
            id="one of three items in another bucket",
        ),
        pytest.param("sort", [{"good": ["a"], "bad": []}, {"good": [], "bad": ["a"]}], 0, None, id="one item alone"),
        pytest.param("own", [{"x": 1, "y": [1]}, {"y": [1.0], "x": 1}], 1, {"x": 1, "y": [1]}, id="equal JSON"),
        pytest.param("own", [{"x": 1}, {"x": True}], 0, None, id="1 is not true"),
        pytest.param("own", [{"x": 1}, {"x": 2}, {"x": 2}], 1 / 3, {"x": 2}, id="two against one"),
        pytest.param("code", [{"x": 1}, {"x": 1}], 1, {"x": 1}, id="ReactCode"),
    ],
)  # fmt: skip
def test_answers_are_compared_and_merged(name: str, values: list[Any], agreement: float | None, merged: Any) -> None:
    score, made, _ = found(name, *values)
    assert (score, made) == (agreement if agreement is None else pytest.approx(agreement), merged)


def test_what_is_no_answer_is_a_problem() -> None:
    rows = [
        said("count", "many", "a"),
        said("kind", [[1]], "b"),
        said("order", {"order": "abc"}, "c"),
        said("own", 3, "d"),
    ]
    made = compute(PLAN, [annotation(1, *rows)])
    assert len(made["problems"]) == 4
    assert made["result"] == []


def test_metrics_are_named_by_what_they_do() -> None:
    names = {name: entry["metric"] for name, entry in compute(PLAN, [])["controls"].items()}
    assert names["count"] == "relative difference"
    assert names["degrees"] == names["may"] == "distance on the scale"
    assert names["day"] == "equal moment"
    assert names["order"] == "Kendall's tau, from 0 to 1"


# Properties

_items = st.permutations("abcde")
_paths = st.lists(st.sampled_from([("A",), ("A", "B"), ("A", "B", "C"), ("A", "D"), ("E",)]), min_size=1, unique=True)


def ranking(items: list[str]) -> rankings.Ranking:
    return (("order", tuple(items)),)


@given(_items, _items)
def test_pairs_arranged_alike_are_kendalls_tau_from_0_to_1(a: list[str], b: list[str]) -> None:
    concordant = sum((a.index(x) < a.index(y)) == (b.index(x) < b.index(y)) for x, y in combinations("abcde", 2))
    tau = (concordant - (10 - concordant)) / 10
    assert rankings.similarity(ORDER, ranking(a), ranking(b)) == pytest.approx((tau + 1) / 2)
    assert rankings.similarity(ORDER, ranking(b), ranking(a)) == rankings.similarity(ORDER, ranking(a), ranking(b))


@given(st.lists(_items, min_size=1, max_size=5))
def test_borda_orders_by_the_sum_of_places(ballots: list[list[str]]) -> None:
    merged = rankings.merge(ORDER, [ranking(ballot) for ballot in ballots], [1.0] * len(ballots))
    places = {item: sum(ballot.index(item) for ballot in ballots) for item in "abcde"}
    if merged is None:
        assert len(set(places.values())) == 1
        assert any(ballot != ballots[0] for ballot in ballots)
    else:
        assert [places[item] for item in merged[0][1]] == sorted(places.values())


@given(_paths, _paths)
def test_likeness_of_taxonomies_is_symmetric_and_1_for_equal_ones(a: list[Any], b: list[Any]) -> None:
    score = taxonomies.similarity(KIND, a, b)
    assert score == taxonomies.similarity(KIND, b, a)
    assert 0 <= score <= 1
    assert taxonomies.similarity(KIND, a, list(reversed(a))) == 1


def test_hierarchical_f1_is_the_published_example() -> None:
    # Kiritchenko et al. (2006), figure 2 and text: true class G with ancestors B, C, E; predicted F with ancestors C.
    # Extended sets {B, C, E, G} and {C, F}: hP = 1/2, hR = 1/4, hF = 1/3. With paths of one parent each:
    assert taxonomies.similarity(KIND, [("C", "E", "G"), ("B",)], [("C", "F")]) == pytest.approx(1 / 3)


# People who count differently


@pytest.mark.parametrize(
    ("weights", "merged"),
    [
        pytest.param({1: 1.0, 2: 0.4, 3: 0.4}, ["Good"], id="one counts more than the two others"),
        pytest.param({1: 0.5, 2: 1.0, 3: 1.0}, ["Bad"], id="two against one"),
        pytest.param({1: 1.0, 2: 0.5, 3: 0.5}, None, id="a tie by weight"),
        pytest.param({1: 0.0, 2: 0.0, 3: 0.0}, ["Bad"], id="if nobody counts, all do"),
    ],
)
def test_votes_are_weighted_by_person(weights: dict[int, float], merged: list[str] | None) -> None:
    rows = [annotation(1, mood("Good")), annotation(2, mood("Bad")), annotation(3, mood("Bad"))]
    made = compute(plan(MOOD), rows, people=weights)
    assert [row["value"]["choices"] for row in made["result"]] == ([merged] if merged else [])
    assert made["controls"]["mood"]["agreement"] == pytest.approx(1 / 3), "scores of pairs have no weight"


@pytest.mark.parametrize(
    ("row", "name", "key", "expected"),
    [
        pytest.param([stars(1), stars(5), stars(5)], "stars", "rating", 1, id="median of ratings"),
        pytest.param([topics("A"), topics("B"), topics("B")], "topics", "choices", ["A"], id="each choice"),
        pytest.param([note("aaaa"), note("bbbb"), note("bbbb")], "note", "text", ["aaaa"], id="medoid of texts"),
    ],
)
def test_medians_and_medoids_are_weighted_too(row: list[Json], name: str, key: str, expected: Any) -> None:
    people = [annotation(n, item) for n, item in enumerate(row, 1)]
    made = compute(plan(STARS, TOPICS, NOTE), people, people={1: 1.0, 2: 0.3, 3: 0.3})
    assert [r["value"][key] for r in made["result"] if r["from_name"] == name] == [expected]


def test_numbers_and_rankings_are_weighted() -> None:
    heavy = {1: 1.0, 2: 0.2, 3: 0.2}
    assert found("degrees", 1, 9, 9, people=heavy)[1] == 1
    orders = [{"order": ["a", "b"]}, {"order": ["b", "a"]}, {"order": ["b", "a"]}]
    assert found("order", *orders, people=heavy)[1] == {"order": ["a", "b"]}


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 4)), min_size=1, max_size=6), st.randoms())
@settings(max_examples=50)
def test_a_vote_of_weight_n_is_n_votes(ballots: list[tuple[str, int]], chance: Any) -> None:
    weighted = vote([(name,) for name, _ in ballots], False, [float(many) for _, many in ballots])
    plain = [(name,) for name, many in ballots for _ in range(many)]
    chance.shuffle(plain)
    assert weighted == vote(plain, False)
