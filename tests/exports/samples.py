"""Configs, results and rows that the tests of exports share."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from functools import cache
from typing import Any

from labeling import masks
from labeling.exports import Export, Options, open_export, written
from labeling.exports.splits import read as read_splits
from labeling.masks import rle

from config_compiler import compile_config

Json = dict[str, Any]

WIDTH, HEIGHT = 200, 100

PICTURES = """<View>
  <Image name="img" value="$image"/>
  <RectangleLabels name="box" toName="img"><Label value="Big car"/><Label value="O'Neil &quot;x&quot; &lt;b&gt;"/>
    <Label value="猫"/></RectangleLabels>
  <PolygonLabels name="poly" toName="img"><Label value="Big car"/><Label value="Tree"/></PolygonLabels>
  <EllipseLabels name="round" toName="img"><Label value="Tree"/></EllipseLabels>
  <BrushLabels name="paint" toName="img"><Label value="Road"/></BrushLabels>
  <Choices name="light" toName="img" perRegion="true"><Choice value="dim"/></Choices>
</View>"""
QUOTED = 'O\'Neil "x" <b>'

POSE = """<View>
  <Image name="img" value="$image"/>
  <RectangleLabels name="box" toName="img"><Label value="Person"/></RectangleLabels>
  <KeyPointLabels name="kp" toName="img">
    <Label value="tail" model_index="1"/><Label value="nose" model_index="0"/></KeyPointLabels>
</View>"""

TEXTS = """<View>
  <Text name="t" value="$text"/>
  <Labels name="ner" toName="t"><Label value="Person Name"/><Label value="ORG"/></Labels>
  <Choices name="mood" toName="t"><Choice value="good"/><Choice value="bad"/></Choices>
</View>"""

SPEECH = """<View>
  <Audio name="a" value="$audio"/>
  <Labels name="who" toName="a"><Label value="Ann"/><Label value="Bob &amp; Co"/></Labels>
  <TextArea name="said" toName="a" perRegion="true"/>
</View>"""

VIDEO = """<View>
  <Video name="v" value="$video"/>
  <Labels name="what" toName="v"><Label value="Dog"/><Label value="Big cat"/></Labels>
  <VideoRectangle name="box" toName="v"/>
</View>"""

TWO = """<View>
  <Image name="left" value="$a"/><Image name="right" value="$b"/>
  <RectangleLabels name="box" toName="left"><Label value="x"/></RectangleLabels>
  <RectangleLabels name="box2" toName="right"><Label value="y"/></RectangleLabels>
</View>"""


@cache
def plan(config: str) -> Json:
    compiled = compile_config(config)
    assert compiled.plan is not None, compiled.diagnostics
    found: Json = json.loads(compiled.plan.to_json())
    return found


def region(id_: str, name: str, type_: str, labels: Iterable[str] = (), to: str = "img", **value: Any) -> Json:
    """A result on a picture of WIDTH x HEIGHT."""
    size = {"original_width": WIDTH, "original_height": HEIGHT, "image_rotation": 0}
    given = {type_: list(labels)} if labels else {}
    return {"id": id_, "from_name": name, "to_name": to, "type": type_, **size, "value": {**value, **given}}


def box(
    id_: str, label: str, x: float, y: float, width: float, height: float, rotation: float = 0, **more: Any
) -> Json:
    """In percent."""
    made = region(id_, "box", "rectanglelabels", [label], x=x, y=y, width=width, height=height, rotation=rotation)
    return {**made, **more}


def polygon(id_: str, label: str, *points: tuple[float, float]) -> Json:
    return region(id_, "poly", "polygonlabels", [label], points=[list(p) for p in points], closed=True)


def painted(id_: str, *runs: tuple[int, int]) -> Json:
    """A brush mask of runs of pixel numbers, row by row."""
    mask = masks.mask.from_runs(runs, WIDTH, HEIGHT)
    return region(id_, "paint", "brushlabels", ["Road"], format="rle", rle=list(rle.write(mask)))


def span(id_: str, label: str, start: int, end: int, name: str = "ner") -> Json:
    value = {"start": start, "end": end, "labels": [label]}
    return {"id": id_, "from_name": name, "to_name": "t", "type": "labels", "value": value}


def annotation(number: int, *results: Json, **more: Any) -> Json:
    base = {
        "id": number,
        "version": 1,
        "result": list(results),
        "completed_by": 40 + number,
        "was_cancelled": False,
        "ground_truth": False,
        "lead_time": 2.5,
        "created_at": f"2026-05-01T00:00:{number % 60:02d}Z",
        "updated_at": f"2026-05-01T00:00:{number % 60:02d}Z",
    }
    return {**base, **more}


def row(number: int, data: Json, *annotations: Json, **more: Any) -> Json:
    """A row of one task."""
    task = {
        "id": number,
        "inner_id": number,
        "project": 1,
        "data": data,
        "meta": {},
        "created_at": "2026-05-01T00:00:00Z",
    }
    return {"task": task, "annotations": list(annotations), "predictions": [], **more}


def picture(number: int, *results: Json, name: str = "a.jpg") -> Json:
    return row(number, {"image": f"https://example.org/photos/{name}"}, annotation(number, *results))


def made(format_: str, config: str, rows: Iterable[Json], **options: Any) -> tuple[bytes, Export]:
    """The file, and the export that has made it."""
    if "split" in options:
        options["splits"] = read_splits(options.pop("split"))
    export = open_export(format_, plan(config), Options(**options))
    return b"".join(written(export, rows)), export


def archive(data: bytes) -> dict[str, bytes]:
    """The files of a zip, read by the standard library, which checks every checksum."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def dropped(export: Export) -> Json:
    found: Json = export.report.body["regions"]["dropped"]
    return found
