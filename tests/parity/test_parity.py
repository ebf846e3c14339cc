"""Same bytes, same answers: on this CPython, on every other one at hand, and on the Pyodide that the site serves."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench import consensus_shapes
from tests.compiler import golden

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
SCRIPTS = HERE / "scripts"
PYTHON_PATH = os.pathsep.join([str(ROOT / "web/py"), str(ROOT / "web/py/workers"), str(ROOT)])


def in_cpython(python: str, file: Path, folder: Path) -> str:
    code = "import runpy, sys; print(runpy.run_path(sys.argv[1])['main'](sys.argv[2]))"
    environment = {**os.environ, "PYTHONPATH": PYTHON_PATH, "PYTHONHASHSEED": "random"}
    done = subprocess.run(
        [python, "-c", code, str(file), str(folder)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def in_pyodide(file: Path, folder: Path, tier: str = "annotate") -> str:
    assert (ROOT / "build/pyodide/pyodide.mjs").exists(), "the site is not built; run: make build"
    command = ["node", str(HERE / "in_pyodide.mjs"), str(file), str(folder), tier]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def other_pythons() -> list[str]:
    """CPythons on the path that start and are of a version we promise."""
    found = []
    for minor in (11, 12, 13, 14):
        python = shutil.which(f"python3.{minor}")
        if python and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
            found.append(python)
    return found


@pytest.fixture(scope="module")
def configs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every config of the golden files as a file of its own, the faulty ones too."""
    folder = tmp_path_factory.mktemp("configs")
    cases = golden.load()
    for number, case in enumerate(cases):
        (folder / f"{number:03}.xml").write_text(case.source, encoding="utf-8", newline="")
    assert len(cases) > 20
    return folder


def test_intent_scripts_give_the_same_bytes_in_pyodide() -> None:
    here = in_cpython(sys.executable, HERE / "run_scripts.py", SCRIPTS)
    assert len(here.splitlines()) >= 12
    assert in_pyodide(HERE / "run_scripts.py", SCRIPTS) == here


@pytest.mark.parametrize("python", other_pythons(), ids=lambda path: Path(path).name)
def test_intent_scripts_give_the_same_bytes_on_every_cpython_at_hand(python: str) -> None:
    assert in_cpython(python, HERE / "run_scripts.py", SCRIPTS) == in_cpython(
        sys.executable, HERE / "run_scripts.py", SCRIPTS
    )


def test_configs_compile_to_the_same_bytes_in_pyodide(configs: Path) -> None:
    here = in_cpython(sys.executable, HERE / "compile_configs.py", configs)
    assert in_pyodide(HERE / "compile_configs.py", configs, "author") == here


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A task of three people for every kind of region whose numbers need more than arithmetic."""
    folder = tmp_path_factory.mktemp("consensus")
    chance = random.Random(17)
    for kind in consensus_shapes.KINDS:
        people = [
            {"id": n, "version": 1, "completed_by": n, "result": consensus_shapes.marked(kind, 4, chance, pixels=120)}
            for n in (1, 2, 3)
        ]
        task = {"plan": consensus_shapes.plan(kind), "annotations": people}
        (folder / f"{kind}.json").write_text(json.dumps(task), encoding="utf-8")
    return folder


def test_the_consensus_has_the_same_bytes_in_pyodide(tasks: Path) -> None:
    here = in_cpython(sys.executable, HERE / "compare_consensus.py", tasks)
    assert len(here.splitlines()) == len(consensus_shapes.KINDS)
    assert in_pyodide(HERE / "compare_consensus.py", tasks) == here


@pytest.mark.parametrize("python", other_pythons(), ids=lambda path: Path(path).name)
def test_the_consensus_has_the_same_bytes_on_every_cpython_at_hand(tasks: Path, python: str) -> None:
    file = HERE / "compare_consensus.py"
    assert in_cpython(python, file, tasks) == in_cpython(sys.executable, file, tasks)
