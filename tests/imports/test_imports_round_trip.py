"""What is exported as COCO, YOLO, Pascal VOC or CoNLL and imported again says the same."""

from __future__ import annotations

import io
from typing import Any

import pytest
from labeling.imports import Beside, Options, parse, yolo
from labeling.imports.archives import Archive, open_archive
from labeling.imports.bundles import Bundle
from labeling.imports.targets import Targets

from tests.exports.samples import PICTURES, TEXTS, annotation, box, made, painted, plan, polygon, row, span

Json = dict[str, Any]


def read(config: Json, name: str, data: bytes) -> tuple[list[Json], list[str]]:
    """Tasks of a file, or of an archive's parts, and the codes of what is refused."""
    if not data.startswith(b"PK"):
        parsed = parse(config, name, data, Options(), Beside())
        return parsed.tasks, [told["code"] for told in parsed.refused]
    archive = open_archive(io.BytesIO(data), name)
    assert isinstance(archive, Archive)
    found = Bundle(archive.paths, archive.pieces, lambda path: f"/data/upload/1/{path}")
    tasks: list[Json] = []
    codes: list[str] = []
    for part in found.parts:
        if part.kind == "file":
            parsed = parse(config, part.path, found.whole(part.path, 1 << 20), Options(), found.beside(part.path))
            tasks += parsed.tasks
            codes += [told["code"] for told in parsed.refused]
        elif part.kind == "yolo":
            text = found.whole(part.labels, 1 << 20).decode()
            task, told = yolo.task(part.address, text, part.names, Targets(config), Options(), (200, 100), part.path)
            tasks.append(task)
            codes += [one["code"] for one in told]
        elif part.problem is not None:
            codes.append(part.problem["code"])
    return tasks, codes


def regions(task: Json) -> list[Any]:
    """Type, label and numbers of each region, to a hundredth of a percent, in no order."""
    found = []
    for result in task["annotations"][0]["result"]:
        value = dict(result["value"])
        label = value.pop(result["type"])
        value.pop("text", None)
        if "points" in value:
            value["points"] = sorted([round(x, 2), round(y, 2)] for x, y in value["points"])
        found.append((result["type"], label, {k: round(v, 2) if isinstance(v, float) else v for k, v in value.items()}))
    return sorted(found, key=repr)


BOX = box("a", "Big car", 10, 20, 30, 40)
TURNED = box("b", 'O\'Neil "x" <b>', 50, 20, 10, 20, 30)
SHAPE = polygon("c", "Tree", (10, 10), (60, 10), (60, 50.5))
MASK = painted("d", (205, 230), (405, 420))


@pytest.mark.parametrize(
    ("format_", "results"),
    [
        pytest.param("COCO", [BOX, SHAPE, MASK], id="COCO"),
        pytest.param("YOLO", [BOX], id="YOLO"),
        pytest.param("YOLO_OBB", [TURNED, BOX], id="YOLO_OBB"),
        pytest.param("YOLO_SEG", [SHAPE], id="YOLO_SEG"),
        pytest.param("VOC", [BOX], id="VOC"),
    ],
)
def test_regions_of_pictures_come_back(format_: str, results: list[Json]) -> None:
    data = {"image": "https://x.test/a.jpg"}
    written = made(format_, PICTURES, [row(1, data, annotation(1, *results))])[0]
    tasks, codes = read(plan(PICTURES), "a.zip" if written.startswith(b"PK") else "a.json", written)
    assert set(codes) <= {"left-out"}, codes
    assert [task["data"] for task in tasks] == [data]
    assert regions(tasks[0]) == regions({"annotations": [{"result": results}]})


def test_spans_come_back() -> None:
    text = "Ada Lovelace met ACME"
    spans = [span("a", "Person Name", 0, 12), span("b", "ORG", 17, 21)]
    written = made("CONLL2003", TEXTS, [row(1, {"text": text}, annotation(1, *spans))])[0]
    tasks, codes = read(plan(TEXTS), "a.conll", written)
    assert (codes, tasks[0]["data"]) == ([], {"text": text})
    assert regions(tasks[0]) == regions({"annotations": [{"result": spans}]})
