"""The description and the documentation say what the routes do: both ways, and by running every example."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from app import app
from chalicelib import models, openapi
from pydantic import BaseModel

from tests.api.people import Process

DOC = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLE = re.compile(r"```http\n(.*?)\n```\n```json\n(\d{3}) ?(.*?)\n?```", re.DOTALL)
EXAMPLES: list[tuple[str, str, str]] = EXAMPLE.findall(DOC.read_text(encoding="utf-8"))


def test_the_description_has_chalices_routes_and_no_others() -> None:
    described = {(m.upper(), path) for path, of in openapi.describe(app.kite_routes)["paths"].items() for m in of}
    assert described == {(method, path) for path, methods in app.routes.items() for method in methods}
    assert len(described) > 30


def test_every_model_is_the_body_of_a_route_or_a_part_of_one() -> None:
    used = {route.model for route in app.kite_routes if route.model}
    inside = {name for model in used for name in models.adapter_of(model).json_schema().get("$defs", {})}
    modules = [models, *(importlib.import_module(f"chalicelib.{part}") for part in models.PARTS)]
    defined = {
        name
        for module in modules
        for name, of in vars(module).items()
        if isinstance(of, type)
        and issubclass(of, BaseModel)
        and of.__module__ == module.__name__
        and not of.__subclasses__()
    }
    assert used | inside >= defined


def test_references_in_the_description_lead_somewhere() -> None:
    described = openapi.describe(app.kite_routes)
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))
    assert references
    assert references <= described["components"]["schemas"].keys()


def test_every_route_has_an_example() -> None:
    def shape(path: str) -> str:
        return re.sub(r"{\w+}|(?<=/)\d+", "{}", path.partition("?")[0])

    shown = {(line.split(" ")[0], shape(line.split(" ")[1])) for line in (e[0].partition("\n")[0] for e in EXAMPLES)}
    assert shown == {(route.method, shape(route.path)) for route in app.kite_routes}


@pytest.fixture
def fresh(folder: Path) -> Any:
    process = Process(folder)
    yield process
    process.stop()


def test_the_examples_work_as_written(fresh: Process) -> None:
    known: dict[str, Any] = {"token": fresh.token}
    with httpx.Client(base_url=fresh.url) as client:
        for request, status, wanted in EXAMPLES:
            head, _, body = request.partition("\n\n")
            first, *lines = head.split("\n")
            method, path = (filled(part, known) for part in first.split(" "))
            headers = dict(filled(line, known).split(": ", 1) for line in lines)
            if "Cookie" in headers:
                headers["Origin"] = fresh.url
            if body:
                headers["Content-Type"] = "application/json"
            client.cookies.clear()
            answer = client.request(method, path, headers=headers, content=filled(body, known).encode())
            assert answer.status_code == int(status), f"{first}: {answer.status_code} {answer.text}"
            assert_like(json.loads(wanted) if wanted else None, answer.json() if answer.content else None, known, first)
            if answer.cookies.get("kite_session"):
                known["session"] = answer.cookies["kite_session"]
    assert len(known) > 10


def filled(text: str, known: dict[str, Any]) -> str:
    return re.sub(r"{(\w+)}", lambda match: str(known[match[1]]) if match[1] in known else match[0], text)


def assert_like(wanted: Any, found: Any, known: dict[str, Any], where: str) -> None:
    """`…` is anything, at the end of a list any number; `{name}` is the value of that name, or gives it its value."""
    if wanted == "…":
        return
    if isinstance(wanted, str) and (name := re.fullmatch(r"{(\w+)}", wanted)):
        assert known.setdefault(name[1], found) == found, where
    elif isinstance(wanted, dict):
        assert isinstance(found, dict), where
        for member, value in wanted.items():
            assert member in found, f"{where}: no {member} in {found}"
            assert_like(value, found[member], known, f"{where} {member}")
    elif isinstance(wanted, list):
        some = wanted[:-1] if wanted[-1:] == ["…"] else wanted
        assert len(found) >= len(some) if some != wanted else len(found) == len(some), f"{where}: {found}"
        for n, value in enumerate(some):
            assert_like(value, found[n], known, f"{where} {n}")
    else:
        assert wanted == found, where
