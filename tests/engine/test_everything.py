"""Any intents, in any order, on a plan with every tag: nothing raises, patches are true, undo goes all the way back."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling import check, reduce, results, session, view
from labeling.model import Settings
from labeling.plan_parts import ControlType, ObjectType

from tests.engine.acting import STEADY, Acting, as_json
from tests.engine.plans_more import EVERYTHING_DATA, MARKS, everything

Json = dict[str, object]
PLAN = everything()
CONTROLS = [str(control["name"]) for control in PLAN["controls"]]  # type: ignore[attr-defined]
OBJECTS = [str(part["name"]) for part in PLAN["objects"]]  # type: ignore[attr-defined]
IDS = ["r1", "r2", "r3", "r4"]


def test_the_plan_has_every_type_of_object_and_control() -> None:
    assert {part["type"] for part in PLAN["objects"]} == set(get_args(ObjectType))  # type: ignore[attr-defined]
    assert {control["type"] for control in PLAN["controls"]} == set(get_args(ControlType))  # type: ignore[attr-defined]


def drawing() -> Acting:
    acting = Acting(PLAN, EVERYTHING_DATA)
    acting.do("object_loaded", object="web", text="Hi there")
    acting.do("object_loaded", object="sound", duration=10)
    return acting


@pytest.mark.parametrize("name", MARKS)
def test_every_kind_of_region_is_drawn_stored_and_read_again(name: str) -> None:
    acting = drawing()
    kind, part, shape = MARKS[name]
    if kind.endswith("labels"):
        acting.do("pick_label", control=name, label="A")
    acting.do("add_region", region="r1", object=part, control=name, shape=shape)
    rows = results.dump(acting.state)
    assert results.validate(PLAN, rows, EVERYTHING_DATA) == []
    again = session.open_task(PLAN, EVERYTHING_DATA, rows)
    assert again.problems == ()
    assert as_json(results.dump(again)) == as_json(rows)
    acting.do("undo")
    assert acting.view["regions"] == {}


JUNK = st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab\x00😀", max_size=3) | st.just([]) | st.just({})
NAMES = st.sampled_from(CONTROLS)
REGIONS = st.sampled_from(IDS)
VALUES = st.sampled_from(
    [
        None,
        {"number": 2.5},
        {"number": 999},
        {"datetime": "2024-05-01"},
        {"taxonomy": [["Animal", "Cat"]]},
        {"taxonomy": [["Nothing"]]},
        {"selected": "left"},
        {"ranker": {"rank": ["c", "b"]}},
        {"ranker": {"good": ["c"]}},
        {"component": {"color": "red"}},
        {"component": {"size": 0}},
        {"number": "x", "datetime": 3, "taxonomy": 1, "selected": {}, "ranker": 2, "component": None},
    ]
)
TARGET: dict[str, st.SearchStrategy[object]] = {
    "region": st.none() | REGIONS,
    "item": st.none() | st.integers(-1, 3),
    "answer": st.none() | st.sampled_from(["a1", "a2"]),
}
CHOICES = st.sampled_from(["Snow", "Sunny", "Sharp", "Text", "Thin", "nothing", ["Animal", "Cat"]])
SHAPE: Json = {"x": 10, "y": 10, "width": 20, "height": 20, "rotation": 0, "start16": 1, "end16": 5}
PATHS = st.sampled_from([["Animal"], ["Animal", "Cat"], ["Plant", "Other"], ["Stone"], []])
FORMS: dict[str, dict[str, st.SearchStrategy[object]]] = {
    "pick_label": {"control": NAMES, "label": st.sampled_from(["A", "B", "Car", "PER", ""])},
    "select": {"regions": st.lists(REGIONS, max_size=2), "add": st.booleans()},
    "select_next": {"step": st.sampled_from([1, -1])},
    "delete": {"regions": st.none() | st.lists(REGIONS, max_size=2)},
    "delete_all": {},
    "duplicate": {"ids": st.lists(REGIONS, max_size=2, unique=True)},
    "mark": {"regions": st.lists(REGIONS, max_size=2), "locked": st.none() | st.booleans()},
    "note": {"region": REGIONS, "text": st.just("n")},
    "nudge": {"dx": st.integers(-9, 9), "dy": st.just(0), "grow": st.booleans()},
    "add_regions": {"object": st.sampled_from(OBJECTS), "regions": st.lists(REGIONS, max_size=2, unique=True),
                    "shapes": st.just([{"start16": 0, "end16": 3, "unit": "word"}, SHAPE])},
    "transform": {"dx": st.integers(-50, 50), "rotate": st.sampled_from([0, 90, 33]),
                  "scale": st.just({"x": 1.5, "y": -1}), "regions": st.none() | st.lists(REGIONS, max_size=3)},
    "combine": {"how": st.sampled_from(["union", "subtract", "intersect", "split"]), "keep": st.booleans(),
                "regions": st.none() | st.lists(REGIONS, max_size=3), "ids": st.just([])},
    "convert": {"to": st.sampled_from(["polygon", "rectangle", "ellipse", "brush", "bitmask"]), "ids": st.just([]),
                "regions": st.none() | st.lists(REGIONS, max_size=2)},
    "reorder": {
        "to": st.sampled_from(["front", "back", "forward", "backward", "before", "after"]),
        "regions": st.lists(REGIONS),
        "region": REGIONS,
    },
    "group": {"regions": st.none() | st.lists(REGIONS, max_size=3), "parent": st.none() | REGIONS},
    "ungroup": {"regions": st.none() | st.lists(REGIONS, max_size=2)},
    "accept": {"regions": st.none() | st.lists(REGIONS, max_size=2), "relabel": st.booleans()},
    "reject": {"above": st.none() | st.just(0.5)},
    "merge_spans": {"regions": st.lists(REGIONS, max_size=3)},
    "split_span": {"region": REGIONS, "at16": st.integers(-1, 9), "id": st.sampled_from(["r4", "r5"])},
    "paste": {"rows": st.just([{"id": "r1", "from_name": "ner", "to_name": "txt", "type": "labels",
                                "value": {"start": 0, "end": 3, "labels": ["PER"]}}, {"id": "x"}, 3]),
              "replace": st.booleans(), "answers": st.booleans()},
    "choose": {"control": NAMES, "choice": CHOICES, "checked": st.none() | st.booleans(), **TARGET},
    "toggle_path": {"control": NAMES, "path": PATHS, "checked": st.none() | st.booleans(), **TARGET},
    "rate": {"control": NAMES, "rating": st.integers(-1, 6), "step": st.none() | st.just(1), **TARGET},
    "set_answer": {"control": NAMES, "value": VALUES, "step": st.none() | st.sampled_from([1, -1]), **TARGET},
    "move_item": {"control": NAMES, "item": st.sampled_from(["1", "b", "z"]), "bucket": st.none() | st.just("good"),
                  "index": st.integers(-1, 4)},
    "type_text": {"control": NAMES, "text": st.just("typed"), **TARGET},
    "insert_text": {"control": NAMES, "text": st.just("😀"), "place": st.none() | st.integers(-1, 9), **TARGET},
    "add_text": {"control": NAMES, "text": st.none() | st.just("t"), **TARGET},
    "edit_text": {"control": NAMES, "index": st.integers(-1, 2), "text": st.just("e"), **TARGET},
    "remove_text": {"control": NAMES, "index": st.integers(-1, 2), **TARGET},
    "message": {"control": NAMES, "role": st.sampled_from(["user", "assistant", "x"]), "content": st.just("m"),
                "answer": REGIONS},
    "edit_message": {"region": REGIONS, "content": st.sampled_from(["", "m2"])},
    "relate": {"from": REGIONS, "to": REGIONS},
    "unrelate": {"from": REGIONS, "to": REGIONS},
    "set_relation": {"from": REGIONS, "to": REGIONS, "direction": st.sampled_from([None, "bi", "left", "up"]),
                     "labels": st.sampled_from([None, [], ["owns"], ["nothing"]])},
    "view_item": {"object": st.sampled_from(OBJECTS), "item": st.integers(-1, 3)},
    "object_loaded": {"object": st.sampled_from(OBJECTS), "width": st.none() | st.just(640),
                      "height": st.none() | st.just(480), "text": st.none() | st.just("Hi there"),
                      "duration": st.none() | st.just(3.5), "item": st.none() | st.integers(-1, 3)},
    "undo": {},
    "redo": {},
    "reset": {},
    "prefer": {"keep_labels": st.booleans(), "select_new": st.none() | st.booleans()},
    "explode": {},
}  # fmt: skip
USUAL = [*FORMS, *(["choose", "toggle_path", "set_answer", "relate", "undo"] * 2)]


@st.composite
def an_intent(draw: st.DrawFn) -> Json:
    if draw(st.integers(0, 2)) == 0:
        name = draw(st.sampled_from([*MARKS, "box", "ner", "marks", "scan"]))
        _, part, shape = MARKS.get(name, ("", {"ner": "txt", "marks": "txt", "scan": "book"}.get(name, "img"), SHAPE))
        kind = draw(st.sampled_from(["add_region", "add_region", "edit_region"]))
        made: Json = {"type": kind, "region": draw(REGIONS), "object": part, "shape": shape, "control": name}
    else:
        kind = draw(st.sampled_from(USUAL))
        drawn = {member: draw(values) for member, values in FORMS[kind].items()}
        made = {"type": kind, **{member: value for member, value in drawn.items() if value is not None}}
    if draw(st.integers(0, 15)) == 0:  # a fault of the page
        made[draw(st.sampled_from([*made, "control"]))] = draw(JUNK)
    gesture = draw(st.sampled_from([None, None, "g", "h"]))
    return {**made, "gesture": gesture} if gesture else made


@settings(STEADY, max_examples=120)
@given(st.lists(an_intent(), max_size=25), st.booleans(), st.booleans())
def test_any_intents_in_any_order(intents: list[Json], select_new: bool, keep_labels: bool) -> None:
    state = session.open_task(PLAN, EVERYTHING_DATA, (), Settings(keep_labels=keep_labels, select_new=select_new))
    first = as_json(view.full(state))
    shown = first
    for at, intent in enumerate(intents):
        before = state
        state, patch = reduce(state, {"at": 1_700_000_000_000 + at, **intent})
        shown = view.apply(shown, as_json(patch))
        assert shown == as_json(view.full(state)), intent
        if patch.get("problems"):
            assert patch["problems"][0]["message"]
            if intent["type"] == "paste" and set(patch) != {"problems"}:
                continue  # the rest of the rows was pasted
            assert set(patch) == {"problems"}
            assert results.dump(state) == results.dump(before), "a bad intent changed something"
    rows = results.dump(state)
    json.dumps(rows, allow_nan=False)
    told = {fault["code"] for fault in check.problems(state)}
    refused = [fault for fault in results.validate(PLAN, rows, EVERYTHING_DATA) if fault["code"] not in told]
    assert refused == [], "the server refuses what nobody was told"
    again = session.open_task(PLAN, EVERYTHING_DATA, rows)
    assert as_json(results.dump(again)) == as_json(rows)
    while state.undo:
        state, _ = reduce(state, {"type": "undo", "at": 0})
    last = as_json(view.full(state))
    for member in ("regions", "answers", "relations", "counts"):
        assert last[member] == first[member], member
