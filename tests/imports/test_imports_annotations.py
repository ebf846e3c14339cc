"""COCO, YOLO, Pascal VOC and CoNLL: whole files of them, what is wrong in them, the labels and controls they meet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from labeling import masks, results
from labeling.imports import Beside, Options, Parsed, coco_rle, parse, sniff, voc, yolo
from labeling.imports.targets import Targets
from labeling.masks import rle

from config_compiler import compile_config

Json = dict[str, Any]

IMAGE = '<Image name="img" value="$image"/>'
BOXES = (
    '<RectangleLabels name="box" toName="img"><Label value="Cat" alias="cat-1"/><Label value="Dog"/></RectangleLabels>'
)
POLYGONS = '<PolygonLabels name="poly" toName="img"><Label value="Cat"/><Label value="Dog"/></PolygonLabels>'
BRUSH = '<BrushLabels name="brush" toName="img"><Label value="Cat"/><Label value="Dog"/></BrushLabels>'
BITMASK = '<BitmaskLabels name="bits" toName="img"><Label value="Cat"/><Label value="Dog"/></BitmaskLabels>'
POINTS = '<KeyPointLabels name="kp" toName="img"><Label value="nose"/><Label value="tail"/></KeyPointLabels>'
PLAIN = '<Rectangle name="r" toName="img"/><Labels name="l" toName="img"><Label value="Cat"/></Labels>'
SPANS = '<Text name="t" value="$text"/><Labels name="ner" toName="t"><Label value="PER"/><Label value="LOC"/></Labels>'

MASKS: list[Json] = json.loads((Path(__file__).parent / "coco_masks.json").read_text())["cases"]


def plan_of(*parts: str) -> Json:
    compiled = compile_config(f"<View>{''.join(parts)}</View>")
    assert compiled.plan, compiled.diagnostics
    made: Json = json.loads(compiled.plan.to_json())
    return made


def coco_file(*annotations: Json, **more: Any) -> bytes:
    file = {
        "images": [{"id": 1, "file_name": "https://x.test/a.jpg", "width": 200, "height": 100}],
        "categories": [{"id": 1, "name": "Cat", "keypoints": ["nose", "ear"]}, {"id": 2, "name": "Dog"}],
        "annotations": [{"id": 10 + n, "image_id": 1, "category_id": 1, **one} for n, one in enumerate(annotations)],
        **more,
    }
    return json.dumps(file).encode()


def read(
    plan: Json, name: str, data: bytes | str, options: Options | None = None, beside: Beside | None = None
) -> Parsed:
    raw = data.encode() if isinstance(data, str) else data
    parsed = parse(plan, name, raw, options or Options(), beside or Beside())
    for task in parsed.tasks:
        for entry in [*task.get("annotations", ()), *task.get("predictions", ())]:
            assert results.validate(plan, entry["result"], task["data"]) == []
    return parsed


def result_of(parsed: Parsed) -> list[Json]:
    assert len(parsed.tasks) == 1, parsed.refused
    found: list[Json] = parsed.tasks[0]["annotations"][0]["result"]
    return found


def codes(parsed: Parsed) -> list[str]:
    return [told["code"] for told in parsed.refused]


# COCO


def test_a_coco_box_becomes_a_rectangle_in_percent_of_the_image() -> None:
    parsed = read(plan_of(IMAGE, BOXES), "a.json", coco_file({"bbox": [20, 10, 40, 50]}))
    assert parsed.kind == "coco"
    assert parsed.refused == parsed.notes == []
    assert parsed.tasks[0]["data"] == {"image": "https://x.test/a.jpg"}
    (result,) = result_of(parsed)
    assert result == {
        "id": "coco1", "from_name": "box", "to_name": "img", "type": "rectanglelabels", "origin": "manual",
        "original_width": 200, "original_height": 100, "image_rotation": 0,
        "value": {"x": 10, "y": 10, "width": 20, "height": 50, "rotation": 0, "rectanglelabels": ["cat-1"]},
    }  # fmt: skip


OUTLINE = {"bbox": [0, 0, 100, 50], "segmentation": [[0, 0, 100, 0, 100, 50]]}
TWO_PARTS = {"bbox": [0, 0, 30, 10], "segmentation": [[0, 0, 10, 0, 10, 10, 0, 10], [20, 0, 30, 0, 30, 10, 20, 10]]}
CROWD = {"bbox": [0, 0, 2, 1], "iscrowd": 1, "segmentation": {"size": [100, 200], "counts": [0, 1, 99, 1, 19899]}}


@pytest.mark.parametrize(
    ("parts", "annotation", "types"),
    [
        pytest.param([POLYGONS, BRUSH, BOXES], OUTLINE, ["polygonlabels"], id="an outline is best as a polygon"),
        pytest.param([BRUSH, BOXES], OUTLINE, ["brushlabels"], id="else as a mask"),
        pytest.param([BITMASK], OUTLINE, ["bitmasklabels"], id="or as a picture of it"),
        pytest.param([BOXES], OUTLINE, ["rectanglelabels"], id="else as the box around it"),
        pytest.param([POLYGONS, BRUSH], TWO_PARTS, ["brushlabels"], id="two parts are one mask"),
        pytest.param([POLYGONS, BOXES], TWO_PARTS, ["rectanglelabels"], id="two parts are no polygon"),
        pytest.param([POLYGONS, BRUSH], CROWD, ["brushlabels"], id="a crowd is a mask"),
        pytest.param([POLYGONS], CROWD, ["polygonlabels"], id="a mask with one outline and no hole can be a polygon"),
        pytest.param([PLAIN], OUTLINE, ["rectangle", "labels"], id="a plain shape with Labels beside it"),
        pytest.param(['<Rectangle name="r" toName="img"/>'], OUTLINE, ["rectangle"], id="a plain shape alone"),
    ],
)
def test_a_region_goes_to_the_control_that_says_most_of_it(
    parts: list[str], annotation: Json, types: list[str]
) -> None:
    parsed = read(plan_of(IMAGE, *parts), "a.json", coco_file(annotation))
    assert [result["type"] for result in result_of(parsed)] == types
    assert parsed.refused == []


def test_all_parts_of_an_outline_are_in_its_mask() -> None:
    (result,) = result_of(read(plan_of(IMAGE, BRUSH), "a.json", coco_file(TWO_PARTS)))
    mask = rle.read(result["value"]["rle"], 200, 100)
    assert mask.rows == ((0, 10, 20, 30),) * 10


@pytest.mark.parametrize("case", MASKS, ids=lambda case: f"{case['size'][0]} rows, {case['size'][1]} columns")
def test_masks_are_those_that_pycocotools_wrote(case: Json) -> None:
    height, width = case["size"]
    mask = coco_rle.read(case["counts"], width, height)
    assert mask == coco_rle.read(case["runs"], width, height)
    painted = masks.decode(rle.write(mask))
    assert [
        "".join("1" if pixel else "0" for pixel in painted[y * width : (y + 1) * width]) for y in range(height)
    ] == (case["rows"])
    left, top, wide, high = case["bbox"]
    assert (mask.bounds or (0, 0, 0, 0)) == (left, top, left + wide, top + high)


def test_key_points_belong_to_their_box_and_unlabeled_ones_are_no_regions() -> None:
    given_ = {"bbox": [0, 0, 20, 20], "keypoints": [20, 10, 2, 0, 0, 0]}
    parsed = read(plan_of(IMAGE, BOXES, POINTS), "a.json", coco_file(given_))
    box, nose = result_of(parsed)
    assert (box["type"], nose["type"], nose["parentID"]) == ("rectanglelabels", "keypointlabels", box["id"])
    assert nose["value"] == {"x": 10, "y": 10, "width": 0.5, "keypointlabels": ["nose"]}


def test_a_hidden_key_point_says_so_and_an_unknown_one_is_refused_alone() -> None:
    given_ = {"bbox": [0, 0, 20, 20], "keypoints": [20, 10, 1, 5, 5, 2]}
    parsed = read(plan_of(IMAGE, POINTS), "a.json", coco_file(given_))
    (nose,) = result_of(parsed)
    assert nose["meta"] == {"text": ["not visible"]}
    assert codes(parsed) == ["unknown-label"]
    assert "key point ear" in parsed.refused[0]["where"]


def test_predictions_have_scores_and_a_model() -> None:
    data = coco_file({"bbox": [0, 0, 20, 20], "score": 0.5}, {"bbox": [0, 0, 10, 10], "score": 0.75})
    parsed = read(plan_of(IMAGE, BOXES), "a.json", data, Options(role="predictions"))
    (prediction,) = parsed.tasks[0]["predictions"]
    assert "annotations" not in parsed.tasks[0]
    assert [result["score"] for result in prediction["result"]] == [0.5, 0.75]
    assert (prediction["score"], prediction["model_version"]) == (0.625, "COCO")


def test_an_unknown_label_is_refused_with_its_place_and_the_others_go_in() -> None:
    data = coco_file({"bbox": [0, 0, 9, 9]}, {"category_id": 3, "bbox": [0, 0, 9, 9]}, categories=[
        {"id": 1, "name": "CAT"}, {"id": 3, "name": "truck"},
    ])  # fmt: skip
    parsed = read(plan_of(IMAGE, BOXES), "a.json", data)
    assert len(result_of(parsed)) == 1
    (told,) = parsed.refused
    assert (told["code"], told["where"]) == ("unknown-label", "image 1 (https://x.test/a.jpg), annotation 11")
    assert "truck" in told["message"]
    assert 'alias="truck"' in told["hint"]
    (note,) = parsed.notes
    assert note["code"] == "label-case"


@pytest.mark.parametrize(
    ("annotation", "code"),
    [
        pytest.param({"bbox": [0, 0, 0, 9]}, "bad-region", id="no area"),
        pytest.param({"bbox": [0, 0, "a", 9]}, "bad-region", id="no number"),
        pytest.param({"bbox": [0, 0, float("nan"), 9]}, "bad-region", id="NaN"),
        pytest.param({}, "bad-region", id="nothing drawn"),
        pytest.param({"segmentation": [[1, 2, 3, 4]]}, "bad-region", id="two points"),
        pytest.param({"segmentation": {"size": [9, 9], "counts": [81]}}, "bad-region", id="another size"),
        pytest.param({"segmentation": {"size": [100, 200], "counts": [5]}}, "bad-region", id="too few pixels"),
        pytest.param({"segmentation": {"size": [100, 200], "counts": "\x01"}}, "bad-region", id="a character of none"),
        pytest.param({"segmentation": {"size": [100, 200], "counts": [20000]}}, "bad-region", id="an empty mask"),
        pytest.param({"category_id": 9, "bbox": [0, 0, 9, 9]}, "no-category", id="no such category"),
    ],
)
def test_a_broken_coco_region_is_refused_alone(annotation: Json, code: str) -> None:
    parsed = read(plan_of(IMAGE, BOXES, POLYGONS), "a.json", coco_file({"bbox": [0, 0, 9, 9]}, annotation))
    assert codes(parsed) == [code]
    assert len(result_of(parsed)) == 1
    assert "annotation 11" in parsed.refused[0]["where"]
    assert parsed.refused[0]["hint"]


def test_images_that_are_nowhere_are_refused_and_a_root_finds_them() -> None:
    image = {"id": 1, "file_name": "b/a.jpg", "width": 200, "height": 100}
    data = coco_file({"bbox": [0, 0, 9, 9]}, images=[image])
    plan = plan_of(IMAGE, BOXES)
    refused = read(plan, "a.json", data)
    assert (refused.tasks, codes(refused)) == ([], ["no-image-file"])
    found = read(plan, "a.json", data, Options(image_root="https://x.test/set/"))
    assert found.tasks[0]["data"] == {"image": "https://x.test/set/b/a.jpg"}


def test_images_and_annotations_that_do_not_belong_together_are_told() -> None:
    image = {"id": 1, "file_name": "https://x.test/a.jpg", "width": 200, "height": 100}
    data = coco_file({"image_id": 7, "bbox": [0, 0, 9, 9]}, {"image_id": None}, images=[image, image, 3])
    parsed = read(plan_of(IMAGE, BOXES), "a.json", data)
    assert sorted(codes(parsed)) == ["bad-image", "bad-image", "no-image", "no-image"]
    assert parsed.tasks == [{"data": {"image": "https://x.test/a.jpg"}}], "an image without annotations is open"


def test_a_config_without_images_or_without_the_shape_says_what_it_needs() -> None:
    assert codes(read(plan_of(SPANS), "a.json", coco_file({"bbox": [0, 0, 9, 9]}))) == ["no-image-object"]
    parsed = read(plan_of(IMAGE, POINTS), "a.json", coco_file({"bbox": [0, 0, 9, 9]}))
    assert codes(parsed) == ["no-control"]
    assert "<RectangleLabels>" in parsed.refused[0]["hint"]


def test_an_object_with_a_field_called_images_is_a_task() -> None:
    plan = plan_of('<Image name="i" valueList="$images"/>')
    parsed = read(plan, "a.json", b'{"images": ["https://x.test/a.jpg"]}')
    assert (parsed.kind, len(parsed.tasks)) == ("json", 1)


EVERYTHING = plan_of(IMAGE, BOXES, POLYGONS, BRUSH, POINTS)
JSONS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 300)
    | st.floats(allow_nan=True)
    | st.sampled_from(["1", "Cat", "nose", ""]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["id", "image_id", "category_id", "bbox", "segmentation", "counts", "size", "keypoints", "name"]
            ),
            inner,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=40)
@given(JSONS, JSONS, JSONS)
@example([{"id": 1, "width": 1, "height": 1, "file_name": "https://a"}], [{"image_id": 1, "bbox": [1e308] * 4}], [])
def test_no_coco_file_breaks_the_import(images: object, annotations: object, categories: object) -> None:
    data = json.dumps({"images": images, "annotations": annotations, "categories": categories})
    parsed = parse(EVERYTHING, "a.json", data.encode(), Options(image_root="https://x.test"))
    assert all(told["message"] and told["where"] for told in parsed.refused)


# YOLO


def yolo_of(text: str | None, *parts: str, names: tuple[str, ...] = ("Cat", "Dog")) -> tuple[Json, list[Any]]:
    targets = Targets(plan_of(IMAGE, *parts))
    return yolo.task("https://x.test/a.jpg", text, names, targets, Options(), (200, 100), "a.txt")


def test_a_yolo_box_is_around_its_middle() -> None:
    task, problems = yolo_of("1 0.5 0.5 0.5 0.25\n", BOXES)
    (result,) = task["annotations"][0]["result"]
    assert problems == []
    assert result["value"] == {"x": 25, "y": 37.5, "width": 50, "height": 25, "rotation": 0, "rectanglelabels": ["Dog"]}


def test_a_yolo_segment_is_a_polygon_or_the_box_around_it() -> None:
    line = "0 0.1 0.1 0.5 0.1 0.5 0.5"
    task, _ = yolo_of(line, POLYGONS)
    assert task["annotations"][0]["result"][0]["value"]["points"] == [[10, 10], [50, 10], [50, 50]]
    task, _ = yolo_of(line, BOXES)
    assert task["annotations"][0]["result"][0]["value"]["width"] == pytest.approx(40)


def test_four_corners_are_a_turned_box() -> None:
    # 40 x 20 pixels, turned by 90 degrees about (100, 20) in an image of 200 x 100
    task, problems = yolo_of("0 0.5 0.2 0.5 0.6 0.4 0.6 0.4 0.2", BOXES)
    assert problems == []
    value = task["annotations"][0]["result"][0]["value"]
    assert (value["x"], value["y"], value["rotation"]) == (50, 20, 90)
    assert (value["width"], value["height"]) == (pytest.approx(20), pytest.approx(20))


def test_four_corners_that_are_no_box_are_told_or_are_a_polygon() -> None:
    line = "0 0.1 0.1 0.9 0.2 0.5 0.9 0.2 0.3"
    _, problems = yolo_of(line, BOXES)
    assert [told["code"] for told in problems] == ["no-control"]
    task, _ = yolo_of(line, BOXES, POLYGONS)
    assert task["annotations"][0]["result"][0]["type"] == "polygonlabels"


def test_no_file_means_not_looked_at_and_an_empty_one_nothing_there() -> None:
    assert "annotations" not in yolo_of(None, BOXES)[0]
    assert yolo_of("", BOXES)[0]["annotations"] == [{"result": []}]


@pytest.mark.parametrize(
    "line",
    ["2 0.5 0.5 0.1 0.1", "-1 0.5 0.5 0.1 0.1", "0 0.5 0.5 0.1", "0 a 0.5 0.1 0.1", "0 0.5 0.5 0 0.1", "0 nan 0 1 1"],
)
def test_a_line_that_is_none_is_refused_alone(line: str) -> None:
    task, problems = yolo_of(f"0 0.5 0.5 0.1 0.1\n{line}\n", BOXES)
    assert len(task["annotations"][0]["result"]) == 1
    assert [(told["code"], told["where"]) for told in problems] == [("bad-line", "a.txt, line 2")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("names: [Cat, 'a, b', \"c # d\"]  # three\nnc: 3", ["Cat", "a, b", "c # d"], id="in brackets"),
        pytest.param("nc: 2\nnames:\n  0: Cat\n  1: 'Dog' # good\ntrain: x", ["Cat", "Dog"], id="numbered"),
        pytest.param("names:\n- Cat\n- Dog\nval: y", ["Cat", "Dog"], id="a list"),
        pytest.param("names: {0: Cat, 2: Dog}", ["Cat", "", "Dog"], id="numbered in braces, one missing"),
        pytest.param("names: ['Cat',\n  'Dog']\n", ["Cat", "Dog"], id="over two lines"),
        pytest.param("names: [\"a \\\"b\\\" \\u00e4\", 'it''s']", ['a "b" \u00e4', "it's"], id="quotes in quotes"),
        pytest.param("train: x\n", None, id="none"),
        pytest.param("names: &a Cat", None, id="no list"),
    ],
)
def test_names_are_read_from_data_yaml(text: str, names: list[str] | None) -> None:
    assert yolo.names_of_yaml(text) == names


YOLO_TARGETS = Targets(plan_of(IMAGE, BOXES))


@given(st.text(alphabet="0123456789.e- \n\t\rnaif", max_size=80))
def test_no_labels_break_the_import(text: str) -> None:
    _, problems = yolo.task("https://x.test/a.jpg", text, ("Cat",), YOLO_TARGETS, Options(), (200, 100), "a.txt")
    assert all(told["where"] and told["hint"] for told in problems)


@given(st.text(alphabet="names:[]{},'\"# \n-019ab\\", max_size=60))
def test_no_yaml_breaks_the_import(text: str) -> None:
    yolo.names_of_yaml(text)


# Pascal VOC

VOC = """<?xml version="1.0"?>
<annotation><folder>set</folder><filename>https://x.test/a.jpg</filename>
<size><width>200</width><height>100</height><depth>3</depth></size><segmented>0</segmented>
<object><name>Dog</name><pose>Left</pose><truncated>0</truncated><difficult>1</difficult>
<bndbox><xmin>21</xmin><ymin>11</ymin><xmax>60</xmax><ymax>60</ymax></bndbox></object></annotation>"""

LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><annotation><filename>&lol3;</filename></annotation>"""


