"""
Golden cases: source and expectation in one file.

    == name of the case
    <View>…</View>
    -- problems
    1:7-1:10 C020 the message
        the hint
    -- plan
    … one line for each part of the plan

A case has one or both expectations; problems are left out of a plan case only when there are none.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from config_compiler import CompileResult, compile_config

SHOWN = (
    "plan", "config_sha256", "requires", "fields", "tree", "objects", "controls", "hotkeys", "sample",
)  # fmt: skip
OWN_SAMPLE = re.compile(r"<!--\s*\{")
FOLDER = Path(__file__).parent.parent / "golden"


@dataclass(frozen=True)
class Case:
    file: str
    name: str
    source: str
    expected: str

    @property
    def id(self) -> str:
        return f"{self.file}: {self.name}"


def load(pattern: str = "*.case") -> list[Case]:
    return [case for path in sorted(FOLDER.glob(pattern)) for case in parse(path.name, path.read_text("utf-8"))]


def parse(file: str, text: str) -> list[Case]:
    cases = []
    for block in ("\n" + text).split("\n== ")[1:]:
        name, _, body = block.partition("\n")
        starts = [at for at in (body.find("\n-- problems"), body.find("\n-- plan")) if at >= 0]
        cut = min(starts, default=len(body))
        cases.append(Case(file, name, body[:cut].strip("\n"), body[cut:].strip("\n")))
    return cases


def rewrite(path: Path) -> None:
    text = path.read_text("utf-8")
    head = ("\n" + text).split("\n== ")[0].strip("\n")
    blocks = [f"== {case.name}\n{case.source}\n{said(case.source)}\n" for case in parse(path.name, text)]
    path.write_text((head + "\n\n" if head else "") + "\n".join(blocks), "utf-8")


def said(source: str) -> str:
    """What the compiler says about *source*, in the form of an expectation."""
    result = compile_config(source)
    parts = [problems(result)] if result.diagnostics else []
    if result.plan:
        parts.append("-- plan\n" + plan(result, source))
    return "\n".join(parts)


def problems(result: CompileResult) -> str:
    lines = ["-- problems"]
    for d in result.diagnostics:
        place = f"{d.line}:{d.column}-{d.end_line}:{d.end_column}"
        kind = "" if d.severity == "error" else "warning "
        lines.append(f"{place} {kind}{d.code} {d.message}")
        if d.hint:
            lines.append(f"    {d.hint}")
    return "\n".join(lines)


def plan(result: CompileResult, source: str) -> str:
    """The plan, one line for each part; without hash, and without the sample if it was made up."""
    assert result.plan is not None
    data = json.loads(result.plan.to_json())
    lines = [f"fields {_json(data['fields'])}"]
    lines += _tree(data["tree"], 0)
    lines += [f"object {_json(part)}" for part in data["objects"]]
    for control in data["controls"]:
        options = control.pop("options", [])
        lines.append(f"control {_json(control)}")
        lines += [f"  option {_json(option)}" for option in options]
    lines += [f"hotkey {key['key']} {_json(key['intent'])}" for key in data["hotkeys"]]
    lines += [f"{name} {_json(data[name])}" for name in data if name not in SHOWN]
    if OWN_SAMPLE.search(source):
        lines.append(f"sample {_json(data['sample'])}")
    return "\n".join(lines)


def _tree(node: dict[str, object], depth: int) -> list[str]:
    children = node.pop("children", [])
    assert isinstance(children, list)
    lines = [f"{'  ' * depth}node {_json(node)}"]
    for child in children:
        lines += _tree(child, depth + 1)
    return lines


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
