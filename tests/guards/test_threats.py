"""docs/security.md names tests that exist, and says truly who calls out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("file", "name"), NAMED, ids=lambda value: value.rpartition("/")[2])
def test_each_test_that_a_threat_names_exists(file: str, name: str) -> None:
    assert (ROOT / file).is_file()
    assert name in names_in(ROOT / file)


def test_each_threat_names_a_test() -> None:
    table = PAGE.partition("## Threats")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith(("| threat", "|---"))]
    assert len(rows) > 25
    without = [row[:60] for row in rows if "tests/" not in row.rpartition("| ")[2] and "::" not in row]
    assert not without
    assert len(NAMED) > 50


CALLERS = {"socket", "ssl", "http.client", "urllib.request", "httpx", "requests", "urllib3", "ftplib", "smtplib"}
MAY_CALL = {"lambda/chalicelib/outgoing.py", "lambda/chalicelib/oidc.py"}
"""Webhooks, and the provider that the operator names. Botocore calls AWS, and nothing that a person names."""


def test_only_webhooks_and_sign_in_call_out() -> None:
    found = set()
    for folder in ("lambda", "web/py", "config_compiler"):
        for path in (ROOT / folder).rglob("*.py"):
            if "node_modules" in path.parts or "vendor" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                named = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
                if CALLERS & set(named):
                    found.add(path.relative_to(ROOT).as_posix())
    assert found == MAY_CALL
