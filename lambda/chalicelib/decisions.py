"""
A reviewer's decision about a task: what it does to the state, and the rows that it leaves.

The decision that makes an answer the ground truth writes a version of that annotation that says so; taking it back
writes one more. So who accepted what, and when, is in the annotation's own history, and exports need not ask elsewhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib import comments, configs, keys, noted, settings, tokens, versions
from chalicelib.annotation import new_annotation
from chalicelib.auth import Caller
from chalicelib.configs import Config
from chalicelib.http import to_json
from chalicelib.problems import not_found, refuse
from chalicelib.storage.ports import Operation, Put
from chalicelib.tasks import State, purpose_of, verified
from chalicelib.times import iso
from chalicelib.world import World

Action = Literal["accept", "merge", "correct", "send_back"]
_Body = Mapping[str, Any]
UNDONE = "review undone"


@dataclass(slots=True)
class Decision:
    """
    One decision on its way into the store.

    Members:
        state: of the task, in which the decision is made. before: as it was read.
        made, old: the annotation version that is written, if one is, and the one before it.
        about: what the row of the decision says beside who and when.
    """

    world: World
    caller: Caller
    project: _Body
    task: _Body
    state: State
    before: State
    now: float
    made: dict[str, Any] | None = None
    old: dict[str, Any] | None = None
    about: dict[str, Any] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)

    def write(self, made: dict[str, Any], old: dict[str, Any] | None, config: Config, *, own: bool) -> None:
        self.made, self.old = made, old
        self.about |= {"annotation": made["id"], "annotation_version": made["version"]}
        self.operations += versions.put(self.state, config, self.task, made, "", self.now, listed=False, own=own)


def version_of(state: State) -> str:
    """Names what a reviewer has seen: every annotation's version, and the decisions so far. Leases do not change it."""
    seen = [[a["id"], a["version"], a["cancelled"], bool(a.get("discarded"))] for a in state.annotations]
    return tokens.digest(to_json([seen, state.review.get("decision"), state.review.get("state")]))[:20]


def reviewable(state: State) -> list[dict[str, Any]]:
    """Entries of the answers that can be accepted: people's and reviewers', no skips, nothing discarded."""
    entries = [a for a in state.annotations if purpose_of(a) in ("label", "review")]
    return [a for a in entries if not a["cancelled"] and not a.get("discarded")]


def accept(decision: Decision, annotation_id: int) -> None:
    """One annotation becomes the ground truth, once enough reviewers have approved this very version of it."""
    entry = _entry(decision.state, annotation_id)
    approved = _approved(decision, entry)
    if not _enough(decision, approved):
        decision.about |= {"annotation": entry["id"], "annotation_version": entry["version"]}
        _approve(decision, approved, entry)
        return
    world = decision.world
    old = versions.stored(world, decision.state.task, entry["id"], entry["version"])
    config = configs.load(world, decision.project["id"], old["config_version"])
    made = versions.following(
        world, old, decision.caller, old["result"], config, decision.now, "accepted",
        orphans=old.get("orphans") or [], ground_truth=True, verified_by=approved,
    )  # fmt: skip
    decision.write(made, old, config, own=False)
    _verify(decision, approved, made)


def answer(decision: Decision, result: list[Any], config: Config, **more: Any) -> None:
    """The reviewer's own answer, corrected or merged: an annotation of theirs, which counts as their approval."""
    world, caller, state = decision.world, decision.caller, decision.state
    approved = [caller.person]
    enough = _enough(decision, approved)
    members = {**more, "ground_truth": enough, "verified_by": approved if enough else []}
    entry = state.annotation_of(caller.person, "review")
    if entry is None:
        old = None
        made = new_annotation(
            world.ids.one("annotation"), state.task, state.project, caller.person, result,
            lead_time=more.get("lead_time"), was_cancelled=False, config_version=config.version,
            now=iso(decision.now), purpose="review",
        ) | members  # fmt: skip
    else:
        old = versions.stored(world, state.task, entry["id"], entry["version"])
        made = versions.following(world, old, caller, result, config, decision.now, "updated", orphans=[], **members)
    decision.write(made, old, config, own=True)
    if enough:
        _verify(decision, approved, made)
    else:
        _approve(decision, approved, made)


