"""What every format has in common: which tasks and answers it takes, in which set they are, what is told about them."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from labeling.exports import answers, names, regions
from labeling.exports.answers import SOURCES, Answer
from labeling.exports.fault import ExportFault, LeftOut
from labeling.exports.files import File, Layout, Record
from labeling.exports.regions import Region, Said
from labeling.exports.report import Report
from labeling.exports.splits import Splits
from labeling.exports.stream import encode

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """
    source: `annotations`, `consensus`, `reviewed`; empty: what the format takes if nobody says.
    key: field of the data whose value decides a task's set, so that tasks with one value stay together.
    object: name of the config's object that the export is about; needed where several fit.
    names: of files: `task` puts the task's id before the data's own name, `original` does not.
    bounds: shapes that the format has no form for become the box around them; without they are left out.
    frames: every frame of tracks is written out, not the key frames alone (JSON, JSON_MIN, JSONL).
    size: of pictures and videos whose own is not known, such as `1920x1080`.
    size_of: looks into the file of a picture that no result tells the size of; None if it does not know either.
    spreadsheet: a table that is opened in Excel and the like: with a mark that it is UTF-8, and no text of it is a
    formula (CSV, TSV).
    """

    source: str = ""
    splits: Splits | None = None
    key: str = ""
    object: str = ""
    names: str = "task"
    bounds: bool = False
    frames: bool = False
    size: str = ""
    spreadsheet: bool = False
    size_of: Callable[[str], tuple[int, int] | None] | None = None

    def __post_init__(self) -> None:
        if self.source and self.source not in SOURCES:
            raise ExportFault("bad-source", f"There is no source {self.source[:40]}.", "source", f"Use {_or(SOURCES)}.")
        if self.names not in ("task", "original"):
            raise ExportFault("bad-names", f"There are no names {self.names[:40]}.", "names", "Use task or original.")
        if self.size and self.pixels is None:
            raise ExportFault("bad-size", f"{self.size[:40]} is no size.", "size", "Such as 1920x1080.")

    @property
    def pixels(self) -> tuple[int, int] | None:
        """`size` as width and height."""
        width, _, height = self.size.lower().partition("x")
        if not (width.isascii() and height.isascii() and width.isdigit() and height.isdigit()):
            return None
        found = (int(width[:9]), int(height[:9]))
        return found if all(found) else None


@dataclass(slots=True)
class Task:
    """One task that is in the export. `set`: train, val …; empty without splits."""

    id: int
    data: Mapping[str, Any]
    answers: list[Answer]
    set: str
    row: Mapping[str, Any]


@dataclass
class Export(ABC):
    """
    A format at work: `add` every row, keep the records, then ask for the layout.

    A row is that of `json_tasks`. `state` is JSON; a new Export with it goes on where this one stands.
    """

    plan: Mapping[str, Any]
    options: Options = field(default_factory=Options)
    state: Mapping[str, Any] | None = None
    report: Report = field(init=False)
    kept: Json = field(init=False)
    """What the format itself has to remember."""
    target: Mapping[str, Any] = field(init=False)
    _known: Json = field(init=False, repr=False)

    name: ClassVar[str]
    title: ClassVar[str]
    ending: ClassVar[str]
    media_type: ClassVar[str]
    types: ClassVar[tuple[str, ...]] = ()
    """Types of objects that it can be about; none: of whole tasks."""
    one: ClassVar[bool] = True
    """One answer for each task."""
    takes: ClassVar[tuple[str, ...]] = ()
    """Options that change something in this format, beside source, splits and object."""
    predictions: ClassVar[bool] = False
    """It has a use for predictions; else rows need not have them."""
    is_zip: ClassVar[bool] = False

    def __post_init__(self) -> None:
        state = self.state or {}
        self.report = Report(self.name, state.get("report"))
        self.kept = json.loads(json.dumps(state.get("kept") or {}))
        self._known = {}
        self.target = {}
        if self.types:
            self.target = regions.pick(self.plan, self.types, self.options.object, self.name)
        self.check()

    # For formats

    def check(self) -> None:  # noqa: B027 - most formats ask no more than the object
        """
        Raises:
            ExportFault: the config does not fit.
        """

    @abstractmethod
    def task(self, task: Task) -> Iterator[Record]:
        """The records of a task.

        Raises:
            LeftOut: it is not in the export.
        """

    @abstractmethod
    def files(self) -> list[File]:
        """The files, as far as the tasks so far tell: names of classes, columns."""

    # For hosts

    @property
    def source(self) -> str:
        return self.options.source or ("consensus" if self.one else "annotations")

    @property
    def sets(self) -> tuple[str, ...]:
        return self.options.splits.names if self.options.splits else ("",)

    def now(self) -> Json:
        """The state, as JSON."""
        return {"report": self.report.body, "kept": self.kept}

    def add(self, row: Mapping[str, Any]) -> list[Record]:
        task: Mapping[str, Any] = row["task"]
        self.report.read()
        try:
            found, others = answers.chosen(row, self.source, one=self.one)
            made = Task(task["id"], task["data"], found, self._set(task), row)
            records = list(self.task(made))
        except LeftOut as why:
            self.report.task_left_out(task["id"], why.reason)
            return []
        self.report.answer_left_out("another-answer", others)
        self.report.task_written(len(found), made.set)
        return records

    def layout(self) -> Layout:
        is_archive = self.is_zip or self.options.splits is not None
        files = self.files()
        return Layout(files, is_archive, self.report)

    def filename(self, stem: str) -> str:
        return f"{stem}.zip" if self.is_zip or self.options.splits is not None else f"{stem}.{self.ending}"

    def type_of_file(self) -> str:
        return "application/zip" if self.filename("").endswith(".zip") else self.media_type

    # Helpers

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What *make* gives, made the first time it is asked for; of the config, which does not change."""
        if name not in self._known:
            self._known[name] = make()
        return self._known[name]

    def _set(self, task: Mapping[str, Any]) -> str:
        return self.options.splits.of(key_of(task, self.options.key)) if self.options.splits else ""

    def said(self, answer: Answer) -> Said:
        return regions.read(self.plan, answer.result, self.target)

    def file_name(self, task: Task, kind: str, item: int | None = None) -> str:
        """Of the picture, sound … of a task, with its ending."""
        shown = regions.shown(self.target, task.data)
        if isinstance(shown, list):
            shown = shown[item or 0] if (item or 0) < len(shown) else None
        base = names.base(shown, kind)
        if self.options.names == "original":
            return base
        return f"{task.id}_{base}" if item is None else f"{task.id}_{item}_{base}"

    def drop(self, task: Task, region: Region, reason: str) -> None:
        self.report.dropped(task.id, region.id, reason)


def key_of(task: Mapping[str, Any], field_: str) -> str:
    """What decides a task's set: the value of a field of its data (a patient, a book), else the task's id."""
    value = task["data"].get(field_) if field_ else None
    if value is None:
        return str(task["id"])
    return value if isinstance(value, str) else encode(value).decode()


def line(value: Any) -> bytes:
    return encode(value) + b"\n"


def _or(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
