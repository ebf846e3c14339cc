"""Answers: choices, ratings, texts; what a new annotation starts with; what stands before Submit."""

from __future__ import annotations

import pytest
from labeling import check, results, session, view

from tests.engine import plans
from tests.engine.acting import Acting


def codes(acting: Acting) -> list[tuple[str, str]]:
    return [(fault["code"], fault["where"]) for fault in check.problems(acting.state)]


def test_single_replaces_and_a_second_click_unselects(cars: Acting) -> None:
    cars.do("choose", control="weather", choice="Sunny", answer="a1")
    cars.do("choose", control="weather", choice="Rain", answer="a2")
    assert cars.view["answers"] == {"weather": {"choices": ["Rain"]}}
    assert cars.state.answers["weather"].id == "a1", "the answer keeps the id that it was born with"
    patch = cars.do("choose", control="weather", choice="Rain")
    assert patch["answers"] == {"weather": None}


def test_a_radio_choice_is_not_unselected_by_clicking_it_again() -> None:
    plan = plans.plan([plans.image()], [plans.choices("c", "img", ["A", "B"], choice="single-radio")])
    acting = Acting(plan, plans.STREET_DATA)
    acting.do("choose", control="c", choice="A", answer="a1")
    acting.do("choose", control="c", choice="A")
    acting.do("choose", control="c", choice="A", checked=False)
    assert acting.view["answers"] == {"c": {"choices": ["A"]}}


def test_multiple_toggles_and_keeps_the_order_of_the_config(cars: Acting) -> None:
    for choice in ("Crowd", "Night"):
        cars.do("choose", control="tags", choice=choice, answer="a1")
    assert cars.view["answers"] == {"tags": {"choices": ["Night", "Crowd"]}}
    assert cars.do("choose", control="tags", choice="Night", checked=True) == {}
    cars.do("choose", control="tags", choice="Night", checked=False)
    assert cars.view["answers"] == {"tags": {"choices": ["Crowd"]}}


def test_choices_are_stored_by_alias_and_found_by_value(names: Acting) -> None:
    names.do("choose", control="topic", choice="Politics", answer="a1")
    assert names.view["answers"] == {"topic": {"choices": ["pol"]}}
    assert names.refused("choose", control="topic", choice="Weather") == "unknown-choice"


def test_nested_choices_are_stored_as_paths() -> None:
    animal = plans.option("Animal", children=[plans.option("Cat"), plans.option("Dog")])
    plan = plans.plan([plans.text()], [plans.choices("c", "txt", [animal], allow_nested=True, choice="multiple")])
    acting = Acting(plan, plans.ARTICLE_DATA)
    acting.do("choose", control="c", choice="Dog", answer="a1")
    acting.do("choose", control="c", choice=["Animal", "Cat"], answer="a1")
    acting.do("choose", control="c", choice="Animal", answer="a1")
    expected = [["Animal"], ["Animal", "Cat"], ["Animal", "Dog"]]
    assert acting.view["answers"] == {"c": {"choices": expected}}
    assert results.dump(acting.state)[0]["value"] == {"choices": expected}
    assert acting.refused("choose", control="c", choice=["Plant", "Cat"]) == "unknown-choice"


@pytest.mark.parametrize("rating", [pytest.param(-1, id="negative"), pytest.param(6, id="over the largest")])
def test_ratings_stay_in_range(cars: Acting, rating: int) -> None:
    assert cars.refused("rate", control="stars", rating=rating, answer="a1") == "bad-rating"


def test_rating_0_takes_the_answer_away(cars: Acting) -> None:
    cars.do("rate", control="stars", rating=4, answer="a1")
    assert cars.view["answers"] == {"stars": {"rating": 4}}
    cars.do("rate", control="stars", rating=0)
    assert cars.view["answers"] == {}