def test_a_voc_file_is_one_task_with_its_boxes() -> None:
    parsed = read(plan_of(IMAGE, BOXES), "a.xml", VOC)
    (result,) = result_of(parsed)
    assert (parsed.kind, parsed.refused) == ("voc", [])
    assert parsed.tasks[0]["data"] == {"image": "https://x.test/a.jpg"}
    assert result["value"] == {
        "x": 10,
        "y": 10,
        "width": 20,
        "height": 50,
        "rotation": 0,
        "rectanglelabels": ["Dog"],
    }
    assert result["meta"] == {"text": ["difficult", "pose: Left"]}


def test_numbers_that_cannot_be_pixels_from_1_are_edges() -> None:
    for number in ("0", "10.5"):
        parsed = read(plan_of(IMAGE, BOXES), "a.xml", VOC.replace("<ymin>11<", f"<ymin>{number}<"))
        assert result_of(parsed)[0]["value"]["x"] == 10.5
        assert result_of(parsed)[0]["value"]["y"] == float(number)
        assert [note["code"] for note in parsed.notes] == ["voc-edges"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(LAUGHS, "doctype", id="a billion laughs"),
        pytest.param('<!DOCTYPE a SYSTEM "file:///etc/passwd"><annotation/>', "doctype", id="a file of the server"),
        pytest.param("<annotation>&x;</annotation>", "bad-xml", id="an entity of none"),
        pytest.param("<annotation>", "bad-xml", id="no end"),
        pytest.param("<a>" * 40 + "</a>" * 40, "too-deep", id="too deep"),
        pytest.param("<html/>", "not-voc", id="other XML"),
        pytest.param(VOC.replace("https://x.test/a.jpg", "a.jpg"), "no-image-file", id="an image that is nowhere"),
        pytest.param(VOC.replace("200", "0"), "bad-size", id="no width"),
        pytest.param('<?xml version="1.0" encoding="x-none"?><annotation/>', "bad-xml", id="an encoding of none"),
    ],
)
def test_xml_that_is_no_voc_file_is_refused_with_its_reason(text: str, code: str) -> None:
    parsed = read(plan_of(IMAGE, BOXES), "a.xml", text)
    assert (parsed.tasks, codes(parsed)) == ([], [code])
    assert parsed.refused[0]["hint"]


