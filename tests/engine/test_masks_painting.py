"""The intent paint: strokes, erasing, rows, filling, cutting others; and what becomes of it in view and result."""

from __future__ import annotations

import base64
import json

import pytest
from labeling import masks, results
from labeling.masks import Mask, png, png_writing, rle, text
from workers.border import Border

from tests.engine import plans
from tests.engine.acting import Acting, Json
from tests.engine.plans import option
from tests.engine.plans_more import ask
from tests.engine.test_masks import stream

W, H = 1000, 500
DAB = [{"radius": 20, "points": [[100, 100]]}]


def plan(kind: str = "brushlabels", **more: object) -> Json:
    labels = [option("Road"), option("Sky", "#56b4e9")]
    control = {**ask("m", kind, "img"), "options": labels, "choice": "single", "allow_empty": False, **more}
    return plans.plan([plans.image()], [control])


def opened(result: object = (), kind: str = "brushlabels") -> Acting:
    acting = Acting(plan(kind), {"image": "https://example.com/a.png"}, result)
    acting.do("pick_label", control="m", label="Road")
    return acting


def stored(mask: Mask, name: str = "r1", **more: object) -> Json:
    value = {"format": "rle", "rle": list(rle.write(mask)), "brushlabels": ["Road"]}
    row = {"id": name, "from_name": "m", "to_name": "img", "type": "brushlabels", "value": value, "origin": "manual"}
    return {**row, "original_width": W, "original_height": H, "image_rotation": 0, **more}


def shown(acting: Acting, name: str = "r1") -> Mask:
    shape = acting.region(name)["shape"]
    return text.read(shape["rows"], shape["width"], shape["height"])  # type: ignore[index]


def dumped(acting: Acting, name: str = "r1") -> Mask:
    (value,) = [row["value"] for row in results.dump(acting.state) if row["id"] == name]  # type: ignore[index, call-overload]
    if "rle" in value:
        return rle.read(value["rle"], W, H)
    return png.read_url(value["imageDataURL"])


def dab(x: float, y: float, radius: float = 20) -> Mask:
    return masks.stroke([(x, y)], radius, W, H)


@pytest.mark.parametrize("kind", ["brushlabels", "bitmasklabels"])
def test_strokes_make_a_region_that_is_selected_and_the_next_ones_go_on_with_it(kind: str) -> None:
    acting = opened(kind=kind)
    acting.do("paint", region="r1", object="img", strokes=DAB)
    assert acting.view["selection"] == ["r1"]
    assert acting.region("r1")["labels"] == ["Road"]
    version = acting.region("r1")["shape"]["version"]  # type: ignore[index]
    patch = acting.do("paint", region="r1", object="img", strokes=[{"radius": 5, "points": [[130, 100], [140, 110]]}])
    expected = masks.union(dab(100, 100), masks.stroke([(130, 100), (140, 110)], 5, W, H))
    assert shown(acting) == dumped(acting) == expected
    assert patch["regions"]["r1"]["shape"]["base"] == version  # type: ignore[index]
    assert len(patch["regions"]["r1"]["shape"]["rows"]) < len(acting.region("r1")["shape"]["rows"])  # type: ignore[arg-type, index]


def test_erasing_takes_away_and_erasing_everything_deletes_the_region() -> None:
    acting = opened()
    acting.do("paint", region="r1", object="img", strokes=DAB)
    acting.do("paint", region="r1", object="img", erase=True, strokes=[{"radius": 10, "points": [[100, 100]]}])
    assert shown(acting) == masks.subtract(dab(100, 100), dab(100, 100, 10))
    acting.do("paint", region="r1", object="img", erase=True, strokes=[{"radius": 30, "points": [[100, 100]]}])
    assert acting.view["regions"] == {}
    assert acting.view["selection"] == []
    acting.do("undo")
    assert shown(acting).area == dab(100, 100).area - dab(100, 100, 10).area
    acting.do("undo")
    acting.do("undo")
    assert acting.view["regions"] == {}
    for _ in range(3):
        acting.do("redo")
    assert acting.view["regions"] == {}


def test_an_outline_that_closes_is_filled() -> None:
    acting = opened()
    around = [[100, 100], [200, 100], [200, 200], [100, 200], [100, 100]]
    acting.do("paint", region="r1", object="img", strokes=[{"radius": 3, "points": around}])
    hollow = shown(acting).area
    acting.do("paint", region="r1", object="img", fill=True)
    assert shown(acting).row(150) == (97, 203)
    assert shown(acting).area > 4 * hollow
    acting.do("paint", region="r2", object="img", fill=True, strokes=[{"radius": 3, "points": around}])
    assert shown(acting, "r2") == shown(acting, "r1")


def test_rows_of_a_selection_by_colour_are_painted() -> None:
    acting = opened()
    found = dab(300, 200, 50)
    acting.do("paint", region="r1", object="img", rows=text.write(found))
    assert shown(acting) == found