def test_a_step_adds_to_the_rating_and_starts_again_after_the_largest(cars: Acting) -> None:
    seen = []
    for _ in range(6):
        cars.do("rate", control="stars", step=1, answer="a1")
        seen.append(cars.view["answers"].get("stars"))  # type: ignore[attr-defined]
    assert seen == [{"rating": 1}, {"rating": 2}, {"rating": 3}, {"rating": 4}, {"rating": 5}, None]


def test_texts_are_typed_added_edited_and_removed(cars: Acting) -> None:
    cars.do("type_text", control="notes", text="one", answer="a1")
    assert cars.view["answers"] == {"notes": {"text": [], "typing": "one"}}
    cars.do("add_text", control="notes")
    cars.do("type_text", control="notes", text="two")
    assert cars.view["answers"] == {"notes": {"text": ["one"], "typing": "two"}}
    cars.do("add_text", control="notes")
    cars.do("edit_text", control="notes", index=0, text="ONE!")
    cars.do("remove_text", control="notes", index=1)
    assert cars.view["answers"] == {"notes": {"text": ["ONE!"], "typing": ""}}
    cars.do("remove_text", control="notes", index=0)
    assert cars.view["answers"] == {}


def test_texts_that_may_not_be_added_are_refused(cars: Acting) -> None:
    assert cars.refused("add_text", control="notes") == "empty-text"
    cars.do("type_text", control="notes", text="  \n", answer="a1")
    assert cars.refused("add_text", control="notes") == "empty-text"
    cars.do("add_text", control="notes", text="Straße")
    assert cars.refused("add_text", control="notes", text="STRASSE") == "duplicate-text"
    cars.do("add_text", control="notes", text="b")
    cars.do("add_text", control="notes", text="c")
    assert cars.refused("add_text", control="notes", text="d") == "too-many-texts"
    assert cars.refused("edit_text", control="notes", index=0, text="B") == "duplicate-text"
    assert cars.refused("edit_text", control="notes", index=7, text="x") == "no-text"
    assert cars.refused("remove_text", control="notes", index=-1) == "no-text"


def test_texts_of_a_field_that_is_not_editable_stay(names: Acting) -> None:
    names.span("s1", 0, 3)
    names.do("add_text", control="wiki", text="Ada", region="s1")
    assert names.refused("edit_text", control="wiki", index=0, text="Eva", region="s1") == "not-editable"


def test_answers_of_a_region_go_to_the_region(cars: Acting) -> None:
    assert cars.refused("choose", control="quality", choice="Sharp") == "no-region"
    cars.box("r1")
    assert cars.view["region_controls"] == []
    cars.do("select", regions=["r1"])
    assert cars.view["region_controls"] == ["quality", "plate"]
    cars.do("choose", control="quality", choice="Blurred")
    cars.do("type_text", control="plate", text="AB 12", region="r1")
    assert cars.region("r1")["answers"] == {
        "quality": {"choices": ["Blurred"]},
        "plate": {"text": [], "typing": "AB 12"},
    }
    cars.do("choose", control="quality", choice="Blurred", region="r1")
    assert cars.region("r1")["answers"] == {"plate": {"text": [], "typing": "AB 12"}}


def test_what_somebody_left_empty_is_not_preselected_again() -> None:
    plan = plans.plan([plans.text()], [plans.choices("c", "txt", [plans.option("B", selected=True)])])
    assert view.full(session.open_task(plan, plans.ARTICLE_DATA, [], begun=True))["answers"] == {}


def test_a_new_annotation_starts_with_what_the_config_preselects() -> None:
    plan = plans.plan(
        [plans.text()],
        [
            plans.choices("c", "txt", ["A", plans.option("B", selected=True), plans.option("C", selected=True)]),
            plans.choices(
                "m", "txt", [plans.option("D", selected=True), plans.option("E", selected=True)], choice="multiple"
            ),
            plans.textarea("t", "txt", value={"path": ["ocr"], "source": "ocr"}),
            plans.rating("r", "txt", default_value=9),
        ],
    )
    data = plans.ARTICLE_DATA | {"ocr": "read by a machine"}
    acting = Acting(plan, data)
    assert acting.view["answers"] == {
        "c": {"choices": ["B"]},
        "m": {"choices": ["D", "E"]},
        "t": {"text": ["read by a machine"], "typing": ""},
        "r": {"rating": 5},
    }
    assert acting.view["changed"] is False
    written = results.dump(acting.state)
    assert [row["value"] for row in written] == [  # type: ignore[index]
        {"choices": ["B"]},
        {"choices": ["D", "E"]},
        {"text": ["read by a machine"]},
        {"rating": 5},
    ]
    assert results.validate(plan, written, data) == []
    acting.do("choose", control="c", choice="B")
    stored = Acting(plan, data, results.dump(acting.state))
    assert "c" not in stored.view["answers"], "stored results are not preselected again"  # type: ignore[operator]