def test_an_object_without_a_box_is_refused_alone() -> None:
    text = VOC.replace("</annotation>", "<object><name>Cat</name></object></annotation>")
    parsed = read(plan_of(IMAGE, BOXES), "a.xml", text)
    assert len(result_of(parsed)) == 1
    assert [(told["code"], told["where"]) for told in parsed.refused] == [
        ("bad-region", "image https://x.test/a.jpg, object 2 (line 5)")
    ]


@given(st.binary(max_size=200) | st.text(alphabet="<>/&;annotionbje!? =\"'", max_size=80).map(str.encode))
def test_no_bytes_break_the_reader_of_xml(data: bytes) -> None:
    voc.tree(data)


# CoNLL

IOB2 = """-DOCSTART- -X- -X- O

U.N. NNP I-NP B-ORG
official NN I-NP O
Ekeus NNP I-NP B-PER

in IN I-PP O
New NNP B-NP B-LOC
York NNP I-NP I-LOC
"""


def spans_of(task: Json) -> list[tuple[str, str]]:
    rows = task["annotations"][0]["result"]
    for row in rows:
        value = row["value"]
        assert task["data"]["text"][value["start"] : value["end"]] == value["text"]
    return [(row["value"]["text"], row["value"]["labels"][0]) for row in rows]


