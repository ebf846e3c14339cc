"""Visibility: when things are shown, and what becomes of the answers of what is not (reference, section 6)."""

from __future__ import annotations

import pytest
from labeling import check, results

from tests.engine import plans
from tests.engine.acting import Acting
from tests.engine.plans_more import EVERYTHING_DATA, ask, leaf, taxonomy, thing

Json = dict[str, object]
TREE = [leaf("Animal", leaf("Cat", alias="c"), leaf("Dog"))]
COMMA = plans.option("Rain, heavy")


def scene(when: Json) -> Acting:
    """Everything that conditions look at; the control ``c`` (node n99) has the condition *when*."""
    others = [
        plans.boxes(labels=[plans.option("Car", alias="car"), plans.option("Sign, old"), plans.option("Tree")]),
        plans.choices("weather", "img", ["Sunny", plans.option("Snow", alias="s"), COMMA], choice="multiple"),
        taxonomy("kind", "img", TREE),
        plans.rating("stars", "img"),
        ask("age", "number", "img"),
        plans.choices("page", "book", ["Text", "Blank"], per_item=True),
        ask("chat", "chatmessage", "chat", roles=["user", "assistant"]),
    ]
    control = plans.choices("c", "img", ["A"], required=True, when=when)
    parts = [plans.image(), {**plans.image("book", "pages"), "pages": True}, thing("chat", "chat")]
    acting = Acting(plans.plan(parts, [*others, control]), EVERYTHING_DATA)
    for name, label in (("r1", "car"), ("r2", "Sign, old")):
        acting.do("pick_label", control="box", label=label)
        acting.box(name)
    for name, role in (("m1", "user"), ("m2", "assistant")):
        acting.do("message", control="chat", role=role, content="x", answer=name)
    return acting


STEPS: dict[str, tuple[str, Json]] = {
    "snow": ("choose", {"control": "weather", "choice": "s", "answer": "a1"}),
    "heavy rain": ("choose", {"control": "weather", "choice": "Rain, heavy", "answer": "a1"}),
    "cat": ("toggle_path", {"control": "kind", "path": ["Animal", "c"], "answer": "a2"}),
    "animal": ("toggle_path", {"control": "kind", "path": ["Animal"], "answer": "a2"}),
    "stars": ("rate", {"control": "stars", "rating": 4, "answer": "a3"}),
    "age": ("set_answer", {"control": "age", "value": {"number": 2.5}, "answer": "a4"}),
    "car": ("select", {"regions": ["r1"]}),
    "sign": ("select", {"regions": ["r2"]}),
    "both": ("select", {"regions": ["r1", "r2"]}),
    "of user": ("select", {"regions": ["m1"]}),
    "of assistant": ("select", {"regions": ["m2"]}),
    "blank": ("choose", {"control": "page", "choice": "Blank", "answer": "a5"}),
    "page 2": ("view_item", {"object": "book", "item": 1}),
}


def chosen(*choices: str, tag: str | None = "weather", kind: str = "choice-selected") -> Json:
    return {"kind": kind, **({"tag": tag} if tag else {}), **({"choices": list(choices)} if choices else {})}


def region(*labels: str, **more: object) -> Json:
    return {"kind": "region-selected", **({"labels": list(labels)} if labels else {}), **more}


