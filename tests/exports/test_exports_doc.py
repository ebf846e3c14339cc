"""The page about exports says what is there."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from labeling.exports import FORMATS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "exports.md"
CODES = re.compile(r'(?:LeftOut|Unreadable|note|changed)\("([a-z-]+)"\)|drop(?:ped)?\([^"\n]*"([a-z-]+)"')


def test_the_examples_of_the_page_are_true() -> None:
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert (found.failed, found.attempted > 5) == (0, True)


def test_the_page_has_every_format() -> None:
    table = PAGE.read_text().split("## The formats")[1]
    named = {
        name.strip() for line in table.splitlines() if line.startswith("| ") for name in line.split("|")[1].split(",")
    }
    assert named - {"name"} == set(FORMATS)


def test_the_page_has_every_reason() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "web/py/labeling/exports").glob("*.py"))
    reasons = {one or other for one, other in CODES.findall(code)}
    assert len(reasons) > 15
    page = PAGE.read_text()
    assert {reason for reason in reasons if f"`{reason}`" not in page and f'"{reason}"' not in page} == set()
