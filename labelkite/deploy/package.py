"""
The zip that Lambda runs: our code, what it needs in wheels made for Lambda's processor, and compiled files beside both.

Chalice's own packager is not used: it only warns when there is no wheel for the target, ships no .pyc files, and never
makes the same zip twice.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from labelkite import locations

Architecture = Literal["arm64", "x86_64"]

LOCK = Path(__file__).with_name("requirements.txt")
MAX_BYTES = 30_000_000
#: Where Lambda unpacks the zip: what tracebacks name.
TASK_ROOT = "/var/task"
#: Lambda has these; a second copy would only make it slower.
NEVER = ("boto3", "botocore", "s3transfer")
#: Of the wheels, what nothing on Lambda reads.
LEFT_OUT = re.compile(
    r"(\.dist-info/(?!METADATA$))|(/tests?/)|\.pyi$|/py\.typed$|^chalice/(cli|deploy|templates|vendored|package)\b"
)
OWN_SUFFIXES = frozenset({".py", ".json", ".xml", ".case"})
#: What runs in browsers only.
BROWSER_ONLY = ("labeling/table/screen.py", "labeling/table/query.py", "labeling/table/counting.py")
MACHINES = {"arm64": 183, "x86_64": 62}  # e_machine of an ELF header (System V ABI)
EPOCH = (2020, 1, 1, 0, 0, 0)


class PackageFailed(Exception):
    """The zip cannot be made; `hint` says what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Package:
    """A finished zip."""

    place: Path
    sha256: str
    size: int
    """Bytes."""
    runtime: str
    """Such as python3.13: the Python that makes the zip, since .pyc files are for one version."""
    architecture: Architecture

    @property
    def key(self) -> str:
        return f"code/{self.sha256[:32]}.zip"


def runtime() -> str:
    return f"python{sys.version_info[0]}.{sys.version_info[1]}"


def build(place: Path, architecture: Architecture, *, wheels: Path | None = None) -> Package:
    """
    Make the zip at *place*: the same bytes for the same code, wheels and Python.

    Args:
        wheels: a folder to take the wheels from, instead of pip's index; their hashes are checked in either case.
    Raises:
        PackageFailed
    """
    with tempfile.TemporaryDirectory(prefix="labelkite-") as name:
        folder = Path(name)
        downloaded = folder / "wheels"
        download(downloaded, architecture, wheels=wheels)
        code = folder / "code"
        code.mkdir()
        for wheel in sorted(downloaded.glob("*.whl")):
            _unpack(wheel, code)
        for path, source in _own_files():
            target = code / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
        check(code, architecture)
        _compile(code)
        _zip(code, place)
    data = place.read_bytes()
    if len(data) > MAX_BYTES:
        raise PackageFailed(
            f"The zip has {len(data) / 1e6:.1f} MB, more than {MAX_BYTES / 1e6:.0f}.", "Look at what was added to it."
        )
    return Package(place, hashlib.sha256(data).hexdigest(), len(data), runtime(), architecture)


def download(folder: Path, architecture: Architecture, *, wheels: Path | None = None) -> None:
    """The locked wheels for the target, with their hashes checked. Raises PackageFailed when one does not exist."""
    machine = {"arm64": "aarch64", "x86_64": "x86_64"}[architecture]
    # Lambda's Python 3.11 runs on Amazon Linux 2 (glibc 2.26), later ones on Amazon Linux 2023 (glibc 2.34).
    newer = sys.version_info >= (3, 12)
    platforms = [f"manylinux2014_{machine}", f"manylinux_2_17_{machine}", f"manylinux_2_24_{machine}"]
    platforms += [f"manylinux_2_28_{machine}", f"manylinux_2_34_{machine}"] if newer else []
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--require-hashes", "--only-binary=:all:", "--implementation", "cp",
        "--python-version", f"{sys.version_info[0]}.{sys.version_info[1]}",
        *[part for platform in platforms for part in ("--platform", platform)],
        *(["--no-index", "--find-links", str(wheels)] if wheels else []),
        "--dest", str(folder), "--requirement", str(LOCK),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise PackageFailed(
            f"A wheel for {runtime()} on {architecture} is missing, or is not what the lock says:\n"
            f"{done.stderr.strip()[-2000:]}",
            "Try the other --arch, another Python (3.11 to 3.14), or --wheels with a folder that has them.",
        )


def check(code: Path, architecture: Architecture) -> None:
    """
    Every locked package is there, every library in it is for the target, and nothing that Lambda has.

    Raises:
        PackageFailed
    """
    there = {re.sub(r"[-_.]+", "-", path.name.split("-")[0]).lower() for path in code.glob("*.dist-info")}
    missing = sorted(set(locked()) - there)
    if missing:
        raise PackageFailed(f"{', '.join(missing)} did not get into the zip.", "Make it again with an empty --wheels.")
    for path in sorted(code.rglob("*.so*")):
        head = path.read_bytes()[:20]
        if head[:4] != b"\x7fELF" or struct.unpack("<H", head[18:20])[0] != MACHINES[architecture]:
            raise PackageFailed(
                f"{path.relative_to(code)} is not for {architecture}.", "Take wheels for the target from --wheels."
            )
    second = sorted(name for name in NEVER if (code / name).exists())
    if second:
        raise PackageFailed(f"{', '.join(second)} must not be in the zip: Lambda has it.", f"Take it out of {LOCK}.")


def locked() -> dict[str, str]:
    """Version by name of what the lock holds."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK.read_text(), flags=re.M))


def _own_files() -> Iterator[tuple[str, Path]]:
    app = locations.lambda_folder()
    for name in ("app.py", "entry.py"):
        yield name, app / name
    folders = {"chalicelib": app / "chalicelib"}
    for package in ("labeling", "config_compiler"):
        found = importlib.util.find_spec(package)
        if found is None or found.origin is None:
            raise PackageFailed(f"The package {package} is not installed.", "Install labelkite again.")
        folders[package] = Path(found.origin).parent
    for package, folder in folders.items():
        for source in sorted(folder.rglob("*")):
            name = f"{package}/{source.relative_to(folder).as_posix()}"
            if source.is_file() and source.suffix in OWN_SUFFIXES and name not in BROWSER_ONLY:
                yield name, source


def _unpack(wheel: Path, code: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not name.endswith("/") and not LEFT_OUT.search(name) and ".data/" not in name:
                archive.extract(name, code)


def _compile(code: Path) -> None:
    """
    .pyc files beside the sources, valid whatever the files' times are.

    In a process of its own with a fixed hash seed: the same sources then give the same bytes.
    """
    command = [
        sys.executable, "-P", "-s", "-m", "compileall", "-q", "-j", "1", "--invalidation-mode", "unchecked-hash",
        "-s", str(code), "-p", TASK_ROOT, str(code),
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise PackageFailed(f"The code does not compile: {done.stdout.strip()[-2000:]}", "Install labelkite again.")


def _zip(code: Path, place: Path) -> None:
    files = sorted((path.relative_to(code).as_posix(), path) for path in code.rglob("*") if path.is_file())
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in files:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = (0o100755 if ".so" in path.name else 0o100644) << 16
            archive.writestr(entry, path.read_bytes())
