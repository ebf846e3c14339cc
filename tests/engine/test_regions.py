"""Regions: labels, drawing, editing, selecting, copying, marking."""

from __future__ import annotations

import cmath
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling import geometry
from labeling.geometry import Box, Size
from labeling.model import Settings

from tests.engine import plans
from tests.engine.acting import STEADY, Acting


def test_without_an_active_label_nothing_is_drawn() -> None:
    acting = Acting(plans.street(), plans.STREET_DATA)
    assert acting.view["tools"] == {"img": {"tool": "select"}}
    shape = {"x": 1, "y": 1, "width": 5, "height": 5}
    assert acting.refused("add_region", region="r1", object="img", shape=shape) == "no-label"


def test_an_active_label_turns_the_press_into_a_box_of_that_label(cars: Acting) -> None:
    assert cars.view["tools"] == {"img": {"tool": "rectangle", "control": "box", "color": "#e69f00"}}
    cars.box("r1", 10.5, 20, 30, 12.25)
    region = cars.region("r1")
    assert region == {
        "id": "r1",
        "n": 1,
        "object": "img",
        "control": "box",
        "kind": "rectangle",
        "shape": {"x": 10.5, "y": 20, "width": 30, "height": 12.25, "rotation": 0},
        "labels": ["Car"],
        "color": "#e69f00",
        "text": "",
        "hidden": False,
        "locked": False,
        "readonly": False,
        "origin": "manual",
        "note": "",
        "answers": {},
    }
    assert cars.view["counts"] == {"box": {"Car": 1}}
    assert cars.view["changed"] is True


def test_the_patch_of_a_new_box_holds_only_what_changed(cars: Acting) -> None:
    cars.box("r1")
    patch = cars.box("r2")
    assert set(patch) == {"regions", "counts"}
    assert set(patch["regions"]) == {"r2"}


def test_a_label_stays_active_after_drawing_by_default(cars: Acting) -> None:
    cars.box("r1")
    assert cars.view["active"] == {"box": ["Car"]}


def test_a_label_is_switched_off_after_drawing_if_the_person_prefers_that() -> None:
    acting = Acting(plans.street(), plans.STREET_DATA, preferences=Settings(keep_labels=False, select_new=True))
    acting.do("pick_label", control="box", label="Car")
    acting.box("r1")
    assert acting.view["active"] == {"box": []}
    assert acting.view["selection"] == ["r1"]


def test_what_a_person_prefers_from_now_on_leaves_what_was_drawn_before_when_it_is_replayed(cars: Acting) -> None:
    cars.box("r1")
    cars.box("r2", x=50)
    cars.do("prefer", keep_labels=False)
    cars.box("r3", x=20)
    assert cars.view["active"] == {"box": []}
    assert (
        cars.refused(
            "add_region", region="r4", object="img", shape={"x": 1, "y": 1, "width": 9, "height": 9, "rotation": 0}
        )
        == "no-label"
    )
    cars.do("undo")
    cars.do("prefer", select_new=True)
    cars.do("redo")
    assert list(cars.view["regions"]) == ["r1", "r2", "r3"]  # type: ignore[call-overload]


def test_single_replaces_the_active_label_and_a_second_pick_switches_it_off(cars: Acting) -> None:
    cars.do("pick_label", control="box", label="Sign")
    assert cars.view["active"] == {"box": ["Sign"]}
    cars.do("pick_label", control="box", label="Sign")
    assert cars.view["active"] == {"box": []}


def test_multiple_toggles_active_labels_in_the_order_of_the_config() -> None:
    acting = Acting(plans.plan([plans.image()], [plans.boxes(choice="multiple")]), plans.STREET_DATA)
    acting.do("pick_label", control="box", label="Sign")
    acting.do("pick_label", control="box", label="Car")
    assert acting.view["active"] == {"box": ["Car", "Sign"]}
    acting.box("r1")
    assert acting.region("r1")["labels"] == ["Car", "Sign"]
    acting.do("pick_label", control="box", label="Car")
    assert acting.view["active"] == {"box": ["Sign"]}


