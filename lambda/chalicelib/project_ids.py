"""Ids of rows as ids of a project file, and those of a file as ids of this installation: the same walk both ways.

What a file says is not trusted: ids must be numbers that the file has named before, else it is damaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.media import DATA_PREFIX
from chalicelib.project_file import damaged
from chalicelib.tasks import RARE, STORED

Row = dict[str, Any]
_Body = Mapping[str, Any]
Map = Mapping[int, int]

UPLOAD = DATA_PREFIX + "project/"
"""How a file names what was uploaded to the project."""


class Ids:
    """
    One task's ids as others.

    people: old ids to new ones, of everybody who was named. annotations, comments, predictions: of this task.
    project: None leaves the member out.
    """

    def __init__(
        self, task: int, project: int | None, people: Map, annotations: Map, comments: Map, predictions: Map
    ) -> None:
        self.task, self.people = task, people
        self.annotations, self.comments, self.predictions = annotations, comments, predictions
        self._project = {} if project is None else {"project": project}

    def _placed(self, body: _Body, **more: Any) -> Row:
        return {**{k: v for k, v in body.items() if k != "project"}, **self._project, "task": self.task, **more}

    def person(self, old: Any) -> int:
        """0, nobody, for one who is not named."""
        return self.people.get(old, 0) if isinstance(old, int) else 0

    def persons(self, old: Iterable[Any]) -> list[int]:
        return [new for one in old if (new := self.person(one))]

    def annotation(self, old: Any) -> int:
        if not isinstance(old, int) or old not in self.annotations:
            raise damaged(f"a task names annotation {str(old)[:20]}, which it does not have")
        return self.annotations[old]

    def version(self, body: _Body) -> Row:
        """One version of an annotation."""
        made = self._placed(body, id=self.annotation(body["id"]))
        made["completed_by"] = self.person(body.get("completed_by"))
        made["updated_by"] = self.person(body.get("updated_by"))
        if "verified_by" in body:
            made["verified_by"] = self.persons(body["verified_by"] or ())
        for name, known in (("parent_annotation", self.annotations), ("parent_prediction", self.predictions)):
            if name in body:  # none for one that was deleted since
                made[name] = known.get(body[name])
        return made

    def state(self, body: _Body) -> Row:
        """The members of a state row that there are, without those that a host keeps for itself."""
        kept = {name: value for name, value in body.items() if name in (*STORED, *RARE)}
        kept["annotations"] = [self._entry(entry) for entry in body.get("annotations", ())]
        if "assigned" in kept:
            kept["assigned"] = self.persons(kept["assigned"])
        if "later" in kept:
            later = ({"person": self.person(row["person"]), "at": int(row["at"])} for row in kept["later"])
            kept["later"] = [row for row in later if row["person"]]
        if "review" in kept:
            kept["review"] = self.review(kept["review"])
        return kept

    def _entry(self, body: _Body) -> Row:
        """Without the keys of requests, which no client sends again, and the numbers of the state row."""
        kept = {name: value for name, value in body.items() if name not in ("keys", "own")}
        return {**kept, "id": self.annotation(body["id"]), "person": self.person(body["person"])}

    def review(self, body: _Body) -> Row:
        made = {name: value for name, value in body.items() if name != "key"}
        if "approved_by" in made:
            made["approved_by"] = self.persons(made["approved_by"])
        if made.get("truth"):
            made["truth"] = self.annotations.get(made["truth"], 0)  # 0: it was removed since
        if made.get("sent"):
            sent = made["sent"]
            who = {name: self.person(sent[name]) for name in ("person", "by") if name in sent}
            made["sent"] = {**sent, "annotation": self.annotations.get(sent["annotation"], 0), **who}
        return made

    def decision(self, body: _Body) -> Row:
        """`sk` stays: what is newest, and what a review names, goes by it."""
        made = {name: value for name, value in body.items() if name != "key"}
        if made.get("annotation"):
            made["annotation"] = self.annotations.get(made["annotation"])
        if made.get("comment"):
            made["comment"] = self.comments.get(made["comment"])
        if made.get("made"):
            made["made"] = {**made["made"], "id": self.annotations.get(made["made"]["id"])}
        if "before" in made:
            made["before"] = self.review(made["before"] or {})
        made["person"] = {**body["person"], "id": self.person(body["person"]["id"])}
        return made

    def comment(self, body: _Body) -> Row:
        made = self._placed(body, id=self.comments[body["id"]])
        made["annotation"] = self.annotations.get(body["annotation"]) if body.get("annotation") else None
        made["reply_to"] = self.comments.get(body["reply_to"]) if body.get("reply_to") else None
        made["person"] = {**body["person"], "id": self.person(body["person"]["id"])}
        made["readers"] = sorted(set(self.persons(body.get("readers", ()))))
        return made

    def prediction(self, body: _Body) -> Row:
        return self._placed(body, id=self.predictions[body["id"]])

    def draft(self, body: _Body) -> Row:
        """Without the number of the state row that it was saved on."""
        kept = {name: value for name, value in body.items() if name != "state"}
        return {**kept, "task": self.task, "person": self.person(body["person"])}

    def gold(self, body: _Body) -> Row:
        """`at` for the row of the list, whose key has it and the task."""
        kept = {name: value for name, value in body.items() if name != "listed"}
        at = int(body["listed"].split("#")[1]) if "listed" in body else body["at"]
        return {**kept, "at": at, "task": self.task, "annotation": self.annotation(body["annotation"])}

    def consensus(self, value: Any) -> Any:
        """The same with the ids of annotations that it names: `annotation`, `a`, `b`, and the lists `by`."""
        if isinstance(value, list):
            return [self.consensus(one) for one in value]
        if not isinstance(value, dict):
            return value
        made: Row = {}
        for name, inner in value.items():
            if name == "result":
                made[name] = inner  # regions, which have no ids of ours
            elif name in ("annotation", "a", "b") and isinstance(inner, int) and not isinstance(inner, bool):
                made[name] = self.annotations.get(inner)
            elif name == "by" and isinstance(inner, list):
                made[name] = [self.annotations.get(one) if isinstance(one, int) else one for one in inner]
            else:
                made[name] = self.consensus(inner)
        return made


def numbered(line: _Body, project_id: int, people: Map) -> Row:
    """A task's line with the file's own numbers."""
    task = line["task"]
    annotations = [versions[0]["id"] for versions in line.get("annotations", ()) if versions]
    known = [annotations, *([row["id"] for row in line.get(kind, ())] for kind in ("comments", "predictions"))]
    maps = [{id_: number for number, id_ in enumerate(ids, 1)} for ids in known]
    ids = Ids(task["inner_id"], None, people, *maps)
    return mapped(line, ids, (f"{DATA_PREFIX}{project_id}/", UPLOAD))


def mapped(line: _Body, ids: Ids, uploads: tuple[str, str]) -> Row:
    """
    Args:
        uploads: how addresses of uploaded files begin in the line, and how they are to begin.
    """
    task = dict(line["task"])
    task |= {"id": ids.task, "created_by": ids.person(task.get("created_by"))}
    task["data"] = moved(task["data"], *uploads)
    task["predictions"] = [ids.predictions[id_] for id_ in task.get("predictions", ()) if id_ in ids.predictions]
    made: Row = {"task": task}
    each = {"comments": ids.comment, "decisions": ids.decision, "drafts": ids.draft, "predictions": ids.prediction}
    made |= {kind: [walk(row) for row in line[kind]] for kind, walk in each.items() if kind in line}
    if "consensus" in line:
        made["consensus"] = ids.consensus(line["consensus"])
    if "gold" in line:
        made["gold"] = ids.gold(line["gold"])
    if "goldcount" in line:
        made["goldcount"] = line["goldcount"]
    if "state" in line:
        made["state"] = ids.state(line["state"])
        made["annotations"] = [[ids.version(body) for body in versions] for versions in line["annotations"]]
    return made


def moved(value: Any, from_: str, to: str) -> Any:
    """Data whose addresses of uploaded files begin otherwise."""
    if isinstance(value, str):
        return to + value[len(from_) :] if value.startswith(from_) else value
    if isinstance(value, list):
        return [moved(one, from_, to) for one in value]
    return {name: moved(one, from_, to) for name, one in value.items()} if isinstance(value, dict) else value


def with_people(project: _Body, people: Map) -> Row:
    """A project's row whose settings name people by other ids; those who are not known are left out."""
    made = dict(project)
    for group in ("queue", "review"):
        if (made.get(group) or {}).get("people"):
            known = [people[id_] for id_ in made[group]["people"] if id_ in people]
            made[group] = {**made[group], "people": known}
    return made


def named_in(line: _Body) -> Iterator[Any]:
    """Everybody whom a task's line names, as it is stored."""
    yield line["task"].get("created_by", 0)
    state = line.get("state", {})
    yield from (entry["person"] for entry in state.get("annotations", ()))
    yield from state.get("assigned", ())
    yield from (row["person"] for row in state.get("later", ()))
    for review in (state.get("review", {}), *(row.get("before") or {} for row in line.get("decisions", ()))):
        yield from review.get("approved_by", ())
        yield from (review["sent"][name] for name in ("person", "by") if name in review.get("sent", {}))
    for versions in line.get("annotations", ()):
        for row in versions:
            yield from (row.get("completed_by", 0), row.get("updated_by", 0), *(row.get("verified_by") or ()))
    for row in (*line.get("comments", ()), *line.get("decisions", ())):
        yield from (row["person"]["id"], *row.get("readers", ()))
    yield from (row["person"] for row in line.get("drafts", ()))
