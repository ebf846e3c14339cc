"""The wheel alone: in an empty venv, far from the checkout, with no Node on the path."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel() -> Path:
    found = sorted((ROOT / "dist").glob("labelkite-*.whl"))
    assert len(found) == 1, "the wheel is not built; run: make build"
    return found[0]


def test_it_carries_every_python_file_of_the_packages_and_no_test(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        package: [path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder / package).rglob("*.py")]
        for folder, package in (("", "config_compiler"), ("web/py", "labeling"), ("", "labelkite"))
    }
    wanted["lambda"] = [
        f"labelkite/_lambda/{path.relative_to(ROOT / 'lambda').as_posix()}" for path in (ROOT / "lambda").rglob("*.py")
    ]
    for package, files in wanted.items():
        assert len(files) > 5, package
        assert not [name for name in files if name not in names], package
    assert not [name for name in names if name.startswith("tests/") or "node_modules" in name]


def test_it_carries_the_whole_site_and_the_demo(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    site = [path.relative_to(ROOT / "web/dist").as_posix() for path in (ROOT / "web/dist").rglob("*") if path.is_file()]
    assert len(site) > 30
    assert not [name for name in site if f"labelkite/_site/{name}" not in names]
    assert len([name for name in names if re.match(r"labelkite/_demo/\w+\.jpg$", name)]) == 6
    assert "labelkite/demo/stories.json" in names


def test_it_carries_what_a_deployment_needs(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    parts = [path.name for path in (ROOT / "infra").iterdir()]
    assert len(parts) > 8
    assert {f"labelkite/_infra/{name}" for name in parts} <= names
    assert {"labelkite/deploy/requirements.txt", "labelkite/_lambda/entry.py", "labelkite/_lambda/app.py"} <= names


@pytest.mark.slow
def test_it_runs_in_an_empty_venv_without_checkout_and_node(wheel: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    pip = [str(venv / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements/runtime.txt")], check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    bare = {"PATH": str(tmp_path), "HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [str(venv / "bin/labelkite"), "up", "--data", "data", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=bare, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert process.stdout is not None
        printed = ""
        while printed.count("/join#") < 3:
            line = process.stdout.readline()
            assert line, printed
            printed += line
        url = re.search(r"http://127\.0\.0\.1:\d+", printed)
        assert url
        page = httpx.get(url[0] + "/")
        assert page.status_code == 200
        scripts = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.text)
        assert scripts
        for asset in scripts:
            assert httpx.get(url[0] + asset).status_code == 200, asset
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    token = subprocess.run(
        [str(venv / "bin/labelkite"), "token", "--data", "data"], cwd=tmp_path, env=bare, text=True, capture_output=True
    )
    assert re.fullmatch(r"\S{30,}\n", token.stdout), token.stderr
    assert os.listdir(tmp_path / "data")