def test_picking_a_label_with_a_region_selected_changes_the_region_and_not_the_next_one(cars: Acting) -> None:
    cars.box("r1")
    cars.do("select", regions=["r1"])
    patch = cars.do("pick_label", control="box", label="Person")
    assert cars.region("r1")["labels"] == ["Person"]
    assert patch["counts"] == {"box": {"Person": 1}}
    assert cars.view["active"] == {"box": ["Car"]}


def test_the_only_label_of_a_region_stays(cars: Acting) -> None:
    cars.box("r1")
    cars.do("select", regions=["r1"])
    assert cars.do("pick_label", control="box", label="Car") == {}
    multiple = Acting(plans.plan([plans.image()], [plans.boxes(choice="multiple")]), plans.STREET_DATA)
    multiple.do("pick_label", control="box", label="Car")
    multiple.box("r1")
    multiple.do("select", regions=["r1"])
    assert multiple.refused("pick_label", control="box", label="Car") == "last-label"


def test_with_allow_empty_a_region_may_lose_its_label_and_be_drawn_without_one() -> None:
    acting = Acting(plans.plan([plans.image()], [plans.boxes(allow_empty=True)]), plans.STREET_DATA)
    acting.do("pick_label", control="box", label="")
    assert acting.view["active"] == {"box": [""]}
    acting.box("r1")
    assert acting.region("r1")["labels"] == []
    acting.do("pick_label", control="box", label="Car")
    acting.box("r2")
    acting.do("select", regions=["r2"])
    acting.do("pick_label", control="box", label="Car")
    assert acting.region("r2")["labels"] == []
    assert acting.view["counts"] == {"box": {}}


def test_labels_of_several_selected_regions_change_together(cars: Acting) -> None:
    cars.box("r1")
    cars.box("r2")
    cars.do("select", regions=["r1", "r2"])
    cars.do("pick_label", control="box", label="Sign")
    assert [cars.region(name)["labels"] for name in ("r1", "r2")] == [["Sign"], ["Sign"]]


def test_a_region_gets_the_active_labels_of_every_control_that_fits(names: Acting) -> None:
    names.do("pick_label", control="tone", label="bad")
    names.do("pick_label", control="tone", label="good")
    names.span("s1", 0, 3)
    region = names.region("s1")
    assert region["control"] == "ner"
    assert region["labels"] == ["PER"]
    assert region["more_labels"] == {"tone": ["good", "bad"]}
    assert names.view["counts"] == {"ner": {"PER": 1}, "tone": {"good": 1, "bad": 1}}


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param({"max_usages": 2}, id="on the group"),
        pytest.param({"max_usages": 9, "labels": [plans.option("Car", max_usages=2)]}, id="on the label"),
    ],
)
def test_a_label_at_its_max_usages_is_full_and_switched_off(rules: dict[str, object]) -> None:
    acting = Acting(plans.plan([plans.image()], [plans.boxes(**rules)]), plans.STREET_DATA)  # type: ignore[arg-type]
    acting.do("pick_label", control="box", label="Car")
    acting.box("r1")
    assert acting.view["full"] == {"box": []}
    acting.box("r2")
    assert acting.view["full"] == {"box": ["Car"]}
    assert acting.view["active"] == {"box": []}
    assert acting.refused("pick_label", control="box", label="Car") == "label-full"
    acting.do("select", regions=["r1"])
    assert acting.refused("duplicate", ids=["r3"]) == "label-full"
    acting.do("delete")
    assert acting.view["full"] == {"box": []}
    acting.do("pick_label", control="box", label="Car")
    acting.do("undo")
    assert acting.view["full"] == {"box": ["Car"]}
    assert acting.view["active"] == {"box": []}


def test_relabelling_more_regions_than_a_label_allows_changes_none() -> None:
    rules = [plans.option("Car"), plans.option("Bus", max_usages=1)]
    acting = Acting(plans.plan([plans.image()], [plans.boxes(labels=rules)]), plans.STREET_DATA)
    acting.do("pick_label", control="box", label="Car")
    acting.box("r1")
    acting.box("r2")
    acting.do("select", regions=["r1", "r2"])
    assert acting.refused("pick_label", control="box", label="Bus") == "label-full"


