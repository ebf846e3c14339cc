"""Plans with types that have no metric, with types that borrow one, and with a Repeater."""

from __future__ import annotations

from typing import Any

import pytest
from consensus_cases import MOOD, TEXT, annotation, answer, control, mood, options, plan
from labeling.consensus import compute
from labeling.consensus.registry import NOT_COMPARED

Json = dict[str, Any]

CHAT = {**control("chat", "Chat", "img"), "type": "chatmessage"}


def message(identity: str) -> Json:
    value = {"chatmessage": {"role": "user", "content": "hello"}}
    return {"id": identity, "from_name": "chat", "to_name": "img", "type": "chatmessage", "value": value}


def test_a_type_without_a_metric_has_no_agreement_and_is_not_merged() -> None:
    people = [annotation(1, mood("Good"), message("p1")), annotation(2, mood("Good"), message("p2"))]
    found = compute(plan(MOOD, CHAT), people)
    entry = found["controls"]["chat"]
    assert entry["agreement"] is None
    assert "chatmessage" in entry["reason"]
    assert found["agreement"] == 1
    assert [row["from_name"] for row in found["result"]] == ["mood"]
    assert found["problems"] == []


@pytest.mark.parametrize("kind", sorted(NOT_COMPARED))
def test_no_type_stops_the_others(kind: str) -> None:
    other = {**control("other", kind, "img"), "type": kind}
    row = {"id": "r", "from_name": "other", "to_name": "img", "type": kind, "value": {kind: "anything"}}
    found = compute(plan(MOOD, other), [annotation(1, mood("Good"), row), annotation(2, mood("Bad"), row)])
    assert found["agreement"] == 0
    assert kind in found["controls"]["other"]["reason"]


def test_labels_beside_a_plain_shape_are_not_compared_as_spans() -> None:
    labels = control("l", "Labels", "img", options=options("A"), choice="single")
    value = {"x": 1, "y": 2, "width": 3, "height": 4, "labels": ["A"]}
    row = {"id": "r", "from_name": "l", "to_name": "img", "type": "labels", "value": value}
    found = compute(plan(labels), [annotation(1, row), annotation(2, row)])
    assert found["controls"]["l"]["agreement"] is None
    assert "compared with" in found["controls"]["l"]["reason"]
    assert found["problems"] == []


def test_hypertext_labels_on_a_plain_text_are_compared_as_spans() -> None:
    labels = control("h", "HyperTextLabels", "t", options=options("PER"), choice="single")
    value = {"start": 0, "end": 3, "text": TEXT[:3], "hypertextlabels": ["PER"]}
    row = {"id": "r", "from_name": "h", "to_name": "t", "type": "hypertextlabels", "value": value}
    found = compute(plan(labels), [annotation(1, row), annotation(2, row)])
    assert found["agreement"] == 1
    assert found["result"] == [row]


@pytest.mark.parametrize(
    ("sides", "agreement", "merged"),
    [
        pytest.param(["left", "left"], 1, "left", id="the same side"),
        pytest.param(["left", "right"], 0, None, id="a tie"),
        pytest.param(["left", "right", "right"], 1 / 3, "right", id="two against one"),
    ],
)
def test_comparisons_are_votes(sides: list[str], agreement: float, merged: str | None) -> None:
    pair = control("pw", "Pairwise", "t")
    rows = [
        {"id": "r", "from_name": "pw", "to_name": "t", "type": "pairwise", "value": {"selected": side}}
        for side in sides
    ]
    found = compute(plan(pair), [annotation(n, row) for n, row in enumerate(rows, 1)])
    assert found["agreement"] == pytest.approx(agreement)
    assert [row["value"] for row in found["result"]] == ([{"selected": merged}] if merged else [])


def test_the_copies_of_a_repeater_are_controls_of_their_own() -> None:
    given = plan(control("mood_{{idx}}", "Choices", "t", options=options("Good", "Bad"), choice="single", repeat="n1"))
    leaf = {"node": "control", "key": "n2", "name": "mood_{{idx}}"}
    on = {"path": ["list"], "source": "list"}
    repeater = {"node": "repeater", "key": "n1", "on": on, "flag": "{{idx}}", "mode": "list", "children": [leaf]}
    given["tree"] = {"node": "view", "key": "n0", "display": "block", "style": {}, "children": [repeater]}
    rows = [answer("mood_0", "choices", ["Good"]), answer("mood_1", "choices", ["Bad"])]
    other = [rows[0], answer("mood_1", "choices", ["Good"])]
    found = compute(given, [annotation(1, *rows), annotation(2, *other)], data={"list": [1, 2]})
    assert {name: entry["agreement"] for name, entry in found["controls"].items()} == {"mood_0": 1, "mood_1": 0}
    assert found["problems"] == []
