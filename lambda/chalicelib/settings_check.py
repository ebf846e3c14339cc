"""What a request for new settings comes to: Label Studio's names read as ours, checked against the project, merged."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from chalicelib import assigning, orders, settings
from chalicelib.problems import Problem, Refusal, problem
from chalicelib.world import World

SAMPLING = {"sequential sampling": "imported", "uniform sampling": "random", "uncertainty sampling": "uncertainty"}
SKIP_QUEUE = {"requeue_for_me": "again", "requeue_for_others": "others", "ignore_skipped": "drop"}
NAMES = (*settings.DEFAULTS, "sampling", "skip_queue", "show_skip_button")
"""Members of a request that are settings of a group, under its name or a flat one."""

Plan = Mapping[str, Any]


def merged(
    world: World, row: Mapping[str, Any], asked: dict[str, Any], plan: Plan, created_by: int = 0
) -> dict[str, Any]:
    """
    The project's row with the settings that were asked for, which are taken out of *asked*.

    Args:
        plan: of the config that the project will have.
        created_by: of a project that is only being made: nobody else can be in it yet.
    Raises:
        Refusal: 400 with everything that is wrong with them.
    """
    faults = _read_names(row, asked)
    new = dict(row)
    for group in settings.DEFAULTS:
        said = {name: value for name, value in (asked.pop(group, None) or {}).items() if value is not None}
        if said:
            new[group] = {**(row.get(group) or {}), **said}
            faults += _check(world, new, group, said, plan, created_by)
    if faults:
        raise Refusal(400, *faults)
    return new


def _read_names(row: Mapping[str, Any], asked: dict[str, Any]) -> list[Problem]:
    """Label Studio's flat names, into the group; what the group itself says counts more."""
    faults = []
    flat: dict[str, Any] = {}
    for name, known, member in (("sampling", SAMPLING, "order"), ("skip_queue", SKIP_QUEUE, "skip")):
        said = asked.pop(name, None)
        if said is None:
            continue
        if said.lower() in known:
            flat[member] = known[said.lower()]
        else:
            hint = f"Use one of {', '.join(known)}; or queue.{member}."
            faults.append(problem("bad-member", f"{name}: “{said}” is not known.", where=f"field {name}", hint=hint))
    button = asked.pop("show_skip_button", None)
    if button is False:
        flat["skip"] = "refused"
    elif button is True and settings.value(row, "queue", "skip") == "refused":
        flat.setdefault("skip", "others")
    if flat:
        said = {name: value for name, value in (asked.get("queue") or {}).items() if value is not None}
        asked["queue"] = {**flat, **said}
    return faults


def _check(
    world: World, row: Mapping[str, Any], group: str, said: Mapping[str, Any], plan: Plan, created_by: int
) -> list[Problem]:
    """What the models cannot know."""
    faults: list[Problem] = []
    if group == "consensus":
        controls = [control["name"] for control in plan["controls"]]
        for member in ("weights", "thresholds"):
            faults += [_no_control(member, name, controls) for name in said.get(member, ()) if name not in controls]
    if "people" in said:
        where = f"field {group}.people"
        others = [person for person in said["people"] if person != created_by]
        faults += assigning.problems_of(world, row["id"], others, where, "review" if group == "review" else "label")
    if group == "queue":
        queue = settings.of(row, "queue")
        needed = {"people": "people", "groups": "groups", "field": "field"}.get(queue["assign"])
        if needed and not queue[needed]:
            faults.append(
                problem(
                    "bad-member",
                    f"With assign “{queue['assign']}” nobody would get a task: queue.{needed} is empty.",
                    where=f"field queue.{needed}",
                    hint="Name at least one.",
                )
            )
    return faults


def _no_control(member: str, name: str, controls: list[str]) -> Problem:
    near = difflib.get_close_matches(name, controls, 1)
    hint = f"Did you mean “{near[0]}”?" if near else f"The config has {', '.join(controls) or 'no controls'}."
    where = f"field consensus.{member}.{name}"
    return problem("no-control", f"The config has no control “{name}”.", where=where, hint=hint)


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Every group whole, and Label Studio's names of the same."""
    groups: dict[str, Any] = {group: settings.of(row, group) for group in settings.DEFAULTS}
    skip = groups["queue"]["skip"]
    order = orders.of(row)
    return {
        **groups,
        "is_paused": bool(row.get("is_paused")),
        "sampling": next((name.capitalize() for name, ours in SAMPLING.items() if ours == order), None),
        "skip_queue": next((name.upper() for name, ours in SKIP_QUEUE.items() if ours == skip), "REQUEUE_FOR_OTHERS"),
        "show_skip_button": skip != "refused",
    }


def moves(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether tasks stand elsewhere in the queue with the new settings."""
    old, new = settings.of(before, "queue"), settings.of(after, "queue")
    field = [(queue["assign"] == "field", queue["assign"] == "field" and queue["field"]) for queue in (old, new)]
    return bool(old["order"] != new["order"] or field[0] != field[1])


def unsettles(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether what is wanted of tasks, or what counts as agreed, is another with the new settings."""
    flat = any(before[name] != after[name] for name in ("maximum_annotations", "agreement_threshold"))
    drops = [settings.value(row, "queue", "skip") == "drop" for row in (before, after)]
    groups = settings.of(before, "disagreement") != settings.of(after, "disagreement")
    groups = groups or settings.value(before, "review", "share") != settings.value(after, "review", "share")
    limits = [settings.value(row, "consensus", "thresholds") for row in (before, after)]
    return flat or groups or drops[0] != drops[1] or limits[0] != limits[1]


def reweighs(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether every consensus has to be made again."""
    old, new = settings.of(before, "consensus"), settings.of(after, "consensus")
    return bool((old["weights"], old["by_person"]) != (new["weights"], new["by_person"]))
