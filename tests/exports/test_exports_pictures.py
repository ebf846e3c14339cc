"""COCO, YOLO, VOC and masks: read back by pycocotools, numpy and Pillow, and held against the formats' own rules."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling.exports import ExportFault, runs
from labeling.masks import mask as masks
from PIL import Image

from tests.exports.read_back import read_back
from tests.exports.samples import (
    HEIGHT,
    PICTURES,
    POSE,
    QUOTED,
    TWO,
    WIDTH,
    annotation,
    archive,
    box,
    dropped,
    made,
    painted,
    picture,
    polygon,
    region,
    row,
)

Json = dict[str, Any]

TREE = ((10.0, 10.0), (50.0, 10.0), (50.0, 50.0))
ROAD = ((205, 220), (405, 430))


def street() -> list[Json]:
    """Every shape, an empty picture, one without a size, one whose regions leave it."""
    ellipse = region("e", "round", "ellipselabels", ["Tree"], x=50, y=50, radiusX=10, radiusY=20, rotation=0)
    dim = {**box("r1", "", 10, 20, 30, 40), "from_name": "light", "type": "choices", "value": {"choices": ["dim"]}}
    turned = box("r2", "猫", 50, 50, 20, 20, rotation=30)
    first = picture(1, box("r1", "Big car", 10, 20, 30, 40), dim, turned, polygon("p", "Tree", *TREE), ellipse)
    first["annotations"][0]["result"].append(painted("m", *ROAD))
    without = {key: value for key, value in box("q", QUOTED, 10, 10, 5, 5).items() if "original" not in key}
    leaving = [box("in", QUOTED, 90, -10, 20, 20), box("out", "Big car", 150, 20, 10, 10)]
    crossing = polygon("pc", "Tree", (90, 50), (120, 50), (90, 80))
    return [
        first,
        picture(2),
        picture(3, without, name="ü x.png"),
        picture(4, *leaving, crossing),
        row(5, {"image": "n"}),
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


def people() -> list[Json]:
    """Key points by parent, by where they are, twice, and astray."""

    def point(id_: str, label: str, x: float, y: float, **more: Any) -> Json:
        return {**region(id_, "kp", "keypointlabels", [label], x=x, y=y, width=1), **more}

    one, two = box("a", "Person", 0, 0, 40, 100), box("b", "Person", 50, 0, 50, 100)
    points = [
        point("n1", "nose", 10, 10),
        point("t1", "tail", 90, 90, parentID="a"),
        point("n2", "nose", 60, 10),
        point("n3", "nose", 61, 11),
        point("n4", "nose", 45, 50),
        point("n5", "nose", 145, 50),
    ]
    return [picture(1, one, two, *points)]


@pytest.fixture(scope="module")
def coco(folder: Path) -> dict[str, Json]:
    """What pycocotools reads out of each file."""
    asked = {"street": ("COCO", PICTURES, street()), "people": ("COCO", POSE, people())}
    for name, (format_, config, rows) in asked.items():
        (folder / f"{name}.json").write_bytes(made(format_, config, rows)[0])
    return dict(zip(asked, read_back([("coco", folder / f"{name}.json") for name in asked]), strict=True))


def test_pycocotools_reads_the_same_pictures_classes_and_boxes(coco: dict[str, Json]) -> None:
    found = coco["street"]
    assert found["categories"] == {"1": "Big car", "2": QUOTED, "3": "猫", "4": "Tree", "5": "Road"}
    assert found["images"] == {"1": "1_a.jpg", "2": "2_a.jpg", "3": "3_ü_x.png", "4": "4_a.jpg"}
    boxes = {(image, name): bounds for image, name, bounds, _ in found["annotations"]}
    assert boxes[1, "Big car"] == [20, 20, 60, 40]
    assert boxes[1, "Road"] == [5, 1, 25, 2]
    assert boxes[4, QUOTED] == [180, 0, 20, 10], "what leaves the picture is cut at its edge"
    assert boxes[4, "Tree"] == [180, 50, 20, pytest.approx(30)]
    assert found["precision"] == 1.0, "the file is its own perfect result"


def test_pycocotools_paints_masks_pixel_by_pixel_and_polygons_by_their_area(coco: dict[str, Json]) -> None:
    found = coco["street"]
    areas = {n: area for n, (_, _, _, area) in enumerate(found["annotations"], 1)}
    assert found["edges"] == {"5": [5, 1, 25, 2]} or found["edges"] == {"4": [5, 1, 25, 2]}
    for id_, pixels in found["drawn"].items():
        exact = id_ in found["edges"]
        assert pixels == (40 if exact else pytest.approx(areas[int(id_)], rel=0.03))


def test_key_points_belong_to_their_parent_or_the_box_around_them(coco: dict[str, Json]) -> None:
    found = coco["people"]
    assert found["keypoints"] == {"Person": ["nose", "tail"]}, "in the order of model_index"
    assert found["points"] == [[20, 10, 2, 180, 90, 2], [120, 10, 2, 0, 0, 0]]
    assert dropped(made("COCO", POSE, people())[1]) == {"same-point": 1, "no-instance": 1, "outside": 1}


def test_what_was_left_out_of_coco_is_told() -> None:
    report = made("COCO", PICTURES, street())[1].report.body
    assert report["tasks"] == {"read": 5, "written": 4, "left_out": {"not-annotated": 1}}
    assert report["regions"] == {
        "written": 7,
        "dropped": {"no-size": 1, "outside": 1},
        "changed": {"cut-at-edge": 2},
    }
    assert {(e["task"], e["region"], e["reason"]) for e in report["examples"]} == {
        (3, "q", "no-size"),
        (4, "out", "outside"),
    }


def test_a_size_that_the_export_is_given_stands_in_for_unknown_ones() -> None:
    _, export = made("COCO", PICTURES, street(), size="200x100")
    assert "no-size" not in dropped(export)
    assert export.report.body["notes"] == {}


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_coco_runs_are_the_pixels_column_by_column(width: int, height: int, data: st.DataObject) -> None:
    painted_ = data.draw(st.lists(st.booleans(), min_size=width * height, max_size=width * height))
    found = [(n, n + 1) for n, one in enumerate(painted_) if one]
    counts = runs.counts(masks.from_runs(found, width, height))
    flat = [bool(n % 2) for n, count in enumerate(counts) for _ in range(count)]
    assert flat == [painted_[y * width + x] for x in range(width) for y in range(height)]
    assert all(counts[1:]), "only the first run may be empty"


# YOLO: the rules of docs.ultralytics.com/datasets, as its loader checks them


def labels(data: bytes, columns: int | None) -> tuple[dict[str, list[list[float]]], Json]:
    """Numbers of each label file, held against the rules; and data.yaml."""
    files = archive(data)
    about: Json = yaml.safe_load(files["data.yaml"])
    names: dict[int, str] = about["names"]
    assert list(names) == list(range(len(names)))
    assert files["classes.txt"].decode().splitlines() == list(names.values())
    found = {}
    for path, text in files.items():
        if not path.startswith("labels/"):
            continue
        rows = [[float(cell) for cell in line.split(" ")] for line in text.decode().splitlines()]
        assert len({tuple(line) for line in rows}) == len(rows)
        for numbers in rows:
            assert numbers[0] in names
            assert all(0 <= number <= 1 for number in numbers[1:] if number != 2)
            assert len(numbers) == columns if columns else len(numbers) >= 7 and len(numbers) % 2 == 1
        found[path.removeprefix("labels/")] = rows
    listed = list(csv.DictReader(io.StringIO(files["images.csv"].decode())))
    assert {Path(path).stem for path in found} == {Path(one["file"]).stem for one in listed}
    return found, about


def test_yolo_has_upright_boxes_in_parts_of_the_picture() -> None:
    data, export = made("YOLO", PICTURES, street())
    found, about = labels(data, 5)
    assert about["names"] == {0: "Big car", 1: QUOTED, 2: "猫"}
    assert found["1_a.txt"] == [[0, 0.25, 0.4, 0.3, 0.4]]
    assert found["2_a.txt"] == []
    assert found["3_ü_x.txt"] == [[1, 0.125, 0.125, 0.05, 0.05]], "parts of a picture need no size"
    assert found["4_a.txt"] == [[1, 0.95, 0.05, 0.1, 0.1]]
    assert dropped(export) == {"turned-box": 1, "kind-polygon": 2, "kind-ellipse": 1, "kind-brush": 1, "outside": 1}


def test_with_bounds_yolo_has_the_box_around_every_shape() -> None:
    data, export = made("YOLO", PICTURES, street(), bounds=True)
    found, about = labels(data, 5)
    assert len(found["1_a.txt"]) == 5
    assert list(about["names"].values())[-2:] == ["Tree", "Road"]
    assert export.report.body["regions"]["changed"]["box-around"] == 5
    assert dropped(export) == {"outside": 1}


def test_yolo_obb_has_four_corners() -> None:
    found, _ = labels(made("YOLO_OBB", PICTURES, street())[0], 9)
    assert found["1_a.txt"][0] == [0, 0.1, 0.2, 0.4, 0.2, 0.4, 0.6, 0.1, 0.6]
    assert found["1_a.txt"][1] == [2, 0.5, 0.5, 0.673205, 0.7, 0.623205, 0.873205, 0.45, 0.673205]


def test_yolo_segments_are_polygons_one_for_each_part_of_a_mask() -> None:
    apart = picture(1, painted("m", (0, 10), (200, 210), (400, 403), (407, 410), (600, 603), (607, 610), (5000, 5010)))
    data, export = made("YOLO_SEG", PICTURES, [*street(), picture(6, *apart["annotations"][0]["result"])])
    found, _ = labels(data, None)
    assert [len(line) for line in found["1_a.txt"]][:3] == [9, 9, 7]
    assert len(found["6_a.txt"]) == 2
    assert export.report.body["regions"]["changed"] == {"cut-at-edge": 2, "parts-apart": 1}


def test_yolo_poses_are_boxes_with_points_of_a_fixed_number() -> None:
    data, _ = made("YOLO_POSE", POSE, people())
    found, about = labels(data, 5 + 2 * 3)
    assert about["kpt_shape"] == [2, 3]
    assert found["1_a.txt"][0] == [0, 0.2, 0.5, 0.4, 1, 0.1, 0.1, 2, 0.9, 0.9, 2]
    assert found["1_a.txt"][1][-3:] == [0, 0, 0]


def test_yolo_sets_are_folders_that_the_yaml_names() -> None:
    rows = [picture(n, box("r", "Big car", 1, 1, 5, 5), name=f"{n}.jpg") for n in range(1, 41)]
    found, about = labels(made("YOLO", PICTURES, rows, split="train:0.5,val:0.5")[0], 5)
    assert {path.partition("/")[0] for path in found} == {"train", "val"}
    assert len(found) == 40
    assert (about["train"], about["val"]) == ("images/train", "images/val")


@pytest.mark.parametrize(
    "name",
    ["two words", "a: b", "- x", "#x", "'", '"', "\\", "{x}", "yes", "null", "1", "é\u0085x", "\x7f", "\u2028", "😀"],
)
def test_names_of_classes_survive_yaml(name: str) -> None:
    rows = [picture(1, box("r", name, 1, 1, 5, 5))]
    about = yaml.safe_load(archive(made("YOLO", PICTURES, rows)[0])["data.yaml"])
    assert about["names"][3] == name


# Pascal VOC: the rules of the development kit


def test_voc_boxes_count_pixels_from_one_and_stay_inside() -> None:
    data, export = made("VOC", PICTURES, street())
    files = archive(data)
    found = {path: ElementTree.fromstring(text) for path, text in files.items() if path.endswith(".xml")}
    for tree in found.values():
        size = [int(tree.findtext(f"size/{name}", "")) for name in ("width", "height", "depth")]
        for thing in tree.iter("object"):
            left, top, right, bottom = (
                int(thing.findtext(f"bndbox/{n}", "")) for n in ("xmin", "ymin", "xmax", "ymax")
            )
            assert 1 <= left <= right <= size[0]
            assert 1 <= top <= bottom <= size[1]
            assert [thing.findtext(name) for name in ("pose", "difficult")] == ["Unspecified", "0"]
    first = found["Annotations/1_a.xml"]
    assert [first.findtext(f"size/{name}") for name in ("width", "height")] == [str(WIDTH), str(HEIGHT)]
    car = first.find("object")
    assert car is not None
    assert [car.findtext(f"bndbox/{n}") for n in ("xmin", "ymin", "xmax", "ymax")] == ["21", "21", "80", "60"]
    cut = found["Annotations/4_a.xml"].find("object")
    assert cut is not None
    assert (cut.findtext("name"), cut.findtext("truncated")) == (QUOTED, "1")
    assert files["ImageSets/Main/default.txt"].decode().split() == ["1_a", "2_a", "3_ü_x", "4_a"]
    assert dropped(export)["turned-box"] == 1
    assert dropped(export)["kind-polygon"] == 2


def test_a_name_that_xml_cannot_hold_is_mended() -> None:
    rows = [picture(1, box("r", "a\x00\x1b<&>", 1, 1, 5, 5))]
    tree = ElementTree.fromstring(archive(made("VOC", PICTURES, rows)[0])["Annotations/1_a.xml"])
    assert tree.findtext("object/name") == "a\ufffd\ufffd<&>"


# Masks


def test_masks_are_pictures_and_arrays_of_the_same_pixels(tmp_path: Path) -> None:
    holed = painted("h", (0, 30), (200, 210), (220, 230), (400, 430))
    rows = [picture(1, painted("m", *ROAD), holed, box("r", "Big car", 10, 20, 30, 40))]
    pictures, export = made("BRUSH_TO_PNG", PICTURES, rows)
    assert dropped(export) == {"kind-rectangle": 1}
    names = [name for name in archive(pictures) if name.endswith(".png")]
    assert names == ["task-1-annotation-1-paint-Road-0.png", "task-1-annotation-1-paint-Road-1.png"]
    pixels = []
    for name in names:
        with Image.open(io.BytesIO(archive(pictures)[name])) as image:
            assert (image.mode, image.size) == ("L", (WIDTH, HEIGHT))
            pixels.append([n for n, value in enumerate(image.tobytes()) if value == 255])
    assert pixels[0] == [*range(205, 220), *range(405, 430)]
    assert len(pixels[1]) == 80
    for name, data in archive(made("BRUSH_TO_NUMPY", PICTURES, rows)[0]).items():
        (tmp_path / name).write_bytes(data)
    (arrays,) = read_back([("numpy", tmp_path)])
    shape = [HEIGHT, WIDTH]
    assert list(arrays.values()) == [[shape, "uint8", 40, 40], [shape, "uint8", 80, 80]]


def test_in_panoptic_every_pixel_has_one_segment_and_the_later_is_on_top() -> None:
    under, over = box("u", "Big car", 0, 0, 50, 50), box("o", QUOTED, 25, 0, 50, 50)
    hidden = box("h", "猫", 30, 10, 10, 10)
    data, export = made("COCO_PANOPTIC", PICTURES, [picture(1, under, hidden, over), picture(2)])
    files = archive(data)
    told = json.loads(files["panoptic.json"])
    (segments,) = (a["segments_info"] for a in told["annotations"])
    with Image.open(io.BytesIO(files["panoptic/1_a.png"])) as image:
        assert (image.mode, image.size) == ("RGB", (WIDTH, HEIGHT))
        colours = image.convert("RGB").getcolors()
    ids = {red + 256 * green + 65536 * blue: count for count, (red, green, blue) in colours}
    assert ids.pop(0) == WIDTH * HEIGHT - 7500
    assert ids == {segment["id"]: segment["area"] for segment in segments} == {1: 2500, 2: 5000}
    assert [segment["bbox"] for segment in segments] == [[0, 0, 50, 50], [50, 0, 100, 50]]
    categories = {category["id"]: category["name"] for category in told["categories"]}
    assert [categories[segment["category_id"]] for segment in segments] == ["Big car", QUOTED]
    assert dropped(export) == {"covered": 1}
    assert export.report.body["tasks"]["left_out"] == {"no-size": 1}


# What the config must have


def test_of_two_pictures_one_must_be_named() -> None:
    half = region("r", "box2", "rectanglelabels", ["y"], to="right", x=0, y=0, width=50, height=50)
    rows = [row(1, {"a": "a.jpg", "b": "b.jpg"}, annotation(1, half))]
    with pytest.raises(ExportFault) as fault:
        made("COCO", TWO, rows)
    assert fault.value.code == "object-needed"
    assert "left (field a), right (field b)" in fault.value.message
    told = json.loads(made("COCO", TWO, rows, object="right")[0])
    assert [image["file_name"] for image in told["images"]] == ["1_b.jpg"]
    assert [one["bbox"] for one in told["annotations"]] == [[0, 0, 100, 50]]
    with pytest.raises(ExportFault, match="no object middle"):
        made("COCO", TWO, rows, object="middle")


def test_a_config_without_shapes_has_no_coco() -> None:
    config = '<View><Image name="i" value="$i"/><Choices name="c" toName="i"><Choice value="a"/></Choices></View>'
    with pytest.raises(ExportFault, match="has none"):
        made("COCO", config, [])


def test_categories_have_the_numbers_that_labels_give_them() -> None:
    config = """<View><Image name="img" value="$image"/><RectangleLabels name="box" toName="img">
        <Label value="a"/><Label value="b" category="7"/><Label value="c" category="1"/></RectangleLabels></View>"""
    rows = [picture(1, box("r", "b", 1, 1, 5, 5), box("s", "new", 1, 1, 5, 5))]
    told = json.loads(made("COCO", config, rows)[0])
    assert {c["name"]: c["id"] for c in told["categories"]} == {"b": 7, "c": 1, "a": 2, "new": 8}
    assert labels(made("YOLO", config, rows)[0], 5)[1]["names"] == {0: "c", 1: "b", 2: "a", 3: "new"}


def test_objects_without_points_have_none_where_others_have_some() -> None:
    """COCOeval asks every object of a picture for the number of its points."""
    told = json.loads(made("COCO", POSE, [picture(1, box("b", "Person", 0, 0, 50, 50))])[0])
    (one,) = told["annotations"]
    assert (one["keypoints"], one["num_keypoints"]) == ([0, 0, 0, 0, 0, 0], 0)


def test_masks_of_long_and_alike_labels_have_a_file_each() -> None:
    long = "x" * 300
    config = f"""<View><Image name="img" value="$image"/><BrushLabels name="paint" toName="img">
        <Label value="{long}"/><Label value="a b"/><Label value="a/b"/></BrushLabels></View>"""
    masks = [painted("m", (0, 5)), painted("n", (7, 9)), painted("o", (20, 22))]
    for mask, labels in zip(masks, ([long], [long], ["a b", "a/b"]), strict=True):
        mask["value"]["brushlabels"] = labels
    data, export = made("BRUSH_TO_PNG", config, [picture(1, *masks)])
    files = [name for name in archive(data) if name.endswith(".png")]
    assert (len(files), export.report.body["notes"]) == (4, {})
    assert all(len(name.encode()) < 255 for name in files)


@pytest.mark.parametrize("name", ["YOLO", "YOLO_SEG", "VOC", "COCO", "COCO_PANOPTIC", "BRUSH_TO_PNG", "HF_DATASET"])
def test_a_turn_that_is_no_number_ends_no_export(name: str) -> None:
    bad: Any = {"rotation": "a bit"}
    _, export = made(name, PICTURES, [picture(1, box("b", "Big car", 0, 0, 50, 50, **bad))], bounds=True)
    assert export.report.body["tasks"]["written"] == 1


def test_of_many_segments_each_keeps_what_no_later_one_covers() -> None:
    boxes = [box(f"b{n}", "Big car", 10 * n, 0, 20, 100) for n in range(9)]
    data, _ = made("COCO_PANOPTIC", PICTURES, [picture(1, *boxes)])
    told = json.loads(archive(data)["panoptic.json"])["annotations"][0]["segments_info"]
    assert [one["area"] for one in told] == [20 * 100] * 8 + [40 * 100]


@pytest.mark.parametrize(
    ("name", "config", "options", "code"),
    [
        pytest.param("YOLO_POSE", PICTURES, {}, "format-does-not-fit", id="poses without points"),
        pytest.param("YOLO", "<PolygonLabels/>", {}, "bounds-needed", id="boxes of polygons"),
        pytest.param("YOLO", "<PolygonLabels/>", {"bounds": True}, None, id="boxes around polygons"),
        pytest.param("YOLO_SEG", "<PolygonLabels/>", {}, None, id="segments of polygons"),
        pytest.param("BRUSH_TO_PNG", "<RectangleLabels/>", {}, "bounds-needed", id="masks of boxes"),
    ],
)
def test_a_format_that_would_be_empty_is_refused_before_it_is_made(
    name: str, config: str, options: Json, code: str | None
) -> None:
    if config.endswith("/>"):
        opened = config.replace("/>", ' name="x" toName="img"><Label value="a"/>')
        config = f'<View><Image name="img" value="$image"/>{opened}</{config[1:-2]}></View>'
    if code is None:
        made(name, config, [], **options)
        return
    with pytest.raises(ExportFault) as fault:
        made(name, config, [], **options)
    assert fault.value.code == code
