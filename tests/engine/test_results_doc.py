"""docs/results.md: its examples run, and it names every type of result and every kind of region."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import get_args

from labeling.plan_index import ControlType, ShapeKind

PAGE = Path(__file__).resolve().parents[2] / "docs/results.md"


def test_the_examples_run() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert found.attempted >= 5
    assert found.failed == 0


def test_every_type_and_every_kind_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [kind for kind in get_args(ControlType) if f"`{kind}`" not in text] == []
    assert [kind for kind in get_args(ShapeKind) if f"| {kind} |" not in text] == []