def test_labels_marked_selected_are_active_from_the_start() -> None:
    given = [plans.option("Car"), plans.option("Bus", selected=True)]
    acting = Acting(plans.plan([plans.image()], [plans.boxes(labels=given)]), plans.STREET_DATA)
    assert acting.view["active"] == {"box": ["Bus"]}


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        pytest.param(
            {"x": 40, "y": 60, "width": -30, "height": -40},
            {"x": 10, "y": 20, "width": 30, "height": 40, "rotation": 0},
            id="drawn from the lower right",
        ),
        pytest.param(
            {"x": -10, "y": 90, "width": 30, "height": 40},
            {"x": 0, "y": 90, "width": 20, "height": 10, "rotation": 0},
            id="drawn over the edges",
        ),
        pytest.param(
            {"x": 50, "y": 50, "width": 10, "height": 10, "rotation": -90},
            {"x": 50, "y": 50, "width": 10, "height": 10, "rotation": 270},
            id="turned to the left",
        ),
        pytest.param(
            # 1000 x 500: 10 percent to the right are 100 px, turned by 90 degrees they point down: 20 percent.
            {"x": 50, "y": 50, "width": -10, "height": 10, "rotation": 90},
            {"x": 50, "y": 30, "width": 10, "height": 10, "rotation": 90},
            id="turned and flipped, in pixel space",
        ),
        pytest.param(
            {"x": 95, "y": 95, "width": 20, "height": 10, "rotation": 10},
            {"x": 95, "y": 95, "width": 20, "height": 10, "rotation": 10},
            id="turned boxes may leave the image",
        ),
    ],
)
def test_boxes_are_normalised(cars: Acting, shape: dict[str, float], expected: dict[str, float]) -> None:
    cars.do("add_region", region="r1", object="img", shape=shape)
    assert cars.region("r1")["shape"] == expected


def corners(box: Box, size: Size) -> list[complex]:
    """Corners in pixels by turning complex numbers; the reference's table (12.3) in another form."""
    origin = complex(box.x * size.width, box.y * size.height) / 100
    wide, high = box.width * size.width / 100, box.height * size.height / 100
    turn = cmath.rect(1, math.radians(box.rotation))
    return [origin + corner * turn for corner in (0, wide, complex(wide, high), complex(0, high))]


SIDES = st.floats(-80, 80).filter(lambda side: abs(side) > 1)


@STEADY
@given(st.floats(-50, 150), st.floats(-50, 150), SIDES, SIDES, st.floats(-400, 400), st.sampled_from([100, 1000, 3333]))
def test_a_normalised_box_covers_what_was_drawn(
    x: float, y: float, width: float, height: float, rotation: float, pixels: int
) -> None:
    size = Size(pixels, 500)
    drawn = Box(x, y, width, height, rotation)
    made = geometry.normalised(drawn, size)
    assert made.width > 0
    assert made.height > 0
    assert 0 <= made.rotation < 360
    for corner in corners(drawn, size):
        assert min(abs(corner - other) for other in corners(made, size)) < 1e-3


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        pytest.param({"x": 1, "y": 1, "width": 0.09, "height": 5}, "too-small", id="under a pixel wide"),
        pytest.param({"x": 1, "y": 1, "width": 5, "height": 0.19}, "too-small", id="under a pixel high"),
        pytest.param({"x": 120, "y": 1, "width": 5, "height": 5}, "too-small", id="outside the image"),
        pytest.param({"x": 1, "y": 1, "width": 5}, "bad-shape", id="no height"),
        pytest.param({"x": "1", "y": 1, "width": 5, "height": 5}, "bad-shape", id="a text as x"),
        pytest.param({"x": float("nan"), "y": 1, "width": 5, "height": 5}, "bad-shape", id="not a number"),
    ],
)
def test_boxes_that_cannot_be_are_refused(cars: Acting, shape: dict[str, object], code: str) -> None:
    assert cars.refused("add_region", region="r1", object="img", shape=shape) == code
    assert cars.view["regions"] == {}


