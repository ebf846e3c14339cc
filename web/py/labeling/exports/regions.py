"""The results of one answer as regions with labels and answers, for formats that know nothing of controls.

Results that share an id are one region (docs/results.md): its shape, its labels, and what was answered about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from labeling import values
from labeling.exports.fault import ExportFault

Json = dict[str, Any]

SHAPES = {
    "rectangle": "rectangle", "rectanglelabels": "rectangle", "ellipse": "ellipse", "ellipselabels": "ellipse",
    "polygon": "polygon", "polygonlabels": "polygon", "keypoint": "keypoint", "keypointlabels": "keypoint",
    "vector": "vector", "vectorlabels": "vector", "brush": "brush", "brushlabels": "brush", "magicwand": "brush",
    "bitmask": "bitmask", "bitmasklabels": "bitmask", "bitmaskregion": "bitmask", "hypertextlabels": "hyperspan",
    "htmllabels": "hyperspan", "paragraphlabels": "phrase", "timeserieslabels": "series", "timelinelabels": "timeline",
    "videorectangle": "track", "videovector": "vectortrack", "videovectorlabels": "vectortrack", "ocrlabels": "ocrbox",
    "cuboid": "cuboid", "cuboidlabels": "cuboid", "pointlabels": "points",
}  # fmt: skip
"""Kind of region by the type of its result. `labels` is a shape of its own only where none of these is beside it."""

_LABELS_ALONE = {"text": "span", "hypertext": "hyperspan", "paragraphs": "phrase", "audio": "segment"}
_ANSWERS = ("choices", "taxonomy", "textarea", "rating", "number", "datetime")


@dataclass(slots=True)
class Region:
    """`value`: the geometry as stored. `size`: of its picture in pixels. `item`: page of a picture with pages."""

    id: str
    kind: str
    control: str
    value: Mapping[str, Any]
    labels: list[str] = field(default_factory=list)
    answers: Json = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    size: tuple[int, int] | None = None
    item: int | None = None
    parent: str | None = None


@dataclass(slots=True)
class Said:
    """What one answer says about one object: its regions in stored order, and answers about the whole."""

    regions: list[Region] = field(default_factory=list)
    answers: Json = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


def read(plan: Mapping[str, Any], result: Iterable[Any], target: Mapping[str, Any]) -> Said:
    """Of the object *target* of the plan. Results without a shape and an answer (relations) are passed over."""
    homes = {control["name"]: control for control in plan["controls"]}
    said = Said()
    found: dict[str, Region] = {}
    later: list[Mapping[str, Any]] = []
    for row in result:
        if not isinstance(row, Mapping) or not isinstance(row.get("value"), Mapping):
            continue
        control = homes.get(str(row.get("from_name")))
        aims = [row["to_name"]] if row.get("to_name") else (control or {}).get("to") or []
        if target["name"] not in aims:
            continue
        type_ = str(row.get("type") or (control or {}).get("type"))
        kind = SHAPES.get(type_)
        if kind == "hyperspan" and target["type"] == "text":
            kind = "span"
        if kind is None:
            later.append({**row, "type": type_})
            continue
        region = found.get(str(row.get("id")))
        if region is None or region.kind != kind:
            region = _region(row, kind)
            found[region.id] = region
            said.regions.append(region)
        _add_labels(region, row["value"], type_)
    later.sort(
        key=lambda row: row["type"] in _ANSWERS and row["type"] != "taxonomy"
    )  # marks first: answers may be about them
    for row in later:
        _place(said, found, row, target)
    return said


def _region(row: Mapping[str, Any], kind: str) -> Region:
    size = (whole(row.get("original_width")), whole(row.get("original_height")))
    item = row.get("item_index")
    return Region(
        str(row.get("id")),
        kind,
        str(row.get("from_name")),
        row["value"],
        size=(size[0], size[1]) if size[0] and size[1] else None,
        item=item if isinstance(item, int) else None,
        parent=row.get("parentID") if isinstance(row.get("parentID"), str) else None,
    )


def _add_labels(region: Region, value: Mapping[str, Any], type_: str) -> None:
    given = value.get(type_, value.get("labels") if region.kind in ("track", "vectortrack") else None)
    for label in given if isinstance(given, list) else [given] if isinstance(given, str) else ():
        if isinstance(label, str) and label not in region.labels:
            region.labels.append(label)


def _place(said: Said, found: dict[str, Region], row: Mapping[str, Any], target: Mapping[str, Any]) -> None:
    """A row of labels, or of an answer about a region or the whole."""
    type_, value = row["type"], row["value"]
    region = found.get(str(row.get("id")))
    if type_ == "labels":
        if region is None:
            kind = _LABELS_ALONE.get(target["type"], "rectangle" if "width" in value else "unknown")
            region = _region(row, kind)
            found[region.id] = region
            said.regions.append(region)
        _add_labels(region, value, "labels")
        return
    if type_ == "taxonomy" and region is None and {"start", "end"} <= value.keys():
        region = _region(row, _LABELS_ALONE.get(target["type"], "unknown"))
        found[region.id] = region
        said.regions.append(region)
        region.labels += [" / ".join(map(str, path)) for path in value.get("taxonomy") or () if isinstance(path, list)]
        return
    if type_ not in _ANSWERS:
        return
    answer = value.get("text" if type_ == "textarea" else type_)
    if answer is None:
        return
    holder: Region | Said = said if region is None else region
    holder.answers[str(row.get("from_name"))] = answer
    if type_ == "textarea":
        holder.texts += [text for text in (answer if isinstance(answer, list) else [answer]) if isinstance(text, str)]


def whole(value: object) -> int:
    """A size in pixels, 0 where it is none."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e9 else 0


