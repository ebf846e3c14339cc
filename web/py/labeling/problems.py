"""Problems are data for people; exceptions are for our own bugs.

Bad input never raises out of this package: it comes back as Problem entries, all of them at once. The exceptions::

    LabelingError
    ├── PlanError    the plan is not one that this engine can run (its version, an unknown type, a missing member)
    └── Refusal      carries one Problem from deep inside an intent up to ``reduce``; never leaves the package
"""

from __future__ import annotations

from typing import Required, TypedDict


class Problem(TypedDict, total=False):
    """One shape in every layer. ``where`` is a text that a person can find: "region 3 (Car)", "result 2 (box)"."""

    code: Required[str]
    message: Required[str]
    where: Required[str]
    hint: Required[str]
    control: str
    region: str
    object: str
    node: str
    severity: str  # "warning": it is told, and does not stand in the way; absent: an error


class LabelingError(Exception):
    """Root of the tree in the module's docstring."""


class PlanError(LabelingError):
    """The plan cannot be run; ``fault`` says what is wrong with it."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class Refusal(LabelingError):
    """An intent is refused; ``problem`` is what the annotator is told."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem["message"])
        self.problem = problem


def problem(
    code: str,
    message: str,
    where: str,
    hint: str = "",
    *,
    control: str | None = None,
    region: str | None = None,
    object: str | None = None,
    node: str | None = None,
) -> Problem:
    """A Problem without the members that do not apply."""
    made: Problem = {"code": code, "message": message, "where": where, "hint": hint}
    if control is not None:
        made["control"] = control
    if region is not None:
        made["region"] = region
    if object is not None:
        made["object"] = object
    if node is not None:
        made["node"] = node
    return made


def refuse(
    code: str,
    message: str,
    where: str,
    hint: str = "",
    *,
    control: str | None = None,
    region: str | None = None,
    object: str | None = None,
) -> Refusal:
    """The exception to raise for a Problem with these members."""
    return Refusal(problem(code, message, where, hint, control=control, region=region, object=object))
