"""A folder that `datasets.load_dataset` opens, in a zip: JSON lines for each set, and a README.md with metadata.

Source: huggingface.co/docs/datasets, "Create a dataset card" and "Structure your repository" (`configs`, `dataset_info`
in the YAML head). A row is a task with one answer: `id`, the fields of its data, a column for each control with answers
about the whole, and `regions`: what was marked. Columns have one type each, as Arrow wants it:

    choices                single: text, else list of texts      rating, number   number
    textarea               list of texts                         taxonomy         list of lists of texts
    datetime, pairwise     text                                  others           JSON as text
    answers for each page  JSON as text: [{"item": 0, …}, …]     chat             JSON as text: its messages
    regions                list of {id, object, control, kind, labels, start, end, text, bbox, points, value, answers}

`bbox` is [x, y, width, height] and `points` [[x, y], …] in pixels, `start` and `end` numbers (code points, seconds),
`value` the stored geometry and `answers` what was answered about the region, as JSON. A field of the data that is a
text here and a number there is text. Pictures and sounds stay addresses, which
`dataset.cast_column("image", datasets.Image())` loads.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from labeling.exports import outlines, regions
from labeling.exports.export import Export, Task, line
from labeling.exports.fault import ExportFault
from labeling.exports.files import File, Record, Stream
from labeling.exports.label_studio import free_name
from labeling.exports.outlines import MASKS, Unreadable
from labeling.exports.regions import Region
from labeling.exports.stream import encode
from labeling.exports.yolo import quoted

Json = dict[str, Any]

_TEXTS = {"datetime": "datetime", "pairwise": "selected"}
_NUMBERS = {"rating": "rating", "number": "number"}
_REGION = """
  - name: regions
    list:
    - {name: id, dtype: string}
    - {name: object, dtype: string}
    - {name: control, dtype: string}
    - {name: kind, dtype: string}
    - {name: labels, sequence: string}
    - {name: start, dtype: float64}
    - {name: end, dtype: float64}
    - {name: text, dtype: string}
    - {name: bbox, sequence: float64}
    - {name: points, sequence: {sequence: float64}}
    - {name: value, dtype: string}
    - {name: answers, dtype: string}
