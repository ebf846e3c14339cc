"""Which route an address belongs to, for hosts that get the whole path: the local server and the entry on Lambda."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Routes:
    """Finds the route of a path: literal segments win over parameters, as in API Gateway."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._tree: dict[str, Any] = {}
        for pattern in patterns:
            node = self._tree
            for part in pattern.strip("/").split("/"):
                node = node.setdefault("{}" if part.startswith("{") else part, {})
            names = [part[1:-1] for part in pattern.split("/") if part.startswith("{")]
            node[""] = (pattern, names)

    def match(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The pattern and its parameters, still percent-encoded as in an event. A slash at the end does not count."""
        found = _walk(self._tree, path.strip("/").split("/"), 0, ())
        if found is None:
            return None
        (pattern, names), values = found
        return pattern, dict(zip(names, values, strict=True))


def _walk(
    node: dict[str, Any], parts: list[str], at: int, values: tuple[str, ...]
) -> tuple[Any, tuple[str, ...]] | None:
    if at == len(parts):
        return (node[""], values) if "" in node else None
    part = parts[at]
    if not part:
        return None
    if part in node and part != "{}":
        found = _walk(node[part], parts, at + 1, values)
        if found is not None:
            return found
    if "{}" in node:
        return _walk(node["{}"], parts, at + 1, (*values, part))
    return None