def test_a_box_of_one_pixel_is_large_enough(cars: Acting) -> None:
    cars.box("r1", 1, 1, 0.1, 0.2)
    assert "r1" in cars.view["regions"]


def test_boxes_snap_to_pixels() -> None:
    acting = Acting(plans.plan([plans.image()], [plans.boxes(snap="pixel")]), plans.STREET_DATA)
    acting.do("pick_label", control="box", label="Car")
    acting.box("r1", 10.04, 20.08, 5.03, 4.03)
    assert acting.region("r1")["shape"] == {"x": 10, "y": 20, "width": 5.1, "height": 4.2, "rotation": 0}


def test_boxes_cannot_be_turned_where_the_config_forbids_it() -> None:
    acting = Acting(plans.plan([plans.image()], [plans.boxes(can_rotate=False)]), plans.STREET_DATA)
    acting.do("pick_label", control="box", label="Car")
    acting.box("r1")
    shape = {"x": 1, "y": 1, "width": 5, "height": 5, "rotation": 5}
    assert acting.refused("edit_region", region="r1", shape=shape) == "no-rotation"


def test_nudging_counts_natural_pixels_and_stays_inside(cars: Acting) -> None:
    cars.box("r1", 10, 20, 30, 40)
    cars.do("select", regions=["r1"])
    cars.do("nudge", dx=1, dy=-2)
    assert cars.region("r1")["shape"] == {"x": 10.1, "y": 19.6, "width": 30, "height": 40, "rotation": 0}
    cars.do("nudge", dx=-5, dy=5, grow=True)
    assert cars.region("r1")["shape"] == {"x": 10.1, "y": 19.6, "width": 29.5, "height": 41, "rotation": 0}
    cars.do("nudge", dx=5000, dy=-5000)
    assert cars.region("r1")["shape"] == {"x": 70.5, "y": 0, "width": 29.5, "height": 41, "rotation": 0}


def test_nudging_needs_the_image(cars: Acting) -> None:
    acting = Acting(plans.street(), plans.STREET_DATA, size=False)
    acting.do("pick_label", control="box", label="Car")
    acting.box("r1")
    acting.do("select", regions=["r1"])
    assert acting.refused("nudge", dx=1, dy=0) == "not-loaded"


def test_editing_a_prediction_marks_it_as_changed() -> None:
    row = {
        "id": "p1",
        "from_name": "box",
        "to_name": "img",
        "type": "rectanglelabels",
        "origin": "prediction",
        "score": 0.9,
        "value": {"x": 1, "y": 2, "width": 3, "height": 4, "rotation": 0, "rectanglelabels": ["Car"]},
    }
    acting = Acting(plans.street(), plans.STREET_DATA, [row])
    assert (acting.region("p1")["origin"], acting.region("p1")["score"]) == ("prediction", 0.9)
    acting.do("note", region="p1", text="seen")
    acting.do("mark", regions=["p1"], hidden=True)
    assert acting.region("p1")["origin"] == "prediction"
    acting.do("edit_region", region="p1", shape={"x": 1, "y": 2, "width": 3, "height": 5, "rotation": 0})
    assert acting.region("p1")["origin"] == "prediction-changed"
    acting.do("undo")
    assert acting.region("p1")["origin"] == "prediction"


def test_selecting_adds_and_takes_away(cars: Acting) -> None:
    for name in ("r1", "r2", "r3"):
        cars.box(name)
    cars.do("select", regions=["r1"])
    cars.do("select", regions=["r3"], add=True)
    assert cars.view["selection"] == ["r1", "r3"]
    cars.do("select", regions=["r1"], add=True)
    assert cars.view["selection"] == ["r3"]
    cars.do("select", regions=[])
    assert cars.view["selection"] == []
    assert cars.refused("select", regions=["r1", "nobody"]) == "unknown-region"


