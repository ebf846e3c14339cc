"""The formats there are, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from labeling.exports.asr import AsrManifest
from labeling.exports.coco import Coco
from labeling.exports.conll import Conll
from labeling.exports.export import Export, Options
from labeling.exports.fault import ExportFault
from labeling.exports.hugging_face import HuggingFace
from labeling.exports.lines import Records, TaskLines, Tasks
from labeling.exports.mask_files import MaskArrays, MaskPngs
from labeling.exports.mot import Mot
from labeling.exports.panoptic import Panoptic
from labeling.exports.parquet import Parquet
from labeling.exports.regions import field_of
from labeling.exports.spacy_json import SpacyJson
from labeling.exports.subtitles import Srt, Vtt
from labeling.exports.tables import Csv, Tsv
from labeling.exports.voc import Voc
from labeling.exports.yolo import Yolo, YoloObb, YoloPose, YoloSegments

FORMATS: Final[Mapping[str, type[Export]]] = {
    format_.name: format_
    for format_ in (
        Tasks, Records, Csv, Tsv, TaskLines,
        Coco, Panoptic, Yolo, YoloObb, YoloSegments, YoloPose, Voc, MaskPngs, MaskArrays,
        Conll, SpacyJson, AsrManifest, Srt, Vtt, Mot, HuggingFace, Parquet,
    )
}  # fmt: skip


def open_export(
    name: str, plan: Mapping[str, Any], options: Options | None = None, state: Mapping[str, Any] | None = None
) -> Export:
    """
    An export in the format *name*. `state`: `Export.now()` of one that began it.

    Raises:
        ExportFault: there is no such format, it does not fit the config, or an option is wrong.
    """
    format_ = FORMATS.get(name)
    if format_ is None:
        raise ExportFault("bad-format", f"{name[:40]} is not exported.", "format", f"Use {', '.join(FORMATS)}.")
    return format_(plan, options or Options(), state)


def objects_of(name: str, plan: Mapping[str, Any]) -> list[dict[str, str]]:
    """The objects that the format could be about, each with its field; none where it is about whole tasks."""
    return [
        {"name": str(thing["name"]), "field": field_of(thing)}
        for thing in plan["objects"]
        if thing["type"] in FORMATS[name].types and not thing.get("repeat")
    ]


def fitting(plan: Mapping[str, Any]) -> dict[str, ExportFault | None]:
    """Every format, with what is in its way for this config; one that only needs an object's name or `bounds` fits."""
    found: dict[str, ExportFault | None] = {}
    for name in FORMATS:
        try:
            open_export(name, plan)
            found[name] = None
        except ExportFault as fault:
            found[name] = None if fault.code in ("object-needed", "bounds-needed") else fault
    return found
