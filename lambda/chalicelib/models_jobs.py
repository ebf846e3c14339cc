"""Bodies of requests about jobs, webhooks and sources; see models.py."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.models import Body

Actions = Annotated[list[Annotated[str, StringConstraints(max_length=60)]], Field(max_length=50)]
NonEmpty = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class NewWebhook(Body):
    """An address that is called when something happens. Names of the members are Label Studio's; `every` is ours."""

    url: Address
    project: int | None = Field(None, description="null: all projects.")
    send_payload: bool = Field(True, description="false: the action and the event's id only.")
    send_for_all_actions: bool = True
    headers: dict[str, str] = Field(default_factory=dict, description="Sent along, at most 10.")
    is_active: bool = True
    actions: Actions = Field(default_factory=list, description="Events to hear of, see /api/webhooks/info.")
    every: int | None = Field(None, ge=1, description="THRESHOLD_REACHED after so many verified tasks each.")


class ChangeWebhook(Body):
    """Members that are absent stay as they are."""

    url: Address | None = None
    send_payload: bool | None = None
    send_for_all_actions: bool | None = None
    headers: dict[str, str] | None = None
    is_active: bool | None = None
    actions: Actions | None = None
    every: int | None = Field(None, ge=1)
    new_secret: bool = Field(False, description="Make a new secret; the answer shows it, this once.")


class NewExport(Body):
    """An export that is made into a file."""

    format: Annotated[str, StringConstraints(max_length=40)] = Field(
        "JSON", description="One of /api/projects/{id}/export/formats."
    )
    download_all_tasks: bool = Field(False, description="Also tasks that nobody has annotated.")
    source: Literal["", "annotations", "consensus", "reviewed"] = Field(
        "", description="Whose answers; empty: annotations, for formats with one answer per task consensus."
    )
    split: Annotated[str, StringConstraints(max_length=500)] = Field(
        "", description="Sets and their shares, `train:0.8,val:0.1,test:0.1`; a task stays in its set."
    )
    seed: Annotated[str, StringConstraints(max_length=100)] = Field("", description="Another seed, other sets.")
    key: Annotated[str, StringConstraints(max_length=200)] = Field(
        "", description="Data field whose value decides the set of a task, such as a patient; else its id does."
    )
    object: Annotated[str, StringConstraints(max_length=200)] = Field(
        "", description="Name of the config's object that the export is about, where several fit the format."
    )
    names: Literal["task", "original"] = Field(
        "task", description="Names of files: with the task's id, or as they were."
    )
    bounds: bool = Field(False, description="Boxes around shapes that the format has no form for.")
    frames: bool = Field(False, description="Every frame of tracks: JSON, JSON_MIN, JSONL.")
    size: Annotated[str, StringConstraints(max_length=40)] = Field(
        "", description="Of pictures and videos whose own is not known: `1920x1080`."
    )
    to: int | None = Field(
        None, ge=1, description="A source of the project with a target: the file and its report are written there too."
    )
    spreadsheet: bool = Field(
        False, description="CSV, TSV for Excel and the like: marked as UTF-8, texts that begin as a formula quoted."
    )
    query: Annotated[str, StringConstraints(max_length=20_000)] = Field(
        "", description="Only tasks that it finds: as `query` of /api/tasks."
    )
    snapshot: int = Field(0, ge=0, description="Id of a snapshot: its tasks and answers instead of those of now.")


class NewSnapshot(Body):
    """The dataset of a project as it is now, kept under a name."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class NewComparison(Body):
    """What has changed from one snapshot to another."""

    after: int = Field(0, ge=0, description="Id of the later snapshot; 0: what is there now.")


class NewImport(Body):
    """An import of files that were uploaded, in the background."""

    uploads: list[str] = Field(min_length=1, max_length=1000)
    ground_truth: bool = False
    as_: Literal["annotations", "predictions"] = Field(
        "annotations", alias="as", description="What regions of COCO, YOLO, Pascal VOC and CoNLL become."
    )
    mapping: Annotated[dict[NonEmpty, NonEmpty], Field(max_length=200)] = Field(
        default_factory=dict, description="By column the field that it becomes."
    )
    image_root: str = Field(
        "", max_length=1000, description="What stands before names of images that are not in the import."
    )
    key: str = Field("", max_length=1000, description="The field that tells tasks apart.")
    duplicates: Literal["skip", "update", "add"] = Field(
        "skip", description="What happens to a task whose key is there already."
    )


class NewRecompute(Body):
    """Make what is derived from the annotations again."""

    what: Literal["consensus", "states"] = "consensus"


class NewSource(Body):
    """A bucket or folder whose files become tasks."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    address: Address = Field(description="`s3://bucket/prefix/`, or the path of a folder that the operator allows.")
    mode: Literal["files", "tasks"] = Field(
        "files", description="files: each file is a task; tasks: JSON, JSONL and CSV files hold tasks."
    )
    field: Annotated[str, StringConstraints(max_length=200)] = Field(
        "", description="files: the data field that gets the address; the first field of the config when empty."
    )
    pattern: Annotated[str, StringConstraints(max_length=500)] = Field(
        "", description="Regular expression that the whole path below the prefix must match."
    )
    recursive: bool = True
    target: Annotated[str, StringConstraints(max_length=1000)] = Field(
        "", description="Where results are written back: `s3://bucket/prefix/` or an allowed folder."
    )


class ChangeSource(Body):
    """Members that are absent stay as they are."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    pattern: Annotated[str, StringConstraints(max_length=500)] | None = None
    recursive: bool | None = None
    target: Annotated[str, StringConstraints(max_length=1000)] | None = None


class SyncSource(Body):
    """What a sync may do beside adding tasks."""

    delete_removed: bool = Field(
        False, description="Delete the tasks of files that are gone, unless somebody has worked on them."
    )
