"""What Labelkite is made of beside its own code: versions and licences, as docs/licences.md.

    python -m scripts.licences           print the page
    python -m scripts.licences --write   write it

Needs web/node_modules, .cache/wheels and the development environment: `make build` has made all of them. Ends with 1
when a licence is not known to go with a distribution under Apache-2.0.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"
LOCKS = {
    "With `pip install labelkite`": "requirements/runtime.txt",
    "In the zip for Lambda": "labelkite/deploy/requirements.txt",
}
SITE = ("In the site, from npm", "In the site, wheels for Pyodide")

PERMISSIVE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "PSF-2.0", "Unlicense",
    "Zlib",
}  # fmt: skip
"""Go with Apache-2.0 when their notices are kept: licences.txt of the site, and the packages' own files."""
FILE_COPYLEFT = {"MPL-2.0"}
"""May be shipped unchanged, with a word where the source is; a changed file would have to be published."""
CALLED = {
    "APACHE-2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "Dual License": "BSD-3-Clause OR Apache-2.0",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "MPLv2": "MPL-2.0",
}


@dataclass(frozen=True, slots=True, order=True)
class Part:
    name: str
    version: str
    licence: str

    @property
    def verdict(self) -> str:
        """`fits`, `unchanged` (only as it was published), or `unknown`."""
        choices = [choice.strip("() ") for choice in re.split(r"\bOR\b", self.licence)]
        verdicts = [_verdict_of_all(re.split(r"\bAND\b|\bWITH\b", choice)) for choice in choices]
        return next((good for good in ("fits", "unchanged") if good in verdicts), "unknown")


def _verdict_of_all(licences: Iterable[str]) -> str:
    found = {licence.strip("() ") for licence in licences}
    if found <= PERMISSIVE:
        return "fits"
    return "unchanged" if found <= PERMISSIVE | FILE_COPYLEFT else "unknown"


def locked(lock: Path) -> list[tuple[str, str]]:
    """Names and versions in a lock of pip-compile."""
    return re.findall(r"^([\w.-]+)==([\w.!+-]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)


def of_python(name: str) -> str:
    """The licence that an installed package says it has."""
    told = importlib.metadata.metadata(name)
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    classifiers = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    named = [CALLED.get(line, line) for line in classifiers if line != "OSI Approved"]
    return " AND ".join(dict.fromkeys(named)) or CALLED.get(str(told.get("License")), str(told.get("License")))


def of_site() -> tuple[list[Part], list[Part]]:
    """What the site's build says of itself (web/licences.mjs)."""
    code = "import { packages, wheels } from './licences.mjs'; console.log(JSON.stringify([packages(), wheels()]))"
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", code], cwd=ROOT / "web", capture_output=True, text=True, check=True
    )
    made = [
        [Part(row["name"], row["version"], CALLED.get(row["licence"], row["licence"])) for row in rows]
        for rows in json.loads(ran.stdout)
    ]
    return made[0], made[1]


def sections() -> Iterator[tuple[str, list[Part]]]:
    for title, lock in LOCKS.items():
        yield title, [Part(name, version, of_python(name)) for name, version in locked(ROOT / lock)]
    yield from zip(SITE, of_site(), strict=True)


HEAD = """# Licences

Labelkite is under the Apache License 2.0. This is what it is distributed with or installs, with the versions of the
locks and the licence that each package says it has. Made by `python -m scripts.licences --write`; a test compares it
with the locks.

- **fits**: may be distributed with Apache-2.0 code; its notice is kept. The site's notices are in `licences.txt` beside
  it (minified code holds no comments), those of Python packages in their own metadata.
- **unchanged**: MPL-2.0. Fits as it was published, with a word where its source is (`licences.txt` says so); a changed
  file of it would have to be published.

Not distributed with it, only used to build and test: everything in `requirements/dev.txt` and the others, and npm's
development packages. Extras that `pip` installs when asked: `pyjwt` (MIT) with `cryptography` (Apache-2.0 OR
BSD-3-Clause), `pyarrow` and `botocore` (Apache-2.0). The demo's photos are in the public domain or CC0, by the
record of scikit-image, where they are from; the samples of the templates are our own.
"""


def page(made: Iterable[tuple[str, list[Part]]]) -> str:
    lines = [HEAD]
    for title, parts in made:
        lines += [f"## {title}\n", "| package | version | licence | |", "|---|---|---|---|"]
        lines += [f"| {part.name} | {part.version} | {part.licence} | {part.verdict} |" for part in sorted(parts)]
        lines.append("")
    return "\n".join(lines)


def read_page() -> dict[str, list[Part]]:
    """The tables of the page by their titles."""
    found: dict[str, list[Part]] = {}
    title = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            title = line[3:]
        elif line.startswith("| ") and not line.startswith(("| package", "|---")):
            name, version, licence, _ = (cell.strip() for cell in line.strip("| \n").split("|"))
            found.setdefault(title, []).append(Part(name, version, licence))
    return found


def main() -> int:
    made = list(sections())
    text = page(made)
    if "--write" in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text)
    unknown = [part for _, parts in made for part in parts if part.verdict == "unknown"]
    for part in unknown:
        sys.stderr.write(f"{part.name} {part.version}: nobody has said that {part.licence} goes with Apache-2.0\n")
    return int(bool(unknown))


if __name__ == "__main__":
    sys.exit(main())
