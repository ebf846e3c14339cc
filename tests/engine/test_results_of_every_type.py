"""Every type of result is read, kept and written: the golden cases and the forms that only some tools accept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from labeling import masks, reduce, results, session, view
from labeling.model import Itemized, Relation, State
from labeling.plan_index import index

from tests.engine import plans
from tests.engine.result_cases import BOX, CASES, DATA, PICTURE, Case, control, on_image, part, row

Json = dict[str, Any]


def opened(plan: Json, result: object, data: Json | None = None) -> State:
    return session.open_task(plan, DATA if data is None else data, result)


def plain(rows: list[Any]) -> list[Any]:
    """As another program reads them; the origin is ours to add."""
    made = json.loads(json.dumps(rows))
    return [{name: value for name, value in row.items() if name != "origin"} for row in made]


def sorted_rows(rows: list[Any]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def test_all_golden_cases_are_here() -> None:
    assert len(CASES) == 44
    assert len({case.name for case in CASES}) == 44


@cases
def test_a_golden_case_is_read_as_a_whole(case: Case) -> None:
    state = opened(case.plan, case.result)
    assert state.problems == ()
    assert state.task.refused == ()


@cases
def test_a_golden_case_is_written_as_the_sdk_wants_it(case: Case) -> None:
    dumped = plain(results.dump(opened(case.plan, case.result)))
    expected = case.result if case.written is None else case.written
    # The quotation of a text that is in the task is added.
    for one in dumped:
        if case.name == "relation" and "value" in one:
            one["value"].pop("text")
    assert sorted_rows(dumped) == sorted_rows(plain(expected))


@cases
def test_what_is_written_is_read_and_written_the_same(case: Case) -> None:
    once = results.dump(opened(case.plan, case.result))
    assert results.dump(opened(case.plan, json.loads(json.dumps(once)))) == once


@cases
def test_what_the_sdk_accepts_has_no_problems(case: Case) -> None:
    dumped = results.dump(opened(case.plan, case.result))
    unknown_label = case.name == "rectlabels unknown label"
    assert [found["code"] for found in results.validate(case.plan, dumped, DATA)] == ["unknown-label"] * unknown_label
    if case.accepted:
        assert results.validate(case.plan, case.result, DATA) == []


@cases
def test_leniently_every_golden_case_passes(case: Case) -> None:
    assert results.validate(case.plan, case.result, DATA, lenient=True) == []


@cases
def test_the_view_of_a_golden_case_is_json(case: Case) -> None:
    state = opened(case.plan, case.result)
    shown = view.full(state)
    assert json.loads(json.dumps(shown)) == shown
    assert len(shown["regions"]) == len(state.regions)


@cases
def test_unknown_members_survive_in_every_type(case: Case) -> None:
    given = [{**one, "ours": {"a": [1]}} for one in case.result]
    given = [{**one, "value": {**one["value"], "more": 7}} if "value" in one else one for one in given]
    dumped = results.dump(opened(case.plan, given))
    assert len(dumped) == len(given)
    assert all(one["ours"] == {"a": [1]} for one in dumped)  # type: ignore[index]
    assert all(one["value"]["more"] == 7 for one in dumped if "value" in one)  # type: ignore[index, operator]


@cases
def test_broken_values_are_refused_and_kept(case: Case) -> None:
    broken = [{**one, "value": {"nothing": "here"}} for one in case.result if "value" in one]
    state = opened(case.plan, broken)
    assert results.validate(case.plan, broken, DATA)
    written = results.dump(state)
    for one in broken:
        assert one in written


REQUIRED = {
    "rectangle": {"x", "y", "width", "height"},
    "rectanglelabels": {"x", "y", "width", "height"},
    "ellipselabels": {"x", "y", "radiusX", "radiusY"},
    "polygonlabels": {"points"},
    "keypointlabels": {"x", "y"},
    "brushlabels": {"format", "rle"},
    "bitmasklabels": {"imageDataURL"},
    "vectorlabels": {"vertices"},
    "hypertextlabels": {"start", "end"},
    "paragraphlabels": {"start", "end"},
    "timeserieslabels": {"start", "end", "instant"},
    "timelinelabels": {"ranges"},
    "videorectangle": {"framesCount", "duration", "sequence"},
    "videovectorlabels": {"sequence", "labels"},
    "ocrlabels": {"x", "y", "width", "height"},
}


@cases
def test_written_values_have_the_members_that_the_sdk_demands(case: Case) -> None:
    for one in results.dump(opened(case.plan, case.result)):
        assert isinstance(one, dict)
        assert REQUIRED.get(one["type"], set()) <= set(one.get("value", ()))


# Forms that the editor reads


def labelled(kind: str, value: Json) -> tuple[Json, list[Json]]:
    return plans.plan([part("img", "image", "image")], [control("l", kind, "img", labels="A B")]), [
        on_image(kind, value)
    ]


FORMS: list[Any] = [
    pytest.param(
        "polygonlabels", {"points": [[1, 2]]}, {"points": [[1, 2]], "closed": True}, id="polygon without closed"
    ),
    pytest.param("keypointlabels", {"x": 1, "y": 2}, {"x": 1, "y": 2}, id="key point without width"),
    pytest.param("brushlabels", {"rle": "AAEC"}, {"format": "rle", "rle": [0, 1, 2]}, id="mask as base64"),
    pytest.param(
        "brushlabels", {"format": "rle", "rle": "AAE"}, {"format": "rle", "rle": [0, 1]}, id="without padding"
    ),
    pytest.param(
        "ellipselabels",
        {"x": 1, "y": 2, "radiusX": 3, "radiusY": 4},
        {"x": 1, "y": 2, "radiusX": 3, "radiusY": 4, "rotation": 0},
        id="ellipse without rotation",
    ),
    pytest.param(
        "vectorlabels",
        {"vertices": [{"x": 1, "y": 2}, {"x": 3, "y": 4, "id": "b"}]},
        {
            "vertices": [
                {"x": 1, "y": 2, "id": "p1", "prevPointId": None, "isBezier": False},
                {"x": 3, "y": 4, "id": "b", "prevPointId": "p1", "isBezier": False},
            ],
            "closed": False,
        },
        id="vertices without ids",
    ),
]


@pytest.mark.parametrize(("kind", "value", "written"), FORMS)
def test_incomplete_shapes_are_completed(kind: str, value: Json, written: Json) -> None:
    plan, given = labelled(kind, {**value, kind: ["A"]})
    state = opened(plan, given)
    assert state.task.refused == ()
    (dumped,) = results.dump(state)
    assert dumped["value"] == {**written, kind: ["A"]}  # type: ignore[index]


def test_labels_as_a_bare_string_are_a_list_of_one() -> None:
    plan, given = labelled("polygonlabels", {"points": [[1, 2], [3, 4], [4, 4]], "polygonlabels": "A"})
    (dumped,) = results.dump(opened(plan, given))
    assert dumped["value"]["polygonlabels"] == ["A"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        pytest.param("taxonomy", {"taxonomy": ["A"]}, {"taxonomy": [["A"]]}, id="taxonomy of texts"),
        pytest.param("taxonomy", {"taxonomy": [["X", "Y"]]}, {"taxonomy": [["X", "Y"]]}, id="unknown path"),
        pytest.param("number", {"number": 1735689600000}, {"number": 1735689600000}, id="a large number"),
        pytest.param("datetime", {"datetime": "noon"}, {"datetime": "noon"}, id="a date that is none"),
    ],
)
def test_answers_of_other_forms_are_kept(kind: str, value: Json, written: Json) -> None:
    plan = plans.plan([plans.text("t")], [control("c", kind, "t", options=[plans.option("A")])])
    (dumped,) = results.dump(opened(plan, [row("c", "t", kind, value)]))
    assert dumped["value"] == written  # type: ignore[index]


def test_html_labels_of_old_configs_are_those_of_hypertext() -> None:
    plan = plans.plan([part("h", "hypertext")], [control("l", "hypertextlabels", "h", labels="A")])
    value = {
        "start": "/p[1]/text()[1]",
        "end": "/p[1]/text()[1]",
        "startOffset": 0,
        "endOffset": 1,
        "htmllabels": ["A"],
    }
    (dumped,) = results.dump(opened(plan, [row("gone", "h", "htmllabels", value)]))
    assert (dumped["type"], dumped["from_name"]) == ("hypertextlabels", "l")  # type: ignore[index]
    assert dumped["value"]["hypertextlabels"] == ["A"]  # type: ignore[index]
    assert "htmllabels" not in dumped["value"]  # type: ignore[index]


def test_hypertext_labels_on_a_plain_text_are_spans() -> None:
    plan = plans.plan([plans.text("t")], [control("l", "hypertextlabels", "t", labels="A")])
    value = {"start": 0, "end": 4, "text": "abcd", "hypertextlabels": ["A"]}
    state = opened(plan, [row("l", "t", "hypertextlabels", value)])
    assert view.full(state)["regions"]["r1"]["kind"] == "span"
    assert plain(results.dump(state)) == [row("l", "t", "hypertextlabels", value)]


# Split forms


SPLIT = plans.plan(
    [part("img", "image", "image")],
    [
        control("k", "keypoint", "img"),
        control("r", "rectangle", "img"),
        control("p", "polygon", "img"),
        control("l", "labels", "img", labels="A B"),
        control("c", "choices", "img", labels="x y", per_region=True),
    ],
)


def test_a_plain_shape_shows_the_labels_of_the_labels_control() -> None:
    state = opened(SPLIT, [on_image("rectangle", BOX, "r"), on_image("labels", {**BOX, "labels": ["B"]})])
    shown = view.full(state)["regions"]["r1"]
    assert (shown["control"], shown["labeled_by"], shown["labels"]) == ("r", "l", ["B"])
    assert "more_labels" not in shown
    assert view.full(state)["counts"] == {"l": {"B": 1}}


def test_labels_without_the_shape_beside_them_find_the_shape_that_fits() -> None:
    """The box has the members of a key point too; it is the kind with most members."""
    state = opened(SPLIT, [on_image("labels", {**BOX, "labels": ["A"]})])
    assert state.regions["r1"].control == "r"
    assert [one["type"] for one in results.dump(state)] == ["rectangle", "labels"]  # type: ignore[index]


def test_an_answer_alone_brings_its_region() -> None:
    value = {"points": [[1, 2], [3, 4], [5, 0]], "closed": True, "choices": ["x"]}
    state = opened(SPLIT, [on_image("choices", value, "c")])
    assert view.full(state)["regions"]["r1"]["kind"] == "polygon"
    assert [one["from_name"] for one in results.dump(state)] == ["p", "c"]  # type: ignore[index]


def test_labels_of_tracks_go_to_the_control_that_has_them() -> None:
    controls = [
        control("b", "videorectangle", "v"),
        control("who", "labels", "v", labels="Man"),
        control("what", "labels", "v", labels="Walks"),
    ]
    value = {"framesCount": 9, "duration": 3, "sequence": [{**BOX, "frame": 3}], "labels": ["Walks", "Man", "Odd"]}
    state = opened(plans.plan([part("v", "video")], controls), [row("b", "v", "videorectangle", value)])
    assert state.regions["r1"].labels == {"what": ("Walks",), "who": ("Man", "Odd")}
    (dumped,) = results.dump(state)
    assert dumped["value"]["labels"] == ["Man", "Odd", "Walks"]  # type: ignore[index]
    assert dumped["value"]["sequence"][0] | {"enabled": True, "time": 1} == dumped["value"]["sequence"][0]  # type: ignore[index]


# Pages


PAGES = plans.plan(
    [part("img", "image", "pages", pages=True)],
    [control("l", "rectanglelabels", "img", labels="A"), control("q", "choices", "img", labels="x y", per_item=True)],
)
PAGED = {"pages": ["https://example.com/1.jpg", "https://example.com/2.jpg"]}


def test_regions_and_answers_of_pages_keep_their_page() -> None:
    given = [
        {**on_image("rectanglelabels", {**BOX, "rectanglelabels": ["A"]}), "item_index": 1},
        row("q", "img", "choices", {"choices": ["y"]}, "a0", item_index=0),
        row("q", "img", "choices", {"choices": ["x"]}, "a1", item_index=1),
    ]
    state = opened(PAGES, given, PAGED)
    assert view.full(state)["regions"]["r1"]["item"] == 1
    assert state.answers["q"].value == Itemized()
    assert sorted(state.answers["q"].items) == [0, 1]
    assert sorted_rows(plain(results.dump(state))) == sorted_rows(given)
    assert results.validate(PAGES, given, PAGED) == []


def test_a_page_without_a_number_is_the_first() -> None:
    state = opened(PAGES, [row("q", "img", "choices", {"choices": ["y"]})], PAGED)
    (dumped,) = results.dump(state)
    assert dumped["item_index"] == 0  # type: ignore[index]


@pytest.mark.parametrize("page", [-1, "two", 1.5])
def test_a_page_must_be_a_number_from_0(page: object) -> None:
    given = [row("q", "img", "choices", {"choices": ["y"]}, item_index=page)]
    assert [found["code"] for found in results.validate(PAGES, given, PAGED)] == ["bad-page"]


# Relations


RELATED = plans.plan([plans.text("t")], [control("l", "labels", "t", labels="A B")])
PLACES = [
    row("l", "t", "labels", {"start": 0, "end": 4, "text": "abcd", "labels": ["A"]}),
    row("l", "t", "labels", {"start": 5, "end": 6, "text": "e", "labels": ["A"]}, "r2"),
]


def link(start: object, end: object, **more: Any) -> Json:
    return {"type": "relation", "from_id": start, "to_id": end, "direction": "right", **more}


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(link("r1", "r2"), id="without labels"),
        pytest.param(link("r1", "r2", labels=[]), id="with an empty list"),
        pytest.param(link("r2", "r1", labels=["q", "Z"]), id="with unknown labels"),
        pytest.param({**link("r1", "r1"), "direction": "bi", "notes": "of itself"}, id="with notes, to itself"),
    ],
)
def test_relations_are_written_as_they_came(given: Json) -> None:
    dumped = plain(results.dump(opened(RELATED, [*PLACES, given])))
    assert dumped == [*PLACES, given]


def test_a_relation_without_a_direction_goes_right() -> None:
    given = {"type": "relation", "from_id": "r1", "to_id": "r2"}
    assert opened(RELATED, [*PLACES, given]).relations == (Relation("r1", "r2", "right"),)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param(link("r1", "gone"), "unknown-region", id="to nothing"),
        pytest.param(link(None, "r1"), "unknown-region", id="from nothing"),
        pytest.param(link(["r1"], "r2"), "unknown-region", id="from a list"),
    ],
)
def test_a_relation_to_nothing_is_not_one(given: Json, code: str) -> None:
    state = opened(RELATED, [*PLACES, given])
    assert state.relations == ()
    assert [refused.problem["code"] for refused in state.task.refused] == [code]
    assert results.validate(RELATED, [*PLACES, given], DATA, lenient=True) == []


def test_the_same_relation_twice_is_one() -> None:
    state = opened(RELATED, [*PLACES, link("r1", "r2"), link("r1", "r2")])
    assert len(state.relations) == 1
    assert len(results.dump(state)) == 3
    other = opened(RELATED, [*PLACES, link("r1", "r2"), link("r1", "r2", labels=["x"])])
    assert [refused.problem["code"] for refused in other.task.refused] == ["duplicate-relation"]


def test_a_relation_goes_with_its_regions() -> None:
    state = opened(RELATED, [*PLACES, link("r1", "r2")])
    state, _ = reduce(state, {"type": "delete", "at": 1, "regions": ["r2"]})
    assert plain(results.dump(state)) == PLACES[:1]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"direction": "up"}, "bad-direction", id="direction"),
        pytest.param({"labels": "one"}, "bad-value", id="labels"),
        pytest.param({"from_id": "no id!"}, "bad-id", id="an id"),
    ],
)
def test_bad_relations_are_found(change: Json, code: str) -> None:
    given = [*PLACES, {**link("r1", "r2"), **change}]
    assert [found["code"] for found in results.validate(RELATED, given, DATA)] == [code]


# What new regions get


def test_a_new_mask_has_the_size_of_its_image() -> None:
    plan = plans.plan([part("img", "image", "image")], [control("l", "brushlabels", "img", labels="A")])
    state = opened(plan, [])
    code = list(masks.encode(bytes([0, 255] * 4)))
    intents: list[Json] = [
        {"type": "object_loaded", "object": "img", "width": 4, "height": 2},
        {"type": "pick_label", "control": "l", "label": "A"},
        {"type": "add_region", "region": "m", "object": "img", "shape": {"format": "rle", "rle": code}},
    ]
    for at, intent in enumerate(intents):
        state, patch = reduce(state, {**intent, "at": at})
        assert "problems" not in patch
    assert plain(results.dump(state)) == [
        row(
            "l",
            "img",
            "brushlabels",
            {"format": "rle", "rle": code, "brushlabels": ["A"]},
            "m",
            **{**PICTURE, "original_width": 4, "original_height": 2},
        )
    ]
    assert results.validate(plan, results.dump(state), DATA) == []


def test_every_type_that_makes_regions_is_in_a_golden_case() -> None:
    """Those that differ from one of them in name only are listed."""
    seen = {one["type"] for case in CASES for one in case.controls}
    twins = {"ellipse", "polygon", "keypoint", "brush", "magicwand", "bitmask", "vector", "videovector", "cuboid"}
    ours = {"cuboidlabels", "pointlabels", "component"}
    from typing import get_args

    from labeling.plan_index import ControlType

    assert seen | twins | ours == set(get_args(ControlType))


@pytest.mark.parametrize("remove", ["objects", "controls", "tree"])
def test_a_plan_without_its_parts_is_no_plan(remove: str) -> None:
    from labeling.problems import PlanError

    plan = {name: value for name, value in RELATED.items() if name != remove}
    with pytest.raises(PlanError):
        index(plan)


@pytest.mark.parametrize("make", [lambda p: p["objects"][0], lambda p: p["controls"][0]], ids=["object", "control"])
def test_an_unknown_type_is_refused(make: Callable[[Json], Json]) -> None:
    from labeling.problems import PlanError

    plan = json.loads(json.dumps(RELATED))
    make(plan)["type"] = "hologram"
    with pytest.raises(PlanError, match="hologram"):
        index(plan)
