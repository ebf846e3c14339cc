"""Pins that stand in several files must say the same."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE_JSON = json.loads((ROOT / "web/package.json").read_text())
NPM_LOCK = json.loads((ROOT / "web/package-lock.json").read_text())
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

# Put together at run time, so that this file does not name a host itself.
HOSTS = re.compile("|".join(["py" + r"pi\.org", "python" + "hosted", r"registry\." + "npm", r"deb\." + "debian"]))


def tracked() -> list[Path]:
    """Files of the work tree that git does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_pyodide_and_pyscript_are_pinned_exactly() -> None:
    assert PACKAGE_JSON["dependencies"]["pyodide"] == "314.0.3"
    assert PACKAGE_JSON["dependencies"]["@pyscript/core"] == "0.7.31"
    assert NPM_LOCK["packages"]["node_modules/pyodide"]["version"] == "314.0.3"


def test_the_wheel_mirror_in_the_build_fits_the_pyodide_pin() -> None:
    assert f"/v{PACKAGE_JSON['dependencies']['pyodide']}/" in (ROOT / "scripts/sources.py").read_text()


@pytest.mark.parametrize("name", ["pydantic", "pydantic-core"])
def test_compiler_dependencies_are_the_versions_that_the_browser_runs(name: str) -> None:
    packages = json.loads((ROOT / "web/node_modules/pyodide/pyodide-lock.json").read_text())["packages"]
    for lock in ("runtime", "dev"):
        text = (ROOT / f"requirements/{lock}.txt").read_text()
        assert f"\n{name}=={packages[name]['version']} " in text, f"{name} in requirements/{lock}.txt"


def test_python_locks_have_hashes_and_no_addresses() -> None:
    for lock in ("runtime", "dev"):
        text = (ROOT / f"requirements/{lock}.txt").read_text()
        pins = re.findall(r"^([a-z0-9-]+)==", text, flags=re.M)
        assert len(pins) > 10
        assert text.count("\n" + "    --hash=") >= len(pins)
        assert "--index-url" not in text
        assert "://" not in text


def test_the_npm_lock_has_hashes_and_no_addresses() -> None:
    packages = {name: entry for name, entry in NPM_LOCK["packages"].items() if name}
    assert len(packages) > 10
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [name for name, entry in packages.items() if "integrity" not in entry]


def test_no_file_names_a_package_registry() -> None:
    files = tracked()
    assert len(files) > 50
    wrong = []
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if HOSTS.search(text):
            wrong.append(str(path.relative_to(ROOT)))
    assert not wrong


def test_versions_agree() -> None:
    version = PYPROJECT["project"]["version"]
    assert PACKAGE_JSON["version"] == version
    assert re.search(
        rf'^__version__ = "{re.escape(version)}"$', (ROOT / "labelkite/__init__.py").read_text(), flags=re.M
    )
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()