def test_every_second_pixel_of_a_large_picture_may_be_taken_but_not_any_amount() -> None:
    """What a wand takes of noise: two characters and more for each pixel."""
    wide, high = 2000, 900
    acting = opened()
    acting.do("object_loaded", object="img", width=wide, height=high)
    line = tuple(range(wide))
    found = masks.make(wide, high, dict.fromkeys(range(high), line))
    rows = text.write(found)
    assert len(rows) > 2_000_000
    acting.do("paint", region="r1", object="img", rows=rows)
    assert shown(acting).area == found.area == wide * high // 2
    assert acting.refused("paint", region="r2", object="img", rows="A" * 16_000_001) == "bad-intent"
    (problem,) = acting.view["problems"]  # type: ignore[misc]
    assert "16000000 characters" in problem["message"]


def test_stored_masks_are_cut_where_new_paint_reaches_them_and_stay_as_they_came_elsewhere() -> None:
    acting = opened([stored(dab(100, 100)), stored(dab(150, 100), "r2"), stored(dab(300, 300), "r3")])
    acting.do("paint", region="new", object="img", cut_others=True, strokes=[{"radius": 10, "points": [[125, 100]]}])
    fresh = dab(125, 100, 10)
    assert shown(acting, "r1") == masks.subtract(dab(100, 100), fresh)
    assert shown(acting, "r2") == masks.subtract(dab(150, 100), fresh)
    assert "rows" not in acting.region("r3")["shape"]  # type: ignore[operator]


def test_new_paint_may_be_cut_out_of_other_masks_but_not_of_locked_ones() -> None:
    acting = opened()
    for number, x in enumerate([100, 130, 300], 1):
        acting.do("paint", region=f"r{number}", object="img", strokes=[{"radius": 20, "points": [[x, 100]]}])
    acting.do("paint", region="r4", object="img", strokes=[{"radius": 3, "points": [[110, 100]]}])
    acting.do("mark", regions=["r2"], locked=True)
    acting.do("paint", region="r5", object="img", cut_others=True, strokes=DAB[:1])
    assert "r1" not in acting.view["regions"], "all of it was painted over"
    assert "r4" not in acting.view["regions"]
    assert shown(acting, "r2") == dab(130, 100)
    assert shown(acting, "r3") == dab(300, 100)
    acting.do("undo")
    assert shown(acting, "r1") == dab(100, 100)


def test_what_is_read_and_not_changed_is_written_back_byte_for_byte() -> None:
    """The editor writes the label's colour as literal values: not what this one would write."""
    empty = [(3, 65_536, [0])] * 30
    colourful = list(stream([*empty, (1, 8, [255, 0, 0, 255, 0, 255, 0, 255]), (3, 33_912, [0])]))
    given = [stored(dab(100, 100)), stored(dab(300, 300), "r2")]
    given[0]["value"]["rle"] = colourful  # type: ignore[index]
    assert rle.read(colourful, W, H).area == 2
    assert list(rle.write(rle.read(colourful, W, H))) != colourful
    acting = opened(given)
    acting.do("note", region="r1", text="as it came")
    acting.do("select", regions=["r2"])
    acting.do("paint", region="r2", object="img", strokes=DAB)
    rows = results.dump(acting.state)
    assert rows[0]["value"] == given[0]["value"]  # type: ignore[index, call-overload]
    assert dumped(acting, "r2") == masks.union(dab(300, 300), dab(100, 100))
    acting.do("undo")
    assert results.dump(acting.state)[1]["value"] == given[1]["value"]  # type: ignore[index, call-overload]


def test_results_with_masks_leave_the_worker_as_one_text_that_says_the_same() -> None:
    border = Border()

    def told(op: str, **members: object) -> Json:
        answer: Json = json.loads(border.dispatch(json.dumps({"op": op, "session": "s", **members})))
        return answer

    sha = told("plan", plan=plan())["sha"]
    tricky = 'a quote " and mask 0 of this result'
    given = [stored(dab(100, 100), meta={"text": [tricky]}), stored(dab(300, 300), "r2")]
    told("open", sha=sha, data={"image": "https://example.com/a.png"}, result=given, intents=[])
    for intent in (
        {"type": "object_loaded", "object": "img", "width": W, "height": H, "at": 1},
        {"type": "paint", "region": "r2", "object": "img", "strokes": DAB, "at": 2},
    ):
        assert "problems" not in told("intent", intent=intent)["patch"]  # type: ignore[operator]
    whole, as_text = told("dump"), told("dump", **{"as": "text"})
    assert json.loads(as_text["result"]) == whole["result"]  # type: ignore[arg-type]
    assert " " not in as_text["result"].replace(tricky.replace('"', '\\"'), "")  # type: ignore[union-attr]
    assert told("dump", **{"as": "problems"}) == {"problems": whole["problems"]}


def test_a_stored_bitmap_is_painted_on() -> None:
    url = png.LEAD + base64.b64encode(png_writing.write(dab(300, 300))).decode()
    row = {**stored(dab(1, 1)), "type": "bitmasklabels", "value": {"imageDataURL": url, "bitmasklabels": ["Road"]}}
    acting = opened([row], "bitmasklabels")
    assert acting.region("r1")["shape"] == {"imageDataURL": url}
    acting.do("paint", region="r1", object="img", strokes=DAB)
    assert dumped(acting) == masks.union(dab(300, 300), dab(100, 100))