def send_back(decision: Decision, annotation_id: int, text: str, region: str | None) -> None:
    """To the person of one annotation, which does not count until they have answered."""
    entry = _entry(decision.state, annotation_id)
    if purpose_of(entry) != "label" or entry["person"] == decision.caller.person:
        raise refuse(
            400,
            "not-to-send-back",
            "Only an answer of somebody else who labeled the task can be sent back.",
            where="field annotation",
            hint="Correct it yourself, or accept another one.",
        )
    if not text.strip():
        raise refuse(
            400, "no-comment", "Say what should be changed.", where="field comment", hint="One sentence is enough."
        )
    comment, rows = comments.new(
        decision.world, decision.caller, decision.state, text, annotation=entry["id"], region=region
    )
    decision.operations += rows
    decision.about |= {"annotation": entry["id"], "annotation_version": entry["version"], "comment": comment["id"]}
    noted.note(decision.world, decision.project["id"], "sends_back")
    sent = {"annotation": entry["id"], "version": entry["version"], "person": entry["person"]}
    decision.state.review = {**_kept(decision), "state": "sent_back", "sent": {**sent, "by": decision.caller.person}}


def _entry(state: State, annotation_id: int) -> dict[str, Any]:
    entry = next((a for a in reviewable(state) if a["id"] == annotation_id), None)
    if entry is None:
        raise not_found("annotation", annotation_id)
    return entry


def _approved(decision: Decision, entry: _Body) -> list[int]:
    """Who has approved this very version, with the caller."""
    review = decision.state.review
    same = (review.get("truth"), review.get("truth_version")) == (entry["id"], entry["version"])
    return sorted({decision.caller.person, *(review.get("approved_by", ()) if same else ())})


def _enough(decision: Decision, approved: list[int]) -> bool:
    wanted: int = settings.of(decision.project, "review")["approvals"]
    return len(approved) >= wanted


def _kept(decision: Decision) -> dict[str, Any]:
    """Members of the review that a decision leaves: why the task came to a reviewer, and when."""
    review = decision.state.review
    kept = {name: review[name] for name in ("why", "since", "again") if name in review}
    return {"why": "asked", "since": int(decision.now * 1000)} | kept


def _approve(decision: Decision, approved: list[int], made: _Body) -> None:
    review = {"state": "wanted", "approved_by": approved, "truth": made["id"], "truth_version": made["version"]}
    decision.state.review = {**_kept(decision), **review}


def _verify(decision: Decision, approved: list[int], made: _Body) -> None:
    _approve(decision, approved, made)
    decision.state.review["state"] = "verified"


def row(decision: Decision, action: Action, key: str) -> Operation:
    """The decision's place in the history of the task, with what is needed to take it back."""
    now_ms = int(decision.now * 1000)
    place = keys.decision(decision.state.task, now_ms, secrets.token_hex(4))
    decision.state.review |= {"decision": place[1], **({"key": key} if key else {})}
    made = decision.made
    body = {
        **decision.about,
        "at": iso(decision.now),
        "person": {"id": decision.caller.person, "name": decision.caller.name},
        "action": action,
        "verified": verified(decision.state),
        "before": decision.before.review,
        "made": {"id": made["id"], "version": made["version"]} if made is not None else None,
        **({"key": key} if key else {}),
    }
    return Put(*place, body, expect=0)


def take_back(decision: Decision, said: _Body) -> None:
    """
    Everything as it was before the decision `said`, the newest one. What it wrote stays in the annotation's history.

    Raises:
        Refusal: 409 when its annotation has been changed since.
    """
    state, world = decision.state, decision.world
    made = said["made"]
    if made is not None:
        entry = versions.entry(state, made["id"])
        if entry["version"] != made["version"]:
            raise refuse(409, "changed-meanwhile", "The annotation of this decision has been changed since.")
        if made["version"] == 1:
            state.annotations.remove(entry)
        else:
            now = versions.stored(world, state.task, made["id"], made["version"])
            was = versions.stored(world, state.task, made["id"], made["version"] - 1)
            again = {**was, "version": made["version"] + 1, "updated_by": decision.caller.person}
            again |= {"last_action": UNDONE, "updated_at": iso(decision.now)}
            config = configs.load(world, decision.project["id"], was["config_version"])
            decision.write(again, now, config, own=False)
    state.review = dict(said["before"])