def test_each_sentence_of_a_conll_file_is_a_task_with_its_spans() -> None:
    parsed = read(plan_of(SPANS), "a.conll", IOB2)
    assert [task["data"]["text"] for task in parsed.tasks] == ["U.N. official Ekeus", "in New York"]
    assert [spans_of(task) for task in parsed.tasks] == [[("Ekeus", "PER")], [("New York", "LOC")]]
    assert [(told["code"], told["where"]) for told in parsed.refused] == [
        ("unknown-label", "sentence 1 (line 3), line 3")
    ]
    assert [note["code"] for note in parsed.notes] == ["columns-left-out"]


def test_several_documents_are_tasks_of_several_lines() -> None:
    text = "-DOCSTART- O\n\nAda B-PER\n\nin O\nRome B-LOC\n\n-DOCSTART- O\n\nPisa B-LOC\n"
    parsed = read(plan_of(SPANS), "a.txt", text)
    assert (parsed.kind, [task["data"]["text"] for task in parsed.tasks]) == ("conll", ["Ada\nin Rome", "Pisa"])
    assert [spans_of(task) for task in parsed.tasks] == [[("Ada", "PER"), ("Rome", "LOC")], [("Pisa", "LOC")]]


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param(["I-PER", "I-PER", "B-PER", "O", "I-LOC"], id="IOB1"),
        pytest.param(["B-PER", "I-PER", "B-PER", "O", "B-LOC"], id="IOB2"),
        pytest.param(["B-PER", "E-PER", "S-PER", "O", "S-LOC"], id="BIOES"),
        pytest.param(["B-PER", "L-PER", "U-PER", "O", "U-LOC"], id="BILOU"),
    ],
)
def test_every_scheme_gives_the_same_spans(tags: list[str]) -> None:
    tokens = ["Ada", "Lovelace\U0001f600", "Bob", "in", "R\u00f6m"]
    text = "".join(f"{token}\t{tag}\n" for token, tag in zip(tokens, tags, strict=True))
    (task,) = read(plan_of(SPANS), "a.bio", text).tasks
    assert spans_of(task) == [("Ada Lovelace\U0001f600", "PER"), ("Bob", "PER"), ("R\u00f6m", "LOC")]


def test_a_sentence_with_a_line_without_a_tag_is_refused_with_the_line() -> None:
    parsed = read(plan_of(SPANS), "a.conll", "Ada B-PER\nLovelace\n\nRome B-LOC\n")
    assert [task["data"]["text"] for task in parsed.tasks] == ["Rome"]
    assert [(told["code"], told["where"]) for told in parsed.refused] == [("bad-line", "sentence 1 (line 1), line 2")]


@pytest.mark.parametrize("text", ["Hello there B-side\nno tag here\n", "one\ntwo\n", "O\nO\n", "a O\n"])
def test_plain_lines_stay_plain_lines(text: str) -> None:
    assert sniff("a.txt", text.encode()) == "txt"


SPANS_PLAN = plan_of(SPANS)


@given(st.text(alphabet="OBIES-PERL \t\n\ra#\U0001f600", max_size=100))
def test_no_conll_file_breaks_the_import(text: str) -> None:
    parsed = read(SPANS_PLAN, "a.conll", text)
    assert all(told["where"] and told["hint"] for told in parsed.refused)