WHEN_SNOW = {"kind": "choice-selected", "tag": "weather", "choices": ["Snow"]}


def test_a_condition_shows_and_hides_and_the_hidden_answer_is_kept_but_not_written(cars: Acting) -> None:
    assert cars.view["hidden"] == ["n3", "n4", "n9"], "per-region controls without a region, and depth"
    assert cars.refused("choose", control="depth", choice="Deep", answer="a1") == "hidden-control"
    patch = cars.do("choose", control="weather", choice="Snow", answer="a2")
    assert patch["hidden"] == ["n3", "n4"]
    cars.do("choose", control="depth", choice="Deep", answer="a1")
    assert len(results.dump(cars.state)) == 2
    cars.do("choose", control="weather", choice="Rain")
    assert [row["from_name"] for row in results.dump(cars.state)] == ["weather"]  # type: ignore[index]
    cars.do("undo")
    assert len(results.dump(cars.state)) == 2


def _conditioned(when: dict[str, object], **more: object) -> Acting:
    """The control "c" under *when*, beside boxes, a whole-image choice and a rating."""
    controls = [
        plans.boxes(),
        plans.choices("w", "img", ["Sun", plans.option("Heavy snow", alias="snow")]),
        plans.rating("stars", "img"),
        plans.choices("c", "img", ["A"], when=when, required=True, **more),
    ]
    acting = Acting(plans.plan([plans.image()], controls), plans.STREET_DATA)
    acting.do("pick_label", control="box", label="Car")
    acting.box("r1")
    acting.do("pick_label", control="box", label="Sign")
    acting.box("r2")
    return acting


SHOWN = [
    pytest.param({"kind": "choice-selected", "tag": "w"}, "choose w Sun", True, id="any choice of the tag"),
    pytest.param({"kind": "choice-selected", "tag": "w"}, "", False, id="no choice of the tag"),
    pytest.param(
        {"kind": "choice-selected", "tag": "w", "choices": ["snow"]}, "choose w snow", True, id="a choice by its alias"
    ),
    pytest.param(
        {"kind": "choice-selected", "tag": "w", "choices": ["x", " Heavy snow"]},
        "choose w snow",
        True,
        id="a choice by its value, with a blank",
    ),
    pytest.param({"kind": "choice-selected", "choices": ["x"]}, "choose w Sun", True, id="any choice of any tag"),
    pytest.param({"kind": "choice-selected"}, "rate", False, id="a rating is no choice"),
    pytest.param({"kind": "choice-selected", "tag": "no", "choices": ["x"]}, "", False, id="a tag that is not there"),
    pytest.param({"kind": "choice-unselected", "tag": "w"}, "", True, id="unselected is the opposite"),
    pytest.param({"kind": "choice-unselected", "tag": "w"}, "choose w Sun", False, id="selected is not unselected"),
    pytest.param({"kind": "region-selected"}, "select r1", True, id="a region is selected"),
    pytest.param({"kind": "region-selected"}, "select r1 r2", False, id="two regions are selected"),
    pytest.param({"kind": "region-selected", "tag": "box"}, "select r1", True, id="a region of the control"),
    pytest.param({"kind": "region-selected", "tag": "img"}, "select r1", True, id="a region of the object"),
    pytest.param({"kind": "region-selected", "tag": "w"}, "select r1", False, id="a region of another control"),
    pytest.param({"kind": "region-selected", "labels": ["Car", "Bus"]}, "select r1", True, id="a region of the label"),
    pytest.param({"kind": "region-selected", "labels": ["Car"]}, "select r2", False, id="a region of another label"),
    pytest.param({"kind": "no-region-selected"}, "", True, id="no region"),
    pytest.param({"kind": "no-region-selected"}, "select r1", False, id="not no region"),
    pytest.param({"kind": "value-is", "choices": ["snow"]}, "choose w snow", True, id="the stored value"),
    pytest.param({"kind": "value-is", "choices": ["Heavy snow"]}, "choose w snow", False, id="not the value"),
    pytest.param({"kind": "value-is", "tag": "stars", "choices": ["4"]}, "rate", True, id="a rating as text"),
    pytest.param({"kind": "value-is", "tag": "w", "choices": ["4"]}, "rate", False, id="another tag's value"),
]


