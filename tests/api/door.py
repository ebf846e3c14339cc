"""The whole app without a server: requests as events, answers as API Gateway would get them, a jar for one cookie."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from app import app

from labelkite.server.api import Context, Routes

HOST = "labelkite.example"
ROUTES = Routes(app.routes)


@dataclass
class Said:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """Of the first problem; empty when all went well."""
        return str(self.body["problems"][0]["code"]) if self.status >= 400 else ""


@dataclass
class Door:
    """One person's way in: a browser with a cookie, or a script with a token."""

    token: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    person: int = 0

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Said:
        path, _, query = path.partition("?")
        found = ROUTES.match(path)
        assert found is not None, path
        pattern, parameters = found
        sent = {"host": HOST, "origin": f"https://{HOST}", "content-type": "application/json", **headers}
        if self.token:
            sent["authorization"] = f"Token {self.token}"
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        queries: dict[str, list[str]] = {}
        for name, value in parse_qsl(query):
            queries.setdefault(name, []).append(value)
        event = {
            "resource": pattern,
            "path": path,
            "httpMethod": method,
            "headers": sent,
            "multiValueHeaders": {name: [value] for name, value in sent.items()},
            "queryStringParameters": {name: values[-1] for name, values in queries.items()} or None,
            "multiValueQueryStringParameters": queries or None,
            "pathParameters": parameters,
            "stageVariables": None,
            "requestContext": {"httpMethod": method, "resourcePath": pattern, "path": path, "identity": {}},
            "body": body if isinstance(body, str | None) else json.dumps(body),
            "isBase64Encoded": False,
        }
        answer = app(event, Context("test"))
        given = {name.lower(): str(value) for name, value in (answer.get("headers") or {}).items()}
        if "set-cookie" in given:
            name, _, value = given["set-cookie"].partition(";")[0].partition("=")
            self.cookies[name] = value
        text = answer.get("body") or ""
        is_json = "json" in given.get("content-type", "")
        return Said(int(answer["statusCode"]), json.loads(text) if text and is_json else text, given)

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
        said = self.ask(method, path, body, **headers)
        assert said.status == status, f"{method} {path}: {said.status} {str(said.body)[:2000]}"
        return said.body

    def join(self, invite: str, name: str = "", **more: Any) -> Any:
        said = self.call("POST", "/api/session", {"invite": invite, "name": name, **more}, status=201)
        self.person = said["person"]["id"]
        return said
