"""`labelkite pictures`: fetch the pictures of an unpacked export to where its format wants them."""

from __future__ import annotations

import argparse
import base64
import csv
import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AT_ONCE = 8
TRIES = 4
TIMEOUT_S = 60
TOLD_EVERY_S = 2.0
MOST_TOLD = 20
_UPLOAD = re.compile(r"/data/upload/(\d+)/")


class Unfit(Exception):
    """What cannot be fetched, and why; the message is for people."""


@dataclass(frozen=True, slots=True)
class Picture:
    """`address`: as the export has it. `place`: the file it becomes."""

    address: str
    place: Path


@dataclass(frozen=True, slots=True)
class Server:
    """Where Labelkite answers, who asks, and the project of addresses that do not name theirs."""

    url: str
    token: str
    project: int | None = None


def add_commands(subparsers: Any) -> None:
    command = subparsers.add_parser(
        "pictures",
        help="fetch the pictures of an unpacked export",
        description="Fetch every picture that images.csv (YOLO, VOC, masks) or the JSON files of COCO name into "
        "images/ beside them. What is there already stays; run it again after a failure.",
    )
    command.add_argument("folder", type=Path, metavar="FOLDER", help="the unpacked export")
    command.add_argument("--url", required=True, metavar="URL", help="where Labelkite runs")
    command.add_argument(
        "--token",
        default=os.environ.get("LABELKITE_TOKEN", ""),
        metavar="X",
        help="API token (default $LABELKITE_TOKEN)",
    )
    command.add_argument("--project", type=int, metavar="N", help="the project, for files of its sources (s3://…)")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    server = Server(arguments.url.rstrip("/"), arguments.token, arguments.project)
    try:
        wanted = list(pictures(arguments.folder))
    except Unfit as fault:
        print(f"labelkite pictures: {fault}", file=sys.stderr)
        return 2
    missing = [one for one in wanted if not one.place.exists()]
    print(f"{len(wanted):,} pictures, {len(wanted) - len(missing):,} of them here already.")
    failed: list[str] = []
    told = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done, lost in enumerate(pool.map(lambda one: _fetched(server, one), missing), 1):
            failed += [lost] if lost else []
            if time.monotonic() - told > TOLD_EVERY_S:
                told = time.monotonic()
                print(f"{done:,} of {len(missing):,} …", flush=True)
    for line in failed[:MOST_TOLD]:
        print(line, file=sys.stderr)
    if failed:
        print(
            f"{len(failed):,} pictures are missing; the others are there. Run it again for the rest.", file=sys.stderr
        )
        return 1
    print(f"All pictures are in {arguments.folder / 'images'}.")
    return 0


def pictures(folder: Path) -> Iterator[Picture]:
    """
    The pictures that an export names, each file once.

    Raises:
        Unfit: the folder holds no such export, or a name leaves it.
    """
    table = folder / "images.csv"
    seen: set[Path] = set()
    for name, address, part in _of_table(table) if table.exists() else _of_coco(folder):
        place = folder / "images" / part / name
        if not place.resolve().is_relative_to((folder / "images").resolve()):
            raise Unfit(f"{name!r} would lie outside of {folder / 'images'}.")
        if address and place not in seen:
            seen.add(place)
            yield Picture(address, place)


def _of_table(table: Path) -> Iterator[tuple[str, str, str]]:
    with table.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        if rows.fieldnames is None or not {"file", "address"} <= set(rows.fieldnames):
            raise Unfit(f"{table} has no columns 'file' and 'address'.")
        for row in rows:
            yield row["file"], row["address"] or "", row.get("set") or ""


def _of_coco(folder: Path) -> Iterator[tuple[str, str, str]]:
    found = False
    for file in sorted(folder.glob("*.json")):
        try:
            held = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as fault:
            raise Unfit(f"{file} is not JSON: {fault}") from fault
        if isinstance(held, dict) and isinstance(held.get("images"), list):
            found = True
            yield from ((str(one["file_name"]), str(one.get("coco_url") or ""), "") for one in held["images"])
    if not found:
        raise Unfit(f"{folder} holds no images.csv and no JSON of COCO. Unpack the export and name its folder.")


def _fetched(server: Server, picture: Picture) -> str:
    """Empty when the picture is there, else what went wrong."""
    try:
        data = _read(server, picture.address)
        picture.place.parent.mkdir(parents=True, exist_ok=True)
        part = picture.place.with_name(picture.place.name + ".part")
        part.write_bytes(data)
        part.replace(picture.place)
    except (Unfit, OSError) as fault:
        return f"{picture.place.name}: {fault}"
    return ""


def _read(server: Server, address: str) -> bytes:
    if address.startswith("data:"):
        head, _, body = address.partition(",")
        return base64.b64decode(body) if head.endswith(";base64") else urllib.parse.unquote_to_bytes(body)
    return _got(address if address.startswith(("http:", "https:")) else _signed(server, address), {})


def _signed(server: Server, address: str) -> str:
    """The presigned address of a file of the project. The token goes to Labelkite alone, never to where it sends us."""
    upload = _UPLOAD.match(address)
    project = int(upload[1]) if upload else server.project
    if project is None:
        raise Unfit(f"{address} names no project; say --project.")
    asked = f"{server.url}/api/projects/{project}/media?{urllib.parse.urlencode({'address': address})}"
    location = _answered(asked, {"Authorization": f"Token {server.token}"} if server.token else {})[1]
    if not location:
        raise Unfit(f"{server.url} sent no address.")
    signed = urllib.parse.urljoin(server.url + "/", location)
    if not signed.startswith(("http:", "https:")):
        raise Unfit(f"{server.url} sends us to {signed}.")
    return signed


def _got(url: str, headers: dict[str, str]) -> bytes:
    return _answered(url, headers)[0]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _answered(url: str, headers: dict[str, str]) -> tuple[bytes, str]:
    """Body, and where it sends us. Tries again what may pass: no connection, 429 and 5xx."""
    opener = urllib.request.build_opener(_Stay()) if headers else urllib.request.build_opener()
    for turn in range(TRIES):
        try:
            with opener.open(urllib.request.Request(url, headers=headers), timeout=TIMEOUT_S) as answer:
                return answer.read(), ""
        except urllib.error.HTTPError as error:
            if error.code in (301, 302, 303, 307, 308):
                return b"", error.headers.get("Location") or ""
            if error.code != 429 and error.code < 500:
                raise Unfit(_why(error)) from error
            fault: Exception = Unfit(_why(error))
        except OSError as error:
            fault = error
        if turn < TRIES - 1:
            time.sleep(0.5 * 2**turn)
    raise fault


def _why(error: urllib.error.HTTPError) -> str:
    """What our own server says in words, else the code."""
    try:
        told = json.loads(error.read())["problems"][0]
        return f"{told['message']} {told.get('hint') or ''}".strip()
    except (ValueError, KeyError, IndexError, TypeError):
        return f"the answer was {error.code} {error.reason}"