@pytest.mark.parametrize(("when", "step", "expected"), SHOWN)
def test_conditions_hold(when: dict[str, object], step: str, expected: bool) -> None:
    acting = _conditioned(when)
    match step.split():
        case ["choose", control, choice]:
            acting.do("choose", control=control, choice=choice, answer="a1")
        case ["select", *regions]:
            acting.do("select", regions=regions)
        case ["rate"]:
            acting.do("rate", control="stars", rating=4, answer="a2")
    assert ("n5" not in acting.view["hidden"]) is expected  # type: ignore[operator]
    assert (("required", "control c") in codes(acting)) is expected, "a hidden control is not required"


def test_a_hidden_view_hides_what_is_inside() -> None:
    control = plans.choices("c", "img", ["A"], required=True)
    other = plans.choices("w", "img", ["Snow"])
    inside = {"node": "view", "key": "n3", "display": "block", "style": {}, "when": {**WHEN_SNOW, "tag": "w"}}
    tree = {
        "node": "view",
        "key": "n0",
        "children": [
            {"node": "object", "key": "n1", "name": "img"},
            {"node": "control", "key": "n2", "name": "w"},
            {**inside, "children": [{"node": "control", "key": "n4", "name": "c"}]},
        ],
    }
    acting = Acting(plans.plan([plans.image()], [other, control], tree), plans.STREET_DATA)
    assert acting.view["hidden"] == ["n3", "n4"]
    assert codes(acting) == []
    acting.do("choose", control="w", choice="Snow", answer="a1")
    assert acting.view["hidden"] == []
    assert codes(acting) == [("required", "control c")]


def test_an_answer_goes_with_the_label_that_it_was_asked_for() -> None:
    when = {"kind": "region-selected", "labels": ["Car"]}
    acting = _conditioned(when, per_region=True)
    assert codes(acting) == [("required", "c of region 1 (Car)")], "the sign is not asked"
    acting.do("select", regions=["r1"])
    acting.do("choose", control="c", choice="A")
    assert codes(acting) == []
    acting.do("pick_label", control="box", label="Sign")
    assert acting.region("r1")["answers"] == {}
    acting.do("undo")
    assert acting.region("r1")["answers"] == {"c": {"choices": ["A"]}}


def test_an_answer_of_a_region_may_depend_on_another_answer_of_the_region() -> None:
    when = {"kind": "choice-selected", "tag": "quality", "choices": ["Blurred"]}
    plan = plans.plan(
        [plans.image()],
        [
            plans.boxes(),
            plans.choices("quality", "img", ["Sharp", "Blurred"], per_region=True),
            plans.textarea("why", "img", per_region=True, required=True, when=when),
        ],
    )
    acting = Acting(plan, plans.STREET_DATA)
    acting.do("pick_label", control="box", label="Car")
    acting.box("r1")
    acting.box("r2")
    acting.do("select", regions=["r1"])
    acting.do("choose", control="quality", choice="Blurred")
    assert acting.view["region_controls"] == ["quality", "why"]
    acting.do("add_text", control="why", text="fog")
    acting.do("choose", control="quality", choice="Sharp")
    assert [row["from_name"] for row in results.dump(acting.state)] == ["box", "quality", "box"]  # type: ignore[index]
    assert codes(acting) == []


