"""Label Studio's result JSON: load, dump and the way round."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling import results, session
from labeling.model import State

from tests.engine import plans
from tests.engine.acting import STEADY, Acting

Row = dict[str, Any]


def box_row(name: str = "r1", **more: Any) -> Row:
    value = {"x": 10.5, "y": 20, "width": 30, "height": 12.25, "rotation": 0, "rectanglelabels": ["Car"]}
    return {
        "id": name,
        "from_name": "box",
        "to_name": "img",
        "type": "rectanglelabels",
        "value": value | more.pop("value", {}),
        "origin": "manual",
        "original_width": 1200,
        "original_height": 800,
        "image_rotation": 0,
        **more,
    }


def quality_row(name: str = "r1", **more: Any) -> Row:
    row = box_row(name, from_name="quality", type="choices", **more)
    del row["value"]["rectanglelabels"]
    row["value"]["choices"] = ["Blurred"]
    return row


def span_row(name: str = "s1", start: Any = 0, end: Any = 3, **more: Any) -> Row:
    value = {"start": start, "end": end, "text": "Ada", "labels": ["PER"]}
    return {
        "id": name,
        "from_name": "ner",
        "to_name": "txt",
        "type": "labels",
        "value": value | more.pop("value", {}),
        "origin": "manual",
        **more,
    }


def street(rows: object) -> State:
    return session.open_task(plans.street(), plans.STREET_DATA, rows)


def article(rows: object) -> State:
    return session.open_task(plans.article(), plans.ARTICLE_DATA, rows)


def test_a_region_with_a_note_and_an_answer_comes_back_as_it_was() -> None:
    """The example of the reference, section 10."""
    rows = [box_row(meta={"text": ["check again"]}), quality_row()]
    state = street(rows)
    (region,) = state.regions.values()
    assert region.note == "check again"
    assert region.labels == {"box": ("Car",)}
    assert results.dump(state) == rows


def test_whole_object_answers_come_after_regions_in_the_order_of_the_config() -> None:
    rows = [
        {"id": "a4", "from_name": "stars", "to_name": "img", "type": "rating", "value": {"rating": 4}},
        {"id": "a3", "from_name": "notes", "to_name": "img", "type": "textarea", "value": {"text": ["one", "two"]}},
        {"id": "a1", "from_name": "weather", "to_name": "img", "type": "choices", "value": {"choices": ["Rain"]}},
        box_row("r2"),
        box_row("r1"),
    ]
    written: list[Any] = results.dump(street(rows))
    assert [(row["id"], row["from_name"]) for row in written] == [
        ("r2", "box"),
        ("r1", "box"),
        ("a1", "weather"),
        ("a3", "notes"),
        ("a4", "stars"),
    ]


def test_a_text_of_a_span_and_texts_about_it_share_the_word_text() -> None:
    """The conflict of the reference, section 7: the answer's ``text`` is the list, the span's own stays the quote."""
    wiki = {
        "id": "s1",
        "from_name": "wiki",
        "to_name": "txt",
        "type": "textarea",
        "origin": "manual",
        "value": {"start": 0, "end": 3, "text": ["Ada King", "countess"]},
    }
    rows = [span_row(), wiki]
    state = article(rows)
    assert results.dump(state) == rows
    acting = Acting(plans.article(), plans.ARTICLE_DATA, rows)
    assert acting.region("s1")["text"] == "Ada"
    assert acting.region("s1")["answers"] == {"wiki": {"text": ["Ada King", "countess"], "typing": ""}}


def test_offsets_count_code_points_and_quotes_escape_line_ends() -> None:
    text = "😀 one\ntwo\r\nthree"
    acting = Acting(plans.article(), {"text": text})
    acting.do("pick_label", control="ner", label="PER")
    acting.span("s1", 3, 16)
    (row,) = results.dump(acting.state)
    assert row["value"] == {"start": 2, "end": 15, "text": "one\\ntwo\r\\nthre", "labels": ["PER"]}  # type: ignore[index,call-overload]
    again = Acting(plans.article(), {"text": text}, [row])
    assert again.region("s1")["shape"] == {"start": 2, "end": 15, "start16": 3, "end16": 16}
    assert again.region("s1")["text"] == "one\ntwo\r\nthre"


def test_the_quote_is_left_out_where_the_config_says_so() -> None:
    plan = plans.plan([plans.text(save_text=False)], [plans.labels()])
    acting = Acting(plan, plans.ARTICLE_DATA)
    acting.do("pick_label", control="ner", label="PER")
    acting.span("s1", 0, 3)
    assert results.dump(acting.state)[0]["value"] == {"start": 0, "end": 3, "labels": ["PER"]}  # type: ignore[index,call-overload]


def test_results_get_the_size_of_the_image_when_it_is_loaded() -> None:
    row = box_row()
    del row["original_width"], row["original_height"]
    state = street([row])
    assert "original_width" not in results.dump(state)[0]  # type: ignore[operator]
    acting = Acting(plans.street(), plans.STREET_DATA, [row])
    (written,) = results.dump(acting.state)
    assert (written["original_width"], written["original_height"]) == (1000, 500)  # type: ignore[index,call-overload]


def test_typed_text_is_added_on_submit_unless_it_may_not_be(cars: Acting) -> None:
    cars.do("add_text", control="notes", text="one", answer="a1")
    cars.do("type_text", control="notes", text="two")
    assert results.dump(cars.state)[0]["value"] == {"text": ["one", "two"]}  # type: ignore[index,call-overload]
    cars.do("type_text", control="notes", text="ONE")
    assert results.dump(cars.state)[0]["value"] == {"text": ["one"]}  # type: ignore[index,call-overload]


def test_an_empty_label_is_written_as_an_empty_list() -> None:
    acting = Acting(plans.plan([plans.image()], [plans.boxes(allow_empty=True)]), plans.STREET_DATA)
    acting.do("pick_label", control="box", label="")
    acting.box("r1")
    assert results.dump(acting.state)[0]["value"]["rectanglelabels"] == []  # type: ignore[index,call-overload]


REPAIRS = [
    pytest.param(lambda row: row["value"].update(rectanglelabels="Car"), id="a bare string as label"),
    pytest.param(lambda row: row.pop("to_name"), id="no to_name"),
    pytest.param(lambda row: row.update(from_name="gone"), id="an unknown from_name goes to a control that fits"),
    pytest.param(lambda row: row.update(type="rectangle"), id="the type is the control's"),
    pytest.param(lambda row: row["value"].update(labels=row["value"].pop("rectanglelabels")), id="labels under labels"),
    pytest.param(lambda row: row.pop("origin"), id="no origin"),
    pytest.param(lambda row: row["value"].pop("rotation"), id="no rotation"),
    pytest.param(lambda row: row["value"].update(rectanglelabels=["Car", "Car"]), id="a label twice"),
]


@pytest.mark.parametrize("break_it", REPAIRS)
def test_old_and_broken_forms_are_repaired(break_it: Any) -> None:
    row = box_row()
    break_it(row)
    assert results.dump(street([row])) == [box_row()]


def test_results_as_json_text_are_read() -> None:
    assert results.dump(street(json.dumps([box_row()]))) == [box_row()]


def test_a_bare_string_as_choice_or_text_is_a_list_of_one() -> None:
    rows = [
        {"id": "a1", "from_name": "topic", "to_name": "txt", "type": "choices", "value": {"choices": "Politics"}},
        {
            "id": "s1",
            "from_name": "wiki",
            "to_name": "txt",
            "type": "textarea",
            "value": {"start": 0, "end": 3, "text": "Ada"},
        },
    ]
    state = article([span_row(), *rows])
    written: list[Any] = results.dump(state)
    assert [row["value"] for row in written[1:]] == [{"start": 0, "end": 3, "text": ["Ada"]}, {"choices": ["pol"]}]


def test_missing_and_illegal_ids_are_made_the_same_each_time() -> None:
    rows: list[Any] = [box_row(), box_row(), box_row(), box_row("loaded-2")]
    del rows[0]["id"]
    rows[1]["id"] = "a b"
    rows[2]["id"] = 17
    state = street(rows)
    assert list(state.regions) == ["loaded-1", "loaded-2-", "17", "loaded-2"]
    assert list(street(rows).regions) == list(state.regions)


def test_of_duplicates_the_last_wins_at_the_first_ones_place() -> None:
    first, second = box_row(), box_row(value={"rectanglelabels": ["Sign"]})
    state = street([first, box_row("r2"), second])
    assert [(region.id, region.labels["box"]) for region in state.regions.values()] == [
        ("r1", ("Sign",)),
        ("r2", ("Car",)),
    ]
    answers = [
        {"id": f"a{n}", "from_name": "weather", "to_name": "img", "type": "choices", "value": {"choices": [choice]}}
        for n, choice in enumerate(["Sunny", "Rain"])
    ]
    (row,) = results.dump(street(answers))
    assert (row["id"], row["value"]) == ("a1", {"choices": ["Rain"]})  # type: ignore[index,call-overload]


def test_unknown_labels_stay_and_have_a_colour() -> None:
    rows = [box_row(value={"rectanglelabels": ["Tank"]})]
    acting = Acting(plans.street(), plans.STREET_DATA, rows, size=False)
    assert acting.region("r1")["labels"] == ["Tank"]
    assert str(acting.region("r1")["color"]).startswith("#")
    assert results.dump(acting.state) == rows


def test_labels_and_choices_are_written_by_alias() -> None:
    plan = plans.plan([plans.image()], [plans.boxes(labels=[plans.option("Passenger car", alias="car")])])
    state = session.open_task(plan, plans.STREET_DATA, [box_row(value={"rectanglelabels": ["Passenger car"]})])
    assert results.dump(state)[0]["value"]["rectanglelabels"] == ["car"]  # type: ignore[index,call-overload]


def test_unknown_members_of_results_survive() -> None:
    rows = [
        box_row(
            model="v7",
            score=0.5,
            meta={"text": ["a", "b"], "seen": True},
            parentID="r2",
            item_index=0,
            value={"fill": {"deep": [1]}},
            image_rotation=90,
        ),
        quality_row(score=0.25, meta={"text": ["other"]}, value={"by": "hand"}),
        box_row("r2", hidden=True, readonly=True),
        {
            "id": "a1",
            "from_name": "notes",
            "to_name": "img",
            "type": "textarea",
            "value": {"text": ["x"], "lang": "en"},
            "origin": "prediction",
            "meta": {"lead_time": 7.5},
            "score": 0.1,
        },
    ]
    rows[1]["parentID"] = "r2"
    state = street(rows)
    assert results.dump(state) == rows
    acting = Acting(plans.street(), plans.STREET_DATA, rows, size=False)
    assert acting.region("r1")["note"] == "a\nb"
    assert acting.region("r1")["parent"] == "r2"
    acting.do("note", region="r1", text="new")
    acting.do("add_text", control="notes", text="y")
    written: list[Any] = results.dump(acting.state)
    assert written[0]["meta"] == {"text": ["new"], "seen": True}
    assert written[3]["value"] == {"text": ["x", "y"], "lang": "en"}
    assert written[3]["origin"] == "prediction-changed"
    assert written[3]["meta"] == {"lead_time": 7.5}
    acting.do("note", region="r1", text="")
    assert results.dump(acting.state)[0]["meta"] == {"seen": True}  # type: ignore[index,call-overload]


def test_an_old_normalization_is_a_note() -> None:
    (row,) = results.dump(street([box_row(normalization="AB 12")]))
    assert row["meta"] == {"text": ["AB 12"]}  # type: ignore[index,call-overload]
    assert "normalization" not in row  # type: ignore[operator]


def test_a_parent_that_was_deleted_is_no_parent() -> None:
    acting = Acting(plans.street(), plans.STREET_DATA, [box_row("r1", parentID="r2"), box_row("r2")])
    acting.do("delete", regions=["r2"])
    assert "parentID" not in results.dump(acting.state)[0]  # type: ignore[operator]


REFUSED = [
    pytest.param("just a text", "bad-result", id="no object"),
    pytest.param(
        {"type": "polygonlabels", "from_name": "p", "to_name": "img", "value": {}},
        "unknown-control",
        id="unknown control",
    ),
    pytest.param(box_row(to_name="sky"), "unknown-object", id="unknown object"),
    pytest.param(box_row(value={"x": "10"}), "bad-shape", id="a text as x"),
    pytest.param(box_row(value={"width": None}), "bad-shape", id="no width"),
    pytest.param(box_row(value={"width": 1e300}), "bad-shape", id="an absurd width"),
    pytest.param(box_row() | {"value": [1]}, "bad-value", id="value is a list"),
    pytest.param(
        {"id": "a", "from_name": "weather", "to_name": "img", "type": "choices", "value": {"choices": [[]]}},
        "bad-value",
        id="an empty path",
    ),
    pytest.param(
        {"id": "a", "from_name": "stars", "to_name": "img", "type": "rating", "value": {"rating": "four"}},
        "bad-value",
        id="a text as rating",
    ),
    pytest.param(
        {"id": "a", "from_name": "quality", "to_name": "img", "type": "choices", "value": {"choices": ["Sharp"]}},
        "no-region",
        id="an answer for no region",
    ),
]


@pytest.mark.parametrize(("row", "code"), REFUSED)
def test_what_cannot_be_read_is_named_and_written_back_unchanged(row: object, code: str) -> None:
    rows = [row, box_row()]
    state = street(rows)
    assert [fault["code"] for fault in state.problems] == [code]
    assert list(state.regions) == ["r1"]
    assert results.dump(state) == [box_row(), row]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(-1, 3, id="before the text"),
        pytest.param(3, 3, id="nothing"),
        pytest.param(0, 4000, id="after the text"),
        pytest.param("0", 3, id="a text as offset"),
        pytest.param(0.5, 3, id="half a code point"),
    ],
)
def test_spans_outside_the_text_are_kept_but_not_shown(start: object, end: object) -> None:
    state = article([span_row(start=start, end=end)])
    assert state.regions == {}
    assert results.dump(state) == [span_row(start=start, end=end)]


def test_relations_are_kept_as_long_as_both_regions_are_there() -> None:
    relation = {"type": "relation", "from_id": "r1", "to_id": "r2", "direction": "right", "labels": ["q"]}
    acting = Acting(plans.street(), plans.STREET_DATA, [box_row("r1"), box_row("r2"), relation])
    assert results.dump(acting.state)[-1] == relation
    acting.do("delete", regions=["r2"])
    assert [row["id"] for row in results.dump(acting.state)] == ["r1"]  # type: ignore[index]


def test_one_id_on_two_objects_is_one_region_and_a_refusal() -> None:
    plan = plans.plan([plans.image(), plans.image("img2", "image2")], [plans.boxes(), plans.boxes("box2", "img2")])
    rows = [box_row(), box_row(from_name="box2", to_name="img2")]
    state = session.open_task(plan, {"image": "a", "image2": "b"}, rows)
    assert [fault["code"] for fault in state.problems] == ["two-objects"]
    assert results.dump(state) == rows


def test_a_region_known_only_by_its_answer_is_a_region() -> None:
    rows = [quality_row()]
    state = street(rows)
    assert list(state.regions) == ["r1"]
    assert results.dump(state) == rows


def test_a_prediction_without_origin_is_opened_as_one() -> None:
    row = box_row()
    del row["origin"]
    state = session.open_task(plans.street(), plans.STREET_DATA, [row], origin="prediction")
    assert results.dump(state)[0]["origin"] == "prediction"  # type: ignore[index,call-overload]


NUMBER = st.one_of(st.integers(-50, 150), st.floats(-50, 150).map(lambda value: round(value, 4)))
EXTRAS = st.dictionaries(
    st.sampled_from(["model", "seen_by", "x-y"]), st.sampled_from([1, "a", None, [1], {"k": 2}]), max_size=2
)


@st.composite
def street_rows(draw: st.DrawFn) -> list[Row]:
    rows: list[Row] = []
    for name in draw(st.lists(st.sampled_from(["r1", "r2", "r3", "r4"]), unique=True)):
        origin = draw(st.sampled_from(["manual", "prediction", "prediction-changed"]))
        value = {side: draw(NUMBER) for side in ("x", "y", "width", "height", "rotation")}
        marks: Row = {"hidden": True} if draw(st.booleans()) else {}
        labels = draw(st.lists(st.sampled_from(["Car", "Sign", "Tank"]), unique=True, max_size=2))
        rows.append(box_row(name, value=value | {"rectanglelabels": labels}, origin=origin, **marks, **draw(EXTRAS)))
        if draw(st.booleans()):
            rows.append(quality_row(name, value=value, origin=origin, **marks, **draw(EXTRAS)))
    if draw(st.booleans()):
        picked = draw(st.lists(st.sampled_from(["Night", "Crowd"]), unique=True, min_size=1))
        rows.append(
            {
                "id": "a1",
                "from_name": "tags",
                "to_name": "img",
                "type": "choices",
                "value": {"choices": picked},
                "origin": "manual",
            }
        )
    return rows


@STEADY
@given(street_rows())
def test_what_is_loaded_is_written_as_it_was(rows: list[Row]) -> None:
    assert results.dump(street(rows)) == rows


@STEADY
@given(street_rows(), st.randoms(use_true_random=False))
def test_what_is_written_is_loaded_as_it_was(rows: list[Row], random: Any) -> None:
    random.shuffle(rows)
    state = street(rows)
    again = street(json.loads(json.dumps(results.dump(state))))
    assert (again.regions, again.answers) == (state.regions, state.answers)
    assert results.dump(again) == results.dump(state)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([10**400, "box", "img", "r1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "from_name",
                    "to_name",
                    "type",
                    "value",
                    "x",
                    "text",
                    "choices",
                    "labels",
                    "start",
                    "end",
                    "meta",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@st.composite
def hostile_rows(draw: st.DrawFn) -> list[object]:
    """Rows that are nearly right: a good one with some members replaced by any JSON."""
    rows: list[object] = []
    for _ in range(draw(st.integers(0, 4))):
        row: Row = draw(st.sampled_from([box_row, quality_row, span_row]))()
        for member in draw(st.lists(st.sampled_from([*row, "score", "parentID", "readonly"]), max_size=2)):
            row[member] = draw(JSON)
        if isinstance(row.get("value"), dict):
            for member in draw(st.lists(st.sampled_from(sorted(row["value"]) or ["x"]), max_size=2)):
                row["value"][member] = draw(JSON)
        rows.append(draw(st.sampled_from([row, draw(JSON)])))
    return rows


@settings(STEADY, max_examples=300)
@given(hostile_rows() | JSON)
def test_hostile_json_is_never_raised_about_and_never_lost(rows: Any) -> None:
    for plan, data in ((plans.street(), plans.STREET_DATA), (plans.article(), plans.ARTICLE_DATA)):
        faults = results.validate(plan, rows, data)
        assert all(fault["where"] and fault["message"] for fault in faults)
        state = session.open_task(plan, data, rows)
        written = results.dump(state)
        if isinstance(rows, list) and not faults:
            assert not state.task.refused
        assert (
            results.validate(plan, written, data, known=[refused.result for refused in state.task.refused]) is not None
        )
