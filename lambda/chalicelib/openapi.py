"""The description of the API, made from the routes and the models, so that it cannot say anything else than they do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from chalicelib import access, models
from chalicelib.http import Route

PROBLEM = {
    "type": "object",
    "required": ["code", "message", "where", "hint"],
    "properties": {name: {"type": "string"} for name in ("code", "message", "where", "hint")},
}
PROBLEMS = {
    "type": "object",
    "required": ["problems"],
    "properties": {"problems": {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}}},
}


def describe(routes: Sequence[Route]) -> dict[str, Any]:
    """OpenAPI 3.1."""
    schemas: dict[str, Any] = {"Problem": PROBLEM, "Problems": PROBLEMS}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Labelkite", "version": "0.1.0"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "kite_session"},
                "token": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token …"},
            },
        },
    }


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    names = re.findall(r"{(\w+)}", route.path)
    operation: dict[str, Any] = {
        "summary": route.summary,
        "description": access.MEANS[route.who],
        "parameters": [{"name": n, "in": "path", "required": True, "schema": {"type": "integer"}} for n in names]
        + [{"name": n, "in": "query", "required": False, "schema": {"type": "string"}} for n in route.query],
        "responses": {
            str(route.status): {"description": "Done."},
            "default": {
                "description": "What is wrong, and what to do.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problems"}}},
            },
        },
    }
    if route.who != "anyone":
        operation["security"] = [{"session": []}, {"token": []}]
    if route.model:
        schema = models.adapter_of(route.model).json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[route.model] = schema
        reference = {"$ref": f"#/components/schemas/{route.model}"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": reference}}}
    return operation
