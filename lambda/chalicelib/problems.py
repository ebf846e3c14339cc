"""How the API says no: one exception that carries a status and problems, the shape that every layer shares."""

from __future__ import annotations

from typing import Any

Problem = dict[str, Any]
"""`{"code", "message", "where", "hint"}`, and where it helps `control`, `region`, `object` or `node`."""


def problem(code: str, message: str, *, where: str = "", hint: str = "", **more: Any) -> Problem:
    return {"code": code, "message": message, "where": where, "hint": hint, **more}


class Refusal(Exception):
    """The request cannot be done; `status` and `problems` are the answer, `more` are further members of its body."""

    def __init__(self, status: int, *problems: Problem, more: dict[str, Any] | None = None) -> None:
        super().__init__("; ".join(p["message"] for p in problems))
        self.status, self.problems, self.more = status, list(problems), more or {}
        self.headers: dict[str, str] = {"WWW-Authenticate": "Token"} if status == 401 else {}


def refuse(status: int, code: str, message: str, *, where: str = "", hint: str = "", **more: Any) -> Refusal:
    return Refusal(status, problem(code, message, where=where, hint=hint), more=more)


def not_found(kind: str, id_: object) -> Refusal:
    """The same words for what is not there and for what the caller may not see, so that ids cannot be probed."""
    return refuse(
        404, f"no-{kind}", f"There is no {kind} {id_} here.", hint="Check the address, or ask the owner for access."
    )