"""


class HuggingFace(Export):
    name = "HF_DATASET"
    title = "Hugging Face: a folder for datasets.load_dataset"
    ending = "zip"
    media_type = "application/zip"
    is_zip = True
    reserved: ClassVar[frozenset[str]] = frozenset({"id", "regions", "annotator", "agreement"})

    def check(self) -> None:
        if any(control.get("repeat") for control in self.plan["controls"]):
            message = f"{self.name} has a column for each control; inside a Repeater the data says how many."
            raise ExportFault("format-does-not-fit", message, "format", "JSONL has everything.")
        if own := sorted(self.reserved & {control["name"] for control in self.plan["controls"]}):
            message = f"{self.name} has a column of its own with the name of the control {own[0]!r}."
            raise ExportFault("format-does-not-fit", message, "format", "JSONL has everything, or rename the control.")

    def task(self, task: Task) -> Iterator[Record]:
        answer = task.answers[0]
        columns: dict[str, str] = self.kept.setdefault("fields", {})
        taken = self.reserved | {control["name"] for control in self.plan["controls"]}
        row: Json = {"id": task.id}
        for field, value in task.data.items():
            name = free_name(field.encode("utf-8", "replace").decode(), taken, task.data)  # half a pair is no name
            kind = _kind(value)
            if kind:
                columns[name] = kind if columns.get(name, kind) == kind else _wider(columns[name], kind)
            elif name not in columns:
                columns[name] = ""
            row[name] = value
        row |= self._answers(answer.result)
        row["annotator"] = answer.annotation.get("completed_by")
        row["agreement"] = (task.row.get("consensus") or {}).get("agreement")
        row["regions"] = [
            self._region(region, thing["name"])
            for thing in self.plan["objects"]
            for region in regions.read(self.plan, answer.result, thing).regions
        ]
        self.report.region_written(len(row["regions"]))
        yield f"rows.{task.set}", line(row)

    def _answers(self, result: list[Any]) -> Json:
        """Of every control with answers about the whole; null where there is none."""
        given: dict[str, list[Mapping[str, Any]]] = {}
        marked = {row.get("id") for row in result if isinstance(row, Mapping) and row.get("type") in regions.SHAPES}
        marked |= {row.get("id") for row in result if isinstance(row, Mapping) and row.get("type") == "labels"}
        for row in result:
            if isinstance(row, Mapping) and isinstance(row.get("value"), Mapping) and row.get("id") not in marked:
                given.setdefault(str(row.get("from_name")), []).append(row)
        return {name: _answer(control, given.get(name) or []) for name, control in self._controls().items()}

    def _controls(self) -> dict[str, Mapping[str, Any]]:
        """Controls whose answers are about the whole."""
        return {
            control["name"]: control
            for control in self.plan["controls"]
            if control["type"] not in regions.SHAPES and control["type"] != "labels" and not control.get("per_region")
        }

    @staticmethod
    def _region(region: Region, thing: str) -> Json:
        quote = region.value.get("text")
        made: Json = {
            "id": region.id,
            "object": thing,
            "control": region.control,
            "kind": region.kind,
            "labels": region.labels,
            "start": _float(region.value.get("start")),
            "end": _float(region.value.get("end")),
            "text": quote if isinstance(quote, str) else " ".join(region.texts) or None,
            "bbox": None,
            "points": None,
            "value": encode(region.value).decode(),
            "answers": encode(region.answers).decode() if region.answers else None,
        }
        if region.size and region.kind not in MASKS:
            try:
                if region.kind == "keypoint":
                    made["points"] = [[round(n, 3) for n in outlines.point(region.value, region.size)]]
                else:
                    ring = outlines.rings(region, region.size)[0]
                    made["bbox"] = [round(n, 3) for n in outlines.frame(ring)]
                    made["points"] = [[round(x, 3), round(y, 3)] for x, y in ring]
            except Unreadable:
                made["bbox"] = None
        return made

    def files(self) -> list[File]:
        sets = [(name or "train", f"{name or 'train'}.jsonl") for name in self.sets]
        made = [
            File(path, (Stream(f"rows.{name}", made=self._typed),))
            for name, (_, path) in zip(self.sets, sets, strict=True)
        ]
        head = ["---\nconfigs:\n- config_name: default\n  data_files:\n"]
        head += [f"  - split: {_split(name)}\n    path: {path}\n" for name, path in sets]
        head.append("dataset_info:\n  features:\n  - {name: id, dtype: int64}\n")
        for name, kind in self._types().items():
            head.append(f"  - {{name: {quoted(name)}, {_feature(kind)}}}\n")
        head.append(_REGION.lstrip("\n") + "---\n\n")
        tasks = self.report.body["tasks"]
        head.append(
            f"# Labeled data\n\n{tasks['written']} of {tasks['read']} tasks, answers: {self.source}.\n"
            "Made by Labelkite. `report.json` says what was left out.\n\n"
            "```python\nfrom datasets import load_dataset\n\n"
            'dataset = load_dataset("path/of/this/folder")\n```\n'
        )  # fmt: skip
        return [*made, File("README.md", ("".join(head).encode("utf-8", "replace"),))]

    def _types(self) -> dict[str, str]:
        """Column to `string`, `int64`, `float64`, `bool`, `strings`, `paths`."""
        fields = {name: kind or "string" for name, kind in (self.kept.get("fields") or {}).items()}
        answers = {name: _type(control) for name, control in self._controls().items()}
        return {**fields, **answers, "annotator": "int64", "agreement": "float64"}

    def _typed(self, rows: Iterator[bytes]) -> Iterator[bytes]:
        types = self._types()
        for row in rows:
            found = json.loads(row)
            made = {"id": found["id"], **{name: _as(kind, found.get(name)) for name, kind in types.items()}}
            yield line({**made, "regions": found["regions"]})


def _kind(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64" if abs(value) < 1 << 63 else "string"
    return "float64" if isinstance(value, float) else "string"


def _wider(one: str, other: str) -> str:
    if not one:
        return other
    return "float64" if {one, other} == {"int64", "float64"} else "string"


def _as(kind: str, value: Any) -> Any:
    if value is None:
        return None
    match kind:
        case "string":
            return value if isinstance(value, str) else encode(value).decode()
        case "float64":
            return _float(value)
        case "int64":
            return value if isinstance(value, int) else None
        case _:
            return value


def _has_several(control: Mapping[str, Any]) -> bool:
    """An answer for each page, or a message for each turn: a result each."""
    return bool(control.get("per_item")) or control["type"] == "chatmessage"


def _type(control: Mapping[str, Any]) -> str:
    type_ = control["type"]
    if _has_several(control):
        return "string"
    if type_ == "choices" and control.get("allow_nested"):
        return "paths"
    if type_ == "choices":
        return "string" if control.get("choice", "single").startswith("single") else "strings"
    return {"textarea": "strings", "taxonomy": "paths", "rating": "float64", "number": "float64"}.get(type_, "string")


def _answer(control: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> Any:
    if not rows:
        return None
    type_ = control["type"]
    if _has_several(control):
        pages = [{"item": row["item_index"]} if "item_index" in row else {} for row in rows]
        return encode([{**page, **row["value"]} for page, row in zip(pages, rows, strict=True)]).decode()
    name = {**_TEXTS, **_NUMBERS, "textarea": "text"}.get(type_, type_)
    found = rows[-1]["value"].get(name)
    if type_ == "textarea":
        found = [text for row in rows for text in _listed(row["value"].get(name))]
    match _type(control):
        case "strings":
            return [str(part) for part in found] if isinstance(found, list) else [str(found)]
        case "paths":
            paths = found if isinstance(found, list) else []
            return [[str(part) for part in (path if isinstance(path, list) else [path])] for path in paths]
        case "float64":
            return _float(found)
        case _:
            if type_ == "choices" and isinstance(found, list):
                return str(found[0]) if found else None
            return found if isinstance(found, str) else encode(found).decode()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _feature(kind: str) -> str:
    return {"strings": "sequence: string", "paths": "sequence: {sequence: string}"}.get(kind, f"dtype: {kind}")


def _float(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _split(name: str) -> str:
    """`datasets` knows the middle set as validation."""
    return {"val": "validation"}.get(name, name.replace("-", "_"))