# The object of the config that an export is about


def pick(plan: Mapping[str, Any], types: Iterable[str], asked: str, format_name: str) -> Mapping[str, Any]:
    """
    The object that a format is made of: the one that *asked* names, else the only one of *types*.

    Raises:
        ExportFault: there is none, it is of another type, or there are several and none is named.
    """
    wanted = tuple(types)
    fitting: list[Mapping[str, Any]] = [
        thing for thing in plan["objects"] if thing["type"] in wanted and not thing.get("repeat")
    ]
    kinds = " or ".join(f"<{name.capitalize()}>" for name in wanted)
    told = ", ".join(f"{thing['name']} (field {field_of(thing) or 'none'})" for thing in fitting)
    where = "object"
    if asked:
        found: list[Mapping[str, Any]] = [thing for thing in plan["objects"] if thing["name"] == asked]
        if not found or found[0] not in fitting:
            what = f"{asked[:80]} is no {kinds} of this config." if found else f"The config has no object {asked[:80]}."
            raise ExportFault("bad-object", what, where, f"Use one of: {told}." if told else "")
        return found[0]
    if not fitting:
        hint = "JSON, JSON_MIN, CSV, TSV and JSONL hold every kind of answer."
        repeated = any(thing["type"] in wanted for thing in plan["objects"])
        why = "it is inside a Repeater" if repeated else "this config has none"
        raise ExportFault("format-does-not-fit", f"{format_name} needs {kinds}; {why}.", "format", hint)
    if len(fitting) > 1:
        message = f"This config has {len(fitting)} objects that {format_name} could be about: {told}."
        raise ExportFault("object-needed", message, where, "Name one of them as object.")
    return fitting[0]


def field_of(thing: Mapping[str, Any]) -> str:
    value = thing.get("value")
    return str(value.get("source") or "") if isinstance(value, Mapping) else ""


def shown(thing: Mapping[str, Any], data: Mapping[str, Any]) -> object:
    """What the task's data has for the object: an address, a text, a list; None when it is missing."""
    value = thing.get("value")
    return values.resolve(value, data).value if isinstance(value, Mapping) else None


def labels_of(plan: Mapping[str, Any], target: Mapping[str, Any], kinds: Iterable[str]) -> list[Mapping[str, Any]]:
    """Options of every control that labels regions of *kinds* on the object, in the config's order, each name once."""
    wanted = set(kinds)
    found: dict[str, Mapping[str, Any]] = {}
    controls = [control for control in plan["controls"] if target["name"] in control.get("to", ())]
    shapes = {SHAPES.get(control["type"]) for control in controls}
    for control in controls:
        kind = SHAPES.get(control["type"])
        is_labels = control["type"] == "labels" and bool(
            wanted & (shapes | {_LABELS_ALONE.get(target["type"], "rectangle")})
        )
        if kind in wanted or is_labels:
            for option in control.get("options") or ():
                if "stored" in option:
                    found.setdefault(str(option["stored"]), option)
    return list(found.values())