def test_selecting_the_next_goes_round_by_number_and_leaves_out_hidden_regions(cars: Acting) -> None:
    for name in ("r1", "r2", "r3"):
        cars.box(name)
    cars.do("mark", regions=["r2"], hidden=True)
    seen = []
    for step in (1, 1, 1, -1):
        cars.do("select_next", step=step)
        seen += cars.view["selection"]  # type: ignore[misc]
    assert seen == ["r1", "r3", "r1", "r3"]


def test_the_selection_is_not_an_undo_step(cars: Acting) -> None:
    cars.do("select", regions=[])
    assert cars.view["undo"] is False


def test_locked_and_readonly_regions_cannot_be_changed_or_deleted(cars: Acting) -> None:
    cars.box("r1")
    cars.box("r2")
    cars.do("mark", regions=["r1"], locked=True)
    cars.do("select", regions=["r1", "r2"])
    assert cars.refused("delete") == "locked"
    assert cars.refused("nudge", dx=1, dy=1) == "locked"
    assert cars.refused("pick_label", control="box", label="Sign") == "locked"
    assert cars.refused("note", region="r1", text="x") == "locked"
    assert cars.refused("choose", control="quality", choice="Sharp", region="r1") == "locked"
    cars.do("delete_all")
    assert list(cars.view["regions"]) == ["r1"]  # type: ignore[call-overload]
    cars.do("mark", regions=["r1"], locked=False)
    cars.do("delete_all")
    assert cars.view["regions"] == {}


def test_duplicating_copies_geometry_labels_and_answers_under_new_ids(cars: Acting) -> None:
    cars.box("r1", 1, 2, 3, 4)
    cars.box("r2")
    cars.do("select", regions=["r1"])
    cars.do("choose", control="quality", choice="Blurred", region="r1")
    cars.do("note", region="r1", text="mine")
    cars.do("duplicate", ids=["r9"])
    copy, source = cars.region("r9"), cars.region("r1")
    assert cars.view["selection"] == ["r9"]
    assert (copy["n"], copy["note"]) == (3, "")
    assert {**copy, "id": "r1", "n": 1, "note": "mine"} == source
    assert cars.refused("duplicate", ids=["r9"]) == "id-taken"
    assert cars.refused("duplicate", ids=["a", "b"]) == "bad-intent"


def test_a_new_id_must_be_new_and_legal(cars: Acting) -> None:
    cars.box("r1")
    shape = {"x": 1, "y": 1, "width": 5, "height": 5}
    assert cars.refused("add_region", region="r1", object="img", shape=shape) == "id-taken"
    assert cars.refused("add_region", region="r 1", object="img", shape=shape) == "bad-intent"
    assert cars.refused("add_region", region="r2", object="sky", shape=shape) == "unknown-object"


@pytest.mark.parametrize(
    ("intent", "code"),
    [
        pytest.param({"type": "explode"}, "unknown-intent", id="unknown type"),
        pytest.param({"type": "pick_label", "control": "box"}, "bad-intent", id="a member is missing"),
        pytest.param({"type": "pick_label", "control": "box", "label": "Tank"}, "unknown-label", id="unknown label"),
        pytest.param({"type": "pick_label", "control": "weather", "label": "Car"}, "unknown-control", id="no labels"),
        pytest.param({"type": "select", "regions": "r1"}, "bad-intent", id="a text for a list"),
        pytest.param({"type": "nudge", "dx": True}, "bad-intent", id="true for a number"),
        pytest.param({"type": "object_loaded", "object": "img"}, "bad-intent", id="an image without size"),
        pytest.param({"type": "object_loaded", "object": "img", "width": 0, "height": 5}, "bad-intent", id="no width"),
        pytest.param({"type": "edit_region", "region": "no", "shape": {}}, "unknown-region", id="unknown region"),
    ],
)
def test_bad_intents_change_nothing_and_say_why(cars: Acting, intent: dict[str, object], code: str) -> None:
    kind = str(intent.pop("type"))
    assert cars.refused(kind, **intent) == code
    assert "problems" in cars.do("select", regions=[]), "the next good intent clears the problems"
    assert cars.view["problems"] == []
