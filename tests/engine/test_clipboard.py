"""Regions copied and pasted, within a task, between tasks and between configs."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from labeling import clipboard, results

from tests.engine import plans
from tests.engine.acting import STEADY, Acting
from tests.engine.plans_more import EVERYTHING_DATA, MARKS, everything
from tests.engine.shapes_plan import DATA, Drawing, plan

Json = dict[str, Any]


def scene() -> Drawing:
    acting = Drawing()
    acting.square("a", 10, 10, 20)
    acting.polygon("b", [[40, 10], [60, 10], [50, 30]], "Person")
    acting.do("choose", control="quality", choice="Blurred", region="a")
    acting.do("note", region="b", text="odd")
    acting.do("relate", **{"from": "a", "to": "b"})
    acting.do("group", regions=["b"], parent="a")
    acting.do("choose", control="weather", choice="Rain", answer="w1")
    return acting


def renamed(rows: list[object], names: dict[str, str]) -> list[object]:
    text = json.dumps(rows)
    for old, new in names.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    return json.loads(text)  # type: ignore[no-any-return]


def test_a_copy_pasted_in_another_task_gives_the_same_results_but_for_ids() -> None:
    source = scene()
    rows, ids = clipboard.copied(source.state, ["a", "b"])
    assert ids == ["a", "b"]
    target = Drawing()
    target.do("paste", rows=rows, ids={"a": "x", "b": "y"})
    assert target.view["selection"] == ["x", "y"]
    assert results.dump(target.state) == renamed(rows, {"a": "x", "b": "y"})
    assert target.region("y")["parent"] == "x"
    target.do("undo")
    assert results.dump(target.state) == []


def test_pasting_twice_makes_ids_and_may_move_what_is_pasted() -> None:
    acting = scene()
    rows, _ = clipboard.copied(acting.state, ["a"])
    acting.do("paste", rows=rows, shift={"x": 2, "y": 2})
    acting.do("paste", rows=rows)
    assert list(acting.view["regions"]) == ["a", "b", "a-2", "a-3"]  # type: ignore[call-overload]
    assert acting.region("a-2")["shape"]["x"] == 10  # type: ignore[index]
    assert acting.refused("paste", rows=rows, ids={"a": "b"}) == "id-taken"


def test_answers_of_the_whole_object_come_only_if_they_are_wanted() -> None:
    source = scene()
    rows, _ = clipboard.copied(source.state, [], answers=True)
    assert [row["from_name"] for row in rows] == ["weather"]  # type: ignore[index]
    target = Drawing()
    target.do("paste", rows=rows)
    assert target.view["answers"] == {}
    target.do("paste", rows=rows, answers=True)
    assert target.view["answers"] == {"weather": {"choices": ["Rain"]}}


def test_a_whole_answer_may_take_the_place_of_another_in_one_step() -> None:
    rows, _ = clipboard.copied(scene().state, ["a", "b"], answers=True)
    mine = Drawing()
    mine.square("own", 50, 50, 10)
    mine.square("kept", 70, 50, 10)
    mine.do("mark", regions=["kept"], locked=True)
    before = results.dump(mine.state)
    mine.do("paste", rows=rows, answers=True, replace=True)
    assert list(mine.view["regions"]) == ["kept", "a", "b"]  # type: ignore[call-overload]
    assert mine.view["answers"] == {"weather": {"choices": ["Rain"]}}
    mine.do("undo")
    assert results.dump(mine.state) == before


def test_what_does_not_fit_is_refused_by_row_and_the_rest_is_pasted() -> None:
    rows, _ = clipboard.copied(scene().state, ["a", "b"])
    target = Drawing(plan(Polygon=["Car"]))
    patch = target.do("paste", rows=rows, ids={"a": "x", "b": "y"})
    assert list(patch["regions"]) == ["x"]
    assert [told["code"] for told in patch["problems"]] == ["unknown-label"]
    assert "Person" in patch["problems"][0]["message"]
    # The next good intent clears them.
    target.do("select", regions=[])
    assert target.view["problems"] == []
    nothing = Acting(plans.article(), plans.ARTICLE_DATA)
    assert nothing.refused("paste", rows=rows) == "unknown-control"
    assert nothing.refused("paste", rows=["junk"]) == "bad-result"
    assert nothing.refused("paste", rows="junk") == "bad-intent"


def test_spans_outside_the_text_are_refused() -> None:
    source = Acting(plans.article(), plans.ARTICLE_DATA)
    source.do("pick_label", control="ner", label="PER")
    source.span("s", 40, 50)
    source.span("t", 0, 3)
    rows, _ = clipboard.copied(source.state, ["s", "t"])
    target = Acting(plans.article(), {"text": "Short."})
    patch = target.do("paste", rows=rows)
    assert list(target.view["regions"]) == ["t"]  # type: ignore[call-overload]
    assert target.region("t")["text"] == "Sho"
    assert len(patch["problems"]) == 1


def test_a_mask_goes_only_to_a_picture_of_its_size() -> None:
    source = Drawing(width=100, height=50)
    source.square("a", 10, 10, 20)
    source.do("convert", regions=["a"], to="brush", ids=[])
    rows, _ = clipboard.copied(source.state, ["a"])
    assert Drawing(width=200, height=50).refused("paste", rows=rows) == "other-size"
    same = Drawing(width=100, height=50)
    same.do("paste", rows=rows, ids={"a": "a"})
    assert results.dump(same.state) == rows


def test_every_kind_of_region_can_be_copied_but_messages() -> None:
    for control, (kind, part, shape) in MARKS.items():
        source = Acting(everything(), EVERYTHING_DATA)
        source.do("object_loaded", object="web", text="Hi there")
        source.do("object_loaded", object="sound", duration=10)
        if kind.endswith("labels"):
            source.do("pick_label", control=control, label="A")
        source.do("add_region", region="r1", object=part, control=control, shape=shape)
        rows, _ = clipboard.copied(source.state, ["r1"])
        assert rows, control
        patch = source.do("paste", rows=rows, ids={"r1": "r2"})
        assert patch.get("problems", []) == [], control
        assert renamed(clipboard.copied(source.state, ["r2"])[0], {"r2": "r1"}) == json.loads(json.dumps(rows)), control


BOXES = st.lists(
    st.tuples(st.integers(0, 80), st.integers(0, 80), st.integers(2, 20), st.sampled_from(["Car", "Person"])),
    min_size=1,
    max_size=6,
)


@given(boxes=BOXES)
@settings(STEADY, max_examples=40)
def test_copy_and_paste_change_nothing_but_ids_whatever_the_boxes_are(boxes: list[tuple[int, int, int, str]]) -> None:
    source, target = Drawing(), Drawing()
    for place, (x, y, side, label) in enumerate(boxes):
        source.square(f"r{place}", x, y, side, label)
    before = json.dumps(results.dump(source.state))
    rows, ids = clipboard.copied(source.state, list(source.state.regions))
    assert json.dumps(results.dump(source.state)) == before
    target.do("paste", rows=rows, ids={name: f"new-{name}" for name in ids})
    assert results.dump(target.state) == renamed(rows, {name: f"new-{name}" for name in ids})
    assert results.validate(plan(), results.dump(target.state), DATA) == []
