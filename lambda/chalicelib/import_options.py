"""What an import is asked for: checked once, kept in a job's record, handed to the readers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib.problems import Problem, problem, refuse

if TYPE_CHECKING:
    from labeling.imports import Options

ROLES = ("annotations", "predictions")
DUPLICATES = ("skip", "update", "add")
PARAMETERS = ("as", "mapping", "image_root", "key", "duplicates")
MOST_MAPPED = 200
MOST_TEXT = 1000


@dataclass(frozen=True, slots=True)
class Wish:
    """
    role: what regions of annotation formats become. mapping: column to field. image_root: stands before names of images
    that are not in the import. key: the field that tells tasks apart ("" for none). duplicates: what happens to a task
    whose key is there already.
    """

    role: str = "annotations"
    mapping: Mapping[str, str] = field(default_factory=dict)
    image_root: str = ""
    key: str = ""
    duplicates: str = "skip"

    def options(self) -> Options:
        from labeling.imports import Options

        role: Any = self.role
        return Options(role, dict(self.mapping), self.image_root)

    def digest(self) -> bytes:
        """Nothing for an import that asks for nothing."""
        return b"" if self == Wish() else json.dumps(self.asked(), sort_keys=True).encode()

    def asked(self) -> dict[str, Any]:
        """For a job's record."""
        members = {"as": self.role, "mapping": dict(self.mapping), "image_root": self.image_root}
        return {**members, "key": self.key, "duplicates": self.duplicates}


def read(said: Mapping[str, Any]) -> Wish:
    """
    Args:
        said: members by PARAMETERS; those that are absent or empty are the defaults. `mapping` may be JSON text.
    Raises:
        Refusal: 400 with a problem for each member that is not as it must be.
    """
    faults: list[Problem] = []
    role, duplicates = said.get("as") or "annotations", said.get("duplicates") or "skip"
    if role not in ROLES:
        faults.append(_bad("as", "as must be annotations or predictions.", "Leave it out for annotations."))
    if duplicates not in DUPLICATES:
        faults.append(_bad("duplicates", "duplicates must be skip, update or add.", "Leave it out to skip them."))
    mapping = said.get("mapping") or {}
    if isinstance(mapping, str):
        try:
            mapping = json.loads(mapping)
        except (ValueError, RecursionError):
            mapping = None
    if not _is_mapping(mapping):
        message = "mapping must be an object of texts: the name of a column, and the field that it becomes."
        faults.append(_bad("mapping", message, 'Send e.g. {"picture": "image"}.'))
    for name in ("image_root", "key"):
        value = said.get(name) or ""
        if not isinstance(value, str) or len(value) > MOST_TEXT:
            message = f"{name} must be a text of at most {MOST_TEXT} characters."
            faults.append(_bad(name, message, "Leave it out if you do not need it."))
    if faults:
        raise refuse(400, faults[0]["code"], faults[0]["message"], where=faults[0]["where"], hint=faults[0]["hint"])
    return Wish(role, dict(mapping or {}), said.get("image_root") or "", said.get("key") or "", duplicates)


def _is_mapping(value: Any) -> bool:
    if not isinstance(value, dict) or len(value) > MOST_MAPPED:
        return False
    pairs = [text for pair in value.items() for text in pair]
    return all(isinstance(text, str) and 0 < len(text) <= MOST_TEXT for text in pairs)


def _bad(name: str, message: str, hint: str) -> Problem:
    return problem("bad-parameter", message, where=f"parameter {name}", hint=hint)