def test_what_is_required_is_asked_for_with_its_own_words() -> None:
    plan = plans.plan(
        [plans.text()],
        [
            plans.labels(required=True),
            plans.choices("c", "txt", ["A"], required=True, required_message="Pick one!"),
            plans.textarea("t", "txt", required=True),
            plans.rating("r", "txt", required=True),
        ],
    )
    acting = Acting(plan, plans.ARTICLE_DATA)
    faults = check.problems(acting.state)
    assert [fault["control"] for fault in faults] == ["ner", "c", "t", "r"]
    assert (faults[1]["message"], faults[1]["node"]) == ("Pick one!", "n3")
    acting.do("pick_label", control="ner", label="PER")
    acting.span("s1", 0, 3)
    acting.do("choose", control="c", choice="A", answer="a1")
    acting.do("type_text", control="t", text="x", answer="a2")
    acting.do("rate", control="r", rating=1, answer="a3")
    assert codes(acting) == [], "text that is typed counts: it is added on submit"


def test_loaded_results_over_the_rules_stand_before_submit() -> None:
    plan = plans.plan(
        [plans.text()],
        [
            plans.labels(max_usages=1),
            plans.choices("c", "txt", ["A", "B"]),
            plans.textarea("t", "txt", max_submissions=1),
        ],
    )
    rows = [
        {
            "id": f"s{n}",
            "from_name": "ner",
            "to_name": "txt",
            "type": "labels",
            "value": {"start": n, "end": n + 1, "labels": ["PER"]},
        }
        for n in range(2)
    ]
    rows.append({"id": "a", "from_name": "c", "to_name": "txt", "type": "choices", "value": {"choices": ["A", "B"]}})
    rows.append({"id": "b", "from_name": "t", "to_name": "txt", "type": "textarea", "value": {"text": ["x", "y"]}})
    faults = check.problems(session.open_task(plan, plans.ARTICLE_DATA, rows))
    assert [fault["code"] for fault in faults] == ["label-overused", "too-many-choices", "too-many-texts"]


def test_what_an_older_config_knew_must_be_settled_before_submit() -> None:
    rows = [
        {
            "id": "s1",
            "from_name": "ner",
            "to_name": "txt",
            "type": "labels",
            "value": {"start": 0, "end": 3, "labels": ["OLD"]},
        },
        {"id": "a", "from_name": "topic", "to_name": "txt", "type": "choices", "value": {"choices": ["Gone"]}},
    ]
    acting = Acting(plans.article(), plans.ARTICLE_DATA, rows)
    assert codes(acting) == [("unknown-label", "region 1 (OLD)"), ("unknown-choice", "control topic")]
    refused = results.validate(plans.article(), results.dump(acting.state), plans.ARTICLE_DATA)
    assert [fault["code"] for fault in refused] == ["unknown-label", "unknown-choice"]
    acting.do("select", regions=["s1"])
    acting.do("pick_label", control="ner", label="PER")
    acting.do("choose", control="topic", choice="Sport")
    assert codes(acting) == []


def test_an_answer_without_an_id_gets_one_that_results_allow(cars: Acting) -> None:
    cars.do("choose", control="weather", choice="Rain")
    written = results.dump(cars.state)
    assert results.validate(plans.street(), written, plans.STREET_DATA) == []


def test_a_readonly_answer_cannot_be_changed() -> None:
    row = {
        "id": "a",
        "from_name": "topic",
        "to_name": "txt",
        "type": "choices",
        "readonly": True,
        "value": {"choices": ["Sport"]},
    }
    acting = Acting(plans.article(), plans.ARTICLE_DATA, [row])
    assert acting.refused("choose", control="topic", choice="pol") == "readonly"
    assert results.dump(acting.state)[0]["readonly"] is True  # type: ignore[index,call-overload]
