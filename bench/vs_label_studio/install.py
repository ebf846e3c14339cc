"""Label Studio in an environment of its own, which is made on the first run."""

from __future__ import annotations

import os
import subprocess
import venv
from pathlib import Path

from bench.machine import ROOT

VERSION = "1.23.2"
FOLDER = "LABEL_STUDIO_VENV"
"""Environment variable: an environment that has this version already."""


def command() -> Path:
    """Path of the `label-studio` command of the measured version. Raises CalledProcessError with pip's status."""
    folder = Path(os.environ.get(FOLDER) or ROOT / ".cache" / "label-studio")
    script = folder / "bin" / "label-studio"
    if script.exists() and _version(folder) == VERSION:
        return script
    print(f"Installing Label Studio {VERSION} in {folder} (once; about 1 GB) ...", flush=True)
    venv.create(folder, with_pip=True)
    subprocess.run(
        [folder / "bin" / "python", "-m", "pip", "install", "--quiet", f"label-studio=={VERSION}"], check=True
    )
    return script


def _version(folder: Path) -> str:
    asked = "import importlib.metadata as m; print(m.version('label-studio'))"
    said = subprocess.run([folder / "bin" / "python", "-c", asked], capture_output=True, text=True, check=False)
    return said.stdout.strip()
