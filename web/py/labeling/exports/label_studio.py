"""Label Studio's JSON and JSON_MIN exports from stored rows.

Both take an iterable of rows, plain dicts:

    {"task": {"id", "inner_id", "project", "data", "meta", "created_at", "updated_at", "overlap", "state"},
     "annotations": [{"id", "version", "task", "project", "result", "completed_by", "was_cancelled", "ground_truth",
                      "lead_time", "created_at", "updated_at", "unique_id"}],
     "predictions"?: [...], "drafts"?: [...], "consensus"?: what labeling.consensus.compute gave}

Ids are ints, times ISO 8601 texts, lead_time seconds, results Label Studio's as stored. Only `task.id`, `task.data` and
the `id` and `result` of annotations must be there. Members that are not named here are exported as they are.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from labeling import repeat, tracks
from labeling.exports.stream import json_array

Json = dict[str, Any]

_DONE = frozenset({"agreed", "disagree", "verified"})
# Named differently or made from other members in the export.
_NOT_COPIED = frozenset({"state"})


def json_tasks(rows: Iterable[Mapping[str, Any]], *, interpolate_key_frames: bool = False) -> Iterator[bytes]:
    """
    Label Studio's JSON export: an array of tasks with their annotations, as chunks of UTF-8.

    Every task has the keys of the reference's section 17. Predictions and drafts are in full. Annotations that were put
    aside say `discarded`, those of another purpose than to label the task (gold, repeat, review …) their `purpose`.
    `consensus` is ours and there only if the row has one (`{"agreement", "reason", "made_from", "controls", "result"}`,
    in `controls` `{"metric", "agreement", "reason"}` by name); Label Studio ignores it on import.
    With *interpolate_key_frames* tracks of videos have every frame in their sequence, those between key frames with
    `auto: true`.
    """
    return json_array(task(with_frames(row) if interpolate_key_frames else row) for row in rows)


def json_min(
    rows: Iterable[Mapping[str, Any]], plan: Mapping[str, Any], *, interpolate_key_frames: bool = False
) -> Iterator[bytes]:
    """
    Label Studio's JSON_MIN export: an array with one flat object for each annotation, a task's newest first.

    Members: the task's data, `id` (of the task), one for each control with an answer, `annotator`, `annotation_id`,
    `created_at`, `updated_at`, `lead_time`, and `agreement` if the task's is known. A control's member is the list of
    its values (with `original_width` and `original_height` for images); a single Choices or TextArea result becomes a
    text if it holds one item, else an object. Skipped and discarded annotations are left out. A data field whose name
    is taken gets `_data_` before it, so that nothing is lost. *interpolate_key_frames*: as in `json_tasks`.
    """
    given = (with_frames(row) for row in rows) if interpolate_key_frames else rows
    return json_array(record for row in given for record in records(row, plan))


def with_frames(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row with every track of its annotations and predictions expanded."""
    made = dict(row)
    for key in ("annotations", "predictions"):
        if row.get(key):
            made[key] = [{**entry, "result": [_expanded(item) for item in entry["result"]]} for entry in row[key]]
    return made


def _expanded(item: Any) -> Any:
    if not isinstance(item, dict) or not isinstance(item.get("value"), dict) or "sequence" not in item["value"]:
        return item
    return {**item, "value": tracks.expand(item["value"])}


def task(row: Mapping[str, Any]) -> Json:
    task: Mapping[str, Any] = row["task"]
    annotations = [_annotation(annotation, task) for annotation in row.get("annotations") or ()]
    counting = [annotation for annotation in annotations if not annotation.get("discarded")]
    skipped = sum(annotation["was_cancelled"] for annotation in counting)
    predictions, drafts = list(row.get("predictions") or ()), list(row.get("drafts") or ())
    made: Json = {
        "id": task["id"],
        "inner_id": task.get("inner_id"),
        "project": task.get("project"),
        "data": task["data"],
        "meta": task.get("meta") or {},
        "annotations": annotations,
        "predictions": predictions,
        "drafts": drafts,
        "created_at": task.get("created_at"),
        "updated_at": task.get("updated_at"),
        "updated_by": task.get("updated_by"),
        "file_upload": task.get("file_upload"),
        "overlap": task.get("overlap", 1),
        "is_labeled": task.get("state") in _DONE,
        "total_annotations": len(counting) - skipped,
        "cancelled_annotations": skipped,
        "total_predictions": len(predictions),
        "comment_count": 0,
        "unresolved_comment_count": 0,
        "comment_authors": [],
        "last_comment_updated_at": None,
        "allow_skip": task.get("allow_skip", True),
    }
    consensus = row.get("consensus")
    if consensus:
        made["consensus"] = _consensus(consensus)
    return made | _others(task, made)


