"""docs/licences.md is what the locks say, and everything in it goes with a distribution under Apache-2.0."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts import licences

ROOT = Path(__file__).resolve().parents[2]
PAGE = licences.read_page()


def npm_lock() -> set[tuple[str, str]]:
    packages = json.loads((ROOT / "web/package-lock.json").read_text())["packages"]
    return {
        (path.rpartition("node_modules/")[2], row["version"])
        for path, row in packages.items()
        if path and not row.get("dev") and not row.get("optional")
    }


def test_the_report_is_that_of_the_locks() -> None:
    """Says when a version moved or a dependency came: python -m scripts.licences --write."""
    for title, lock in licences.LOCKS.items():
        assert {(part.name, part.version) for part in PAGE[title]} == set(licences.locked(ROOT / lock)), title
    assert {(part.name, part.version) for part in PAGE[licences.SITE[0]]} >= npm_lock()
    lock = json.loads((ROOT / "web/node_modules/pyodide/pyodide-lock.json").read_text())["packages"]
    versions = {row["name"].replace("_", "-").lower(): row["version"] for row in lock.values()}
    wheels = {part.name.replace("_", "-").lower(): part.version for part in PAGE[licences.SITE[1]]}
    assert {"numpy", "pydantic", "pydantic-core"} <= set(wheels)
    assert {name: versions[name] for name in wheels} == wheels


def test_nothing_in_it_is_at_odds_with_apache_2() -> None:
    parts = [part for rows in PAGE.values() for part in rows]
    assert len(parts) > 120
    assert [part for part in parts if part.verdict == "unknown"] == []
    assert {part.name for part in parts if part.verdict == "unchanged"} == {"jinxed", "pyodide"}


@pytest.mark.parametrize(
    ("licence", "verdict"),
    [
        ("MIT", "fits"),
        ("(MPL-2.0 OR Apache-2.0)", "fits"),
        ("MIT AND MPL-2.0", "unchanged"),
        ("GPL-3.0-only", "unknown"),
        ("MIT AND GPL-3.0-only", "unknown"),
        ("AGPL-3.0 OR LicenseRef-Commercial", "unknown"),
        ("", "unknown"),
        ("None", "unknown"),
    ],
)
def test_a_licence_that_nobody_has_looked_at_is_unknown(licence: str, verdict: str) -> None:
    assert licences.Part("x", "1", licence).verdict == verdict


def test_the_page_is_what_the_script_makes() -> None:
    if not (ROOT / ".cache/wheels/.ready").exists():
        pytest.skip("the wheels for Pyodide are not there yet (make build); the locks were compared above")
    assert licences.page(licences.sections()) == licences.PAGE.read_text(encoding="utf-8")


def test_the_built_site_has_the_notice_of_each_package() -> None:
    notices = ROOT / "web/dist/licences.txt"
    if not (ROOT / "web/dist/index.html").exists():
        pytest.skip("the site is not built (make build)")
    text = notices.read_text(encoding="utf-8")
    for title in licences.SITE:
        for part in PAGE[title]:
            assert f"\n{part.name} {part.version} (" in text
    assert "Copyright" in text.partition("\nlit ")[2].partition("-" * 80)[0]