def test_masks_are_nudged_by_whole_pixels_and_duplicated() -> None:
    acting = opened()
    acting.do("paint", region="r1", object="img", strokes=DAB)
    acting.do("nudge", dx=7, dy=-3)
    assert shown(acting) == dab(107, 97)
    acting.do("duplicate", ids=["r2"])
    acting.do("paint", region="r2", object="img", strokes=[{"radius": 5, "points": [[300, 300]]}])
    assert shown(acting, "r1") == dab(107, 97)


def test_a_mask_goes_back_as_the_page_got_it() -> None:
    acting = opened()
    acting.do("paint", region="r1", object="img", strokes=DAB)
    acting.do("add_region", region="r2", object="img", shape=acting.region("r1")["shape"])
    assert dumped(acting, "r2") == dab(100, 100)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        pytest.param({"strokes": []}, "bad-intent", id="no strokes"),
        pytest.param({"strokes": [{"radius": 0, "points": [[1, 1]]}]}, "bad-intent", id="no radius"),
        pytest.param({"strokes": [{"radius": 2, "points": [[1]]}]}, "bad-intent", id="half a point"),
        pytest.param({"strokes": [{"radius": 2, "points": []}]}, "bad-intent", id="no points"),
        pytest.param({"strokes": [{"radius": 2, "softness": 2, "points": [[1, 1]]}]}, "bad-intent", id="too soft"),
        pytest.param({"strokes": [{"radius": 2, "tip": "star", "points": [[1, 1]]}]}, "bad-intent", id="a star"),
        pytest.param({"rows": "AAEC"}, "bad-shape", id="no rows"),
        pytest.param({"rows": "AAEA8i4="}, "bad-shape", id="rows of a larger picture"),
        pytest.param({"strokes": [{"radius": 2, "points": [[-99, -99]]}]}, "too-small", id="beside the picture"),
        pytest.param({"strokes": DAB, "erase": True}, "unknown-region", id="erasing nothing"),
        pytest.param({"strokes": DAB, "object": "other"}, "unknown-object", id="another object"),
        pytest.param({"strokes": DAB, "control": "box"}, "no-label", id="another control"),
    ],
)
def test_what_cannot_be_painted_is_refused(members: Json, code: str) -> None:
    assert opened().refused("paint", **{"region": "r1", "object": "img", **members}) == code


def test_a_stored_mask_of_another_size_is_not_painted_on() -> None:
    small = masks.make(10, 10, {1: (1, 5)})
    row = stored(small)
    acting = opened([row])
    assert acting.refused("paint", region="r1", object="img", strokes=DAB) == "bad-shape"
    (problem,) = acting.view["problems"]  # type: ignore[misc]
    assert "100 pixels, the image 1000 x 500" in problem["message"]
    assert results.dump(acting.state)[0]["value"] == row["value"]  # type: ignore[index, call-overload]


def test_boxes_and_locked_masks_are_not_painted_on() -> None:
    acting = opened()
    acting.do("paint", region="r1", object="img", strokes=DAB)
    acting.do("mark", regions=["r1"], locked=True)
    assert acting.refused("paint", region="r1", object="img", strokes=DAB) == "locked"
    boxes = Acting(plans.street(), plans.STREET_DATA)
    boxes.do("pick_label", control="box", label="Car")
    boxes.box("b1")
    assert boxes.refused("paint", region="b1", object="img", strokes=DAB) == "cannot-paint"
    assert boxes.refused("paint", region="b2", object="img", strokes=DAB) == "unknown-control"


def test_before_the_picture_is_there_nothing_is_painted() -> None:
    acting = Acting(plan(), {"image": "https://example.com/a.png"}, size=False)
    acting.do("pick_label", control="m", label="Road")
    assert acting.refused("paint", region="r1", object="img", strokes=DAB) == "not-loaded"


def test_a_bitmap_of_a_large_picture_is_painted_on_again_after_it_was_stored() -> None:
    size = {"width": 13_000, "height": 5_000}
    acting = opened(kind="bitmasklabels")
    acting.do("object_loaded", object="img", **size)
    acting.do("paint", region="r1", object="img", strokes=DAB)
    again = opened(results.dump(acting.state), kind="bitmasklabels")
    again.do("object_loaded", object="img", **size)
    again.do("paint", region="r1", object="img", strokes=[{"radius": 20, "points": [[300, 100]]}])
    assert shown(again).bounds == (80, 80, 320, 120)


@pytest.mark.parametrize("kind", ["brushlabels", "bitmasklabels"])
def test_nothing_is_painted_on_a_picture_whose_mask_could_not_be_read_again(kind: str) -> None:
    acting = opened(kind=kind)
    acting.do("object_loaded", object="img", width=20_000, height=10_001)
    assert acting.refused("paint", region="r1", object="img", strokes=DAB) == "bad-shape"
    rows = {"rows": text.rows_text(0, [(1, 5)]), "width": 20_000, "height": 10_001}
    assert acting.refused("add_region", region="r1", object="img", shape=rows) == "bad-shape"