def _consensus(consensus: Mapping[str, Any]) -> Json:
    """Without the pairs of people, which grow with the square of the overlap."""
    controls: Mapping[str, Mapping[str, Any]] = consensus.get("controls") or {}
    said = {
        name: {key: control.get(key) for key in ("metric", "agreement", "reason")} for name, control in controls.items()
    }
    kept = {key: consensus.get(key) for key in ("agreement", "reason", "made_from", "result")}
    return {**kept, "controls": said}


def _annotation(annotation: Mapping[str, Any], task: Mapping[str, Any]) -> Json:
    result = annotation["result"]
    made: Json = {
        "id": annotation["id"],
        "result": result,
        "completed_by": annotation.get("completed_by"),
        "was_cancelled": bool(annotation.get("was_cancelled")),
        "ground_truth": bool(annotation.get("ground_truth")),
        "lead_time": annotation.get("lead_time"),
        "created_at": annotation.get("created_at"),
        "updated_at": annotation.get("updated_at"),
        "draft_created_at": annotation.get("draft_created_at"),
        "result_count": len(result),
        "unique_id": annotation.get("unique_id"),
        "import_id": annotation.get("import_id"),
        "task": annotation.get("task", task["id"]),
        "project": annotation.get("project", task.get("project")),
        "updated_by": annotation.get("updated_by"),
        "parent_prediction": annotation.get("parent_prediction"),
        "parent_annotation": annotation.get("parent_annotation"),
        "prediction": annotation.get("prediction") or {},
        "last_action": annotation.get("last_action"),
        "last_created_by": annotation.get("last_created_by"),
        "bulk_created": bool(annotation.get("bulk_created")),
    }
    return made | _others(annotation, made)


def _others(stored: Mapping[str, Any], made: Json) -> Json:
    return {key: value for key, value in stored.items() if key not in made and key not in _NOT_COPIED}


def records(row: Mapping[str, Any], plan: Mapping[str, Any]) -> Iterator[Json]:
    task: Mapping[str, Any] = row["task"]
    types = _types(plan, task["data"])
    agreement = (row.get("consensus") or {}).get("agreement")
    given = row.get("annotations") or ()
    kept = [entry for entry in given if not entry.get("was_cancelled") and not entry.get("discarded")]
    kept.sort(key=lambda annotation: (annotation.get("created_at") or "", annotation["id"]), reverse=True)
    for annotation in kept:
        record: Json = {"id": task["id"]}
        for name, values in _values(annotation["result"]).items():
            record[name] = _short(types.get(name), values)
        record |= {
            "annotator": annotation.get("completed_by"),
            "annotation_id": annotation["id"],
            "created_at": annotation.get("created_at"),
            "updated_at": annotation.get("updated_at"),
            "lead_time": annotation.get("lead_time"),
        }
        if agreement is not None:
            record["agreement"] = agreement
        # A control that is empty here but filled elsewhere keeps its name, so that every record means the same by it.
        taken = record.keys() | types.keys()
        data = {free_name(key, taken, task["data"]): value for key, value in task["data"].items()}
        yield data | record


def free_name(key: str, taken: Container[str], data: Container[str]) -> str:
    """What a data field is called beside members of other things: `_data_` before it until nothing has that name."""
    name = key
    while name in taken or (name != key and name in data):
        name = f"_data_{name}"
    return name


def _types(plan: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, str]:
    """Control name -> its type; copies of a Repeater's controls are those of the task."""
    if any("repeat" in control for control in plan["controls"]):
        plan = repeat.expand(plan, data)
    return {control["name"]: control["type"] for control in plan["controls"]}


def _values(result: Iterable[Any]) -> dict[str, list[Json]]:
    """Control name -> its values, in stored order; results without a control (relations) are not in JSON_MIN."""
    found: dict[str, list[Json]] = {}
    for item in result:
        if not isinstance(item, dict) or not isinstance(item.get("value"), dict) or "from_name" not in item:
            continue
        value = dict(item["value"])
        for key in ("original_width", "original_height"):
            if key in item:
                value[key] = item[key]
        found.setdefault(str(item["from_name"]), []).append(value)
    return found


def _short(kind: str | None, values: list[Json]) -> Any:
    key = {"choices": "choices", "textarea": "text"}.get(kind or "")
    if key is None or len(values) != 1:
        return values
    items = values[0].get(key)
    if isinstance(items, list) and len(items) == 1:
        return items[0]
    return {key: items} if isinstance(items, list) else values
