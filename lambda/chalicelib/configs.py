"""Labeling configs: compiled when saved and kept by version, so that an annotation can name its plan."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib import keys
from chalicelib.problems import Problem, Refusal, problem
from chalicelib.world import World

if TYPE_CHECKING:
    from labeling.plan_index import PlanIndex

MAX_KEPT = 256
MEDIA = ("image", "audio", "video", "pdf")
MAX_CONFIG_CHARACTERS = 1_000_000

Plan = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Config:
    version: int
    label_config: str
    plan: Plan
    plan_json: str
    index: PlanIndex
    """The engine's own form of the plan."""
    media_fields: dict[str, str]
    """By kind of media (image, audio, video, pdf): the first data field that an object of that kind shows."""
    title_fields: tuple[str, ...]
    """Data fields whose value names a task in lists, best first."""


def compile_source(source: str) -> tuple[Plan | None, list[dict[str, Any]]]:
    """The plan, if there is one, and every diagnostic."""
    from config_compiler import compile_config

    result = compile_config(source)
    diagnostics = [_diagnostic(d) for d in result.diagnostics]
    return (None if result.plan is None else json.loads(result.plan.to_json())), diagnostics


def _diagnostic(diagnostic: Any) -> dict[str, Any]:
    members = ("line", "column", "end_line", "end_column", "code", "severity", "message", "hint")
    return {name: getattr(diagnostic, name) for name in members}


def compile_or_refuse(source: str) -> Plan:
    if len(source) > MAX_CONFIG_CHARACTERS:
        raise Refusal(
            413,
            problem(
                "config-too-big",
                f"This config has {len(source):,} characters; {MAX_CONFIG_CHARACTERS:,} are allowed.",
                where="config",
                hint='Move long lists of labels into the tasks (value="$field").',
            ),
        )
    plan, diagnostics = compile_source(source)
    if plan is None:
        raise Refusal(400, *[config_problem(d) for d in diagnostics if d["severity"] == "error"])
    return plan


def config_problem(diagnostic: dict[str, Any]) -> Problem:
    return problem(
        diagnostic["code"],
        diagnostic["message"],
        where=f"config line {diagnostic['line']}, column {diagnostic['column']}",
        hint=diagnostic["hint"] or "",
        line=diagnostic["line"],
        column=diagnostic["column"],
    )


def record_body(version: int, source: str, plan: Plan, created_at: str, **history: Any) -> dict[str, Any]:
    """
    Args:
        history: ``changed_from``, ``same_as``, ``mapping``, ``note``, ``by`` (chalicelib.migration); absent where None.
    """
    return {
        **{name: value for name, value in history.items() if value is not None},
        "version": version,
        "label_config": source,
        "plan": json.dumps(plan, ensure_ascii=False, separators=(",", ":")),
        "config_sha256": plan["config_sha256"],
        "created_at": created_at,
    }


def load(world: World, project_id: int, version: int) -> Config:
    """A stored config; the process keeps what it has read, because a version never changes."""
    key = (project_id, version)
    kept: Config | None = world.configs.get(key)
    if kept is not None:
        return kept
    record = world.records.get(*keys.config(project_id, version))
    if record is None:
        raise Refusal(404, problem("no-config", f"Project {project_id} never had a config version {version}."))
    from labeling import plan_index

    plan: Plan = json.loads(record.body["plan"])
    config = Config(
        version,
        record.body["label_config"],
        plan,
        record.body["plan"],
        plan_index.index(plan),
        {o["type"]: f for o in reversed(plan["objects"]) if o["type"] in MEDIA and (f := _field_of(o))},
        tuple(f for o in sorted(plan["objects"], key=lambda o: o["type"] != "text") if (f := _field_of(o))),
    )
    if len(world.configs) >= MAX_KEPT:
        world.configs.clear()
    world.configs[key] = config
    return config


def _field_of(obj: dict[str, Any]) -> str:
    path = (obj.get("value") or {}).get("path")
    return str(path[0]) if path else ""


def title_of(config: Config, data: Any) -> str:
    """What a list calls a task: the start of its text, or the name of its file."""
    for field in config.title_fields:
        value = data.get(field) if isinstance(data, dict) else None
        if isinstance(value, str) and value.strip():
            line = value.strip()
            if line.startswith(("http:", "https:", "s3:", "/data/upload/")):
                return _file_name(line)
            if line.startswith("data:"):
                continue
            return " ".join(line[:200].split())[:80]
    return ""


def _file_name(url: str) -> str:
    name = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    if url.startswith("/data/upload/"):
        name = name[37:] or name  # the uuid before the name is ours
    return name[:80]
