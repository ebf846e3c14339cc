"""The zip for Lambda: the same bytes each time, everything that is imported, made for the processor asked for."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from labelkite.deploy import package
from labelkite.deploy.package import Architecture, Package, PackageFailed
from tests.deploy.running import ARCH, WHEELS

IMPORT_ALL = """
import importlib, json, os, sys
root = sys.argv[1]
sys.path.insert(0, root)
failed, names = {}, []
OURS = ("app.py", "entry.py", "chalicelib", "labeling", "config_compiler")
for folder, _, files in os.walk(root):
    for file in sorted(files):
        name = os.path.relpath(os.path.join(folder, file), root)
        if file.endswith(".py") and name.split(os.sep)[0] in OURS:
            names.append(name[:-3].replace(os.sep, ".").removesuffix(".__init__"))
for name in sorted(names):
    try:
        importlib.import_module(name)
    except ImportError as error:
        failed[name] = error.name
import entry, jwt, cryptography
print(json.dumps({"failed": failed, "count": len(names)}))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return package.build(tmp_path_factory.mktemp("zip") / "code.zip", ARCH, wheels=WHEELS / ARCH)


def test_the_same_code_is_the_same_zip(made: Package, tmp_path: Path) -> None:
    again = package.build(tmp_path / "code.zip", ARCH, wheels=WHEELS / ARCH)
    assert again.place.read_bytes() == made.place.read_bytes()
    assert made.size < package.MAX_BYTES


def test_every_module_that_lambda_runs_is_imported_from_the_zip_alone(made: Package, tmp_path: Path) -> None:
    with zipfile.ZipFile(made.place) as archive:
        archive.extractall(tmp_path / "task")
    outside = tmp_path / "outside"  # what Lambda's own Python has
    outside.mkdir()
    for name in ("botocore", "jmespath", "dateutil", "urllib3", "six"):
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.origin is not None
        place = Path(found.origin)
        (outside / (name if place.name == "__init__.py" else place.name)).symlink_to(
            place.parent if place.name == "__init__.py" else place
        )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(outside)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", IMPORT_ALL, str(tmp_path / "task")],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["count"] > 250
    # Parquet is not for Lambda, numpy is for browsers.
    assert set(said["failed"].values()) <= {"pyarrow", "pyarrow.parquet", "numpy"}, said["failed"]


def test_compiled_files_are_beside_the_sources_and_nothing_that_lambda_has(made: Package) -> None:
    names = set(zipfile.ZipFile(made.place).namelist())
    tag = sys.implementation.cache_tag
    for source in ("app", "entry", "chalicelib/world", "labeling/model", "pydantic/main", "chalice/app"):
        folder, _, name = source.rpartition("/")
        assert f"{source}.py" in names
        assert f"{folder}/__pycache__/{name}.{tag}.pyc".lstrip("/") in names
    tops = {name.split("/")[0] for name in names}
    assert not tops & {"boto3", "botocore", "s3transfer", "numpy", "pyarrow", "pip", "uvicorn"}
    assert not any(name.startswith(("chalice/cli", "chalice/deploy")) for name in names)


@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
def test_libraries_are_for_the_processor_that_was_asked_for(architecture: Architecture, tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    for wheel in (WHEELS / architecture).glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(code)
    libraries = list(code.rglob("*.so"))
    assert len(libraries) >= 3
    package.check(code, architecture)
    other: Architecture = "arm64" if architecture == "x86_64" else "x86_64"
    with pytest.raises(PackageFailed, match=f"is not for {other}"):
        package.check(code, other)
    shutil.rmtree(next(code.glob("pydantic_core-*.dist-info")))
    with pytest.raises(PackageFailed, match="pydantic-core did not get into the zip"):
        package.check(code, architecture)
    (code / "botocore").mkdir()
    (code / "pydantic_core-2.dist-info").mkdir()
    with pytest.raises(PackageFailed, match="botocore must not be in the zip"):
        package.check(code, architecture)


def test_a_missing_wheel_stops_the_deployment(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    shutil.copytree(WHEELS / ARCH, wheels)
    next(wheels.glob("pydantic_core-*")).unlink()
    with pytest.raises(PackageFailed, match="pydantic-core"):
        package.download(tmp_path / "to", ARCH, wheels=wheels)


def test_a_wheel_that_is_not_what_the_lock_says_stops_it_too(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    shutil.copytree(WHEELS / ARCH, wheels)
    with next(wheels.glob("pyjwt-*")).open("ab") as file:
        file.write(b"more")
    with pytest.raises(PackageFailed, match=r"(?i)hash"):
        package.download(tmp_path / "to", ARCH, wheels=wheels)


def test_the_lock_holds_the_versions_that_are_tested() -> None:
    text = (package.LOCK.parents[2] / "requirements/dev.txt").read_text()
    assert len(package.locked()) >= 10
    for name, version in package.locked().items():
        assert f"\n{name}=={version} " in f"\n{text}", name
