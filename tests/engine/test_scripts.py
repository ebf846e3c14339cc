"""The intent scripts that compare hosts: they reach everything, and each does what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from labeling import check, intent_reading, intents, reduce, results, session
from labeling.model import Settings
from labeling.plan_parts import ControlType, ObjectType

FOLDER = Path(__file__).resolve().parents[1] / "parity/scripts"
SCRIPTS = sorted(FOLDER.glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    script: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return script


def test_the_scripts_reach_every_intent_and_every_type_of_part() -> None:
    assert len(SCRIPTS) >= 12
    scripts = [read(path) for path in SCRIPTS]
    sent = [intent for script in scripts for intent in script["intents"] if _known(intent)]
    used = {intent_reading.parse(intent)[1].__class__ for intent in sent}
    assert used == set(get_args(intents.Intent))
    assert {part["type"] for script in scripts for part in script["plan"]["objects"]} == set(get_args(ObjectType))
    kinds = {control["type"] for script in scripts for control in script["plan"]["controls"]}
    assert kinds == set(get_args(ControlType))


def _known(intent: dict[str, Any]) -> bool:
    return intent["type"] != "explode" and isinstance(intent.get("regions", []), list)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_is_refused_where_it_says_and_tells_what_the_server_would_refuse(path: Path) -> None:
    script = read(path)
    settings = Settings(**script.get("settings", {}))
    origin = script.get("origin", "manual")
    state = session.open_task(script["plan"], script["data"], script["result"], settings, origin=origin)
    refused = []
    for intent in script["intents"]:
        state, patch = reduce(state, intent)
        if patch.get("problems"):
            refused.append((intent, patch["problems"][0]["code"]))
    assert len(refused) == script["refused"], refused
    faults = results.validate(script["plan"], results.dump(state), script["data"], known=script["result"])
    told = {(fault["code"], fault["control"]) for fault in check.problems(state)}
    assert {(fault["code"], fault["control"]) for fault in faults} <= told, "the server refuses what nobody was told"