CASES = [
    pytest.param(chosen(), "", False, id="nothing is selected"),
    pytest.param(chosen(), "snow", True, id="something is selected"),
    pytest.param(chosen("Snow"), "snow", True, id="the value of an alias"),
    pytest.param(chosen("s"), "snow", True, id="the alias"),
    pytest.param(chosen("Sunny", "s"), "snow", True, id="any of a list"),
    pytest.param(chosen(" Snow "), "snow", True, id="blanks do not count"),
    pytest.param(chosen("Rain", "heavy"), "heavy rain", True, id="a choice with a comma is the whole list"),
    pytest.param(chosen("Rain, heavy"), "heavy rain", True, id="a choice with a comma as one word"),
    pytest.param(chosen("heavy"), "heavy rain", False, id="not a part of a choice"),
    pytest.param(chosen("Cat", tag="kind"), "cat", True, id="the last item of a path, by value"),
    pytest.param(chosen("c", tag="kind"), "cat", True, id="the last item of a path, by alias"),
    pytest.param(chosen("Animal", tag="kind"), "cat", False, id="not the item above"),
    pytest.param(chosen("Animal", tag="kind"), "animal", True, id="the item itself"),
    pytest.param(chosen(tag="kind"), "cat", True, id="any item"),
    pytest.param(chosen("s", tag="nobody"), "snow", False, id="a tag that is not there"),
    pytest.param(chosen(tag=None), "snow", True, id="any Choices"),
    pytest.param(chosen("s", tag=None), "heavy rain", True, id="without a tag the choices are not looked at"),
    pytest.param(chosen(tag=None), "cat", False, id="a Taxonomy is no Choices"),
    pytest.param(chosen("s", kind="choice-unselected"), "", True, id="the opposite"),
    pytest.param(chosen("s", kind="choice-unselected"), "snow", False, id="the opposite of what is"),
    pytest.param(chosen("Blank", tag="page"), "blank", True, id="the answer of the page looked at"),
    pytest.param(chosen("Blank", tag="page"), "blank, page 2", False, id="not the answer of another page"),
    pytest.param(region(), "car", True, id="a region"),
    pytest.param(region(), "both", False, id="two regions are not one"),
    pytest.param(region("Car"), "car", True, id="a label by value"),
    pytest.param(region("car"), "car", True, id="a label by alias"),
    pytest.param(region("Tree", "Car"), "car", True, id="any of the labels"),
    pytest.param(region("Sign", "old"), "sign", True, id="a label with a comma is the whole list"),
    pytest.param(region("Tree"), "car", False, id="another label"),
    pytest.param(region(tag="box"), "car", True, id="by the control's name"),
    pytest.param(region(tag="img"), "car", True, id="by the object's name"),
    pytest.param(region(tag="chat"), "car", False, id="another object"),
    pytest.param(region(role="user"), "of user", True, id="a message of the role"),
    pytest.param(region(role="user"), "of assistant", False, id="a message of another role"),
    pytest.param(region(role="user"), "car", False, id="no message"),
    pytest.param({"kind": "no-region-selected"}, "", True, id="no region"),
    pytest.param({"kind": "no-region-selected"}, "car", False, id="a region is selected"),
    pytest.param({"kind": "value-is", "choices": ["4"]}, "stars", True, id="a rating"),
    pytest.param({"kind": "value-is", "choices": ["2.5"]}, "age", True, id="a number"),
    pytest.param({"kind": "value-is", "choices": ["Rain, heavy"]}, "heavy rain", True, id="the stored value, not cut"),
    pytest.param({"kind": "value-is", "choices": ["Snow"]}, "snow", False, id="the stored value is the alias"),
]


@pytest.mark.parametrize(("when", "steps", "expected"), CASES)
def test_conditions_hold(when: Json, steps: str, expected: bool) -> None:
    acting = scene(when)
    for step in filter(None, steps.split(", ")) if steps != "heavy rain" else [steps]:
        kind, members = STEPS[step]
        acting.do(kind, **members)
    node = acting.state.task.index.controls["c"].node
    assert (node not in acting.view["hidden"]) is expected  # type: ignore[operator]
    required = [fault["control"] for fault in check.problems(acting.state) if fault["code"] == "required"]
    assert ("c" in required) is expected, "what is hidden is not demanded"


def test_an_answer_hidden_by_a_choice_is_not_stored_and_comes_back() -> None:
    acting = scene(chosen("s"))
    acting.do("choose", control="weather", choice="s", answer="a1")
    acting.do("choose", control="c", choice="A", answer="a2")
    acting.do("choose", control="weather", choice="s")
    assert "c" not in [row["from_name"] for row in results.dump(acting.state) if "from_name" in row]  # type: ignore[index,call-overload,operator]
    acting.do("choose", control="weather", choice="s", answer="a1")
    assert "c" in [row["from_name"] for row in results.dump(acting.state) if "from_name" in row]  # type: ignore[index,call-overload,operator]


def test_an_answer_hidden_with_its_region_is_stored() -> None:
    acting = scene(region("Car"))
    acting.do("select", regions=["r1"])
    acting.do("choose", control="c", choice="A", answer="a2")
    acting.do("select", regions=[])
    assert "c" in [row["from_name"] for row in results.dump(acting.state) if "from_name" in row]  # type: ignore[index,call-overload,operator]


def test_what_is_hidden_cannot_be_answered() -> None:
    acting = scene(chosen("s"))
    assert acting.refused("choose", control="c", choice="A", answer="a2") == "hidden-control"


def test_answers_of_pages_depend_on_their_own_page() -> None:
    when = chosen("Blank", tag="page")
    why = plans.textarea("why", "book", per_item=True, required=True, when=when)
    parts = [{**plans.image("book", "pages"), "pages": True}]
    controls = [plans.choices("page", "book", ["Text", "Blank"], per_item=True), why]
    acting = Acting(plans.plan(parts, controls), EVERYTHING_DATA)
    acting.do("choose", control="page", choice="Blank", item=1, answer="a1")
    acting.do("choose", control="page", choice="Text", item=0, answer="a2")
    told = [(fault["code"], fault["where"]) for fault in check.problems(acting.state)]
    assert told == [("required", "why of page 2")]
    assert acting.refused("add_text", control="why", text="x") == "hidden-control"
    acting.do("view_item", object="book", item=1)
    acting.do("add_text", control="why", text="no ink", answer="a3")
    assert check.problems(acting.state) == []
