"""Sizes of pictures on which nobody marked anything: exports read them in the files."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalicelib import models
from chalicelib.handlers import exports, imports
from chalicelib.handlers import sources as source_handlers
from chalicelib.picture_sizes import FIRST_BYTES, MOST_BYTES, PictureSizes, size_in
from PIL import Image, ImageOps

from tests.api.by_hand import Held
from tests.api.inside import Inside, opened
from tests.api.people import BOXES
from tests.api.test_exports import counted_steps, download, file_of, start
from tests.api.test_jobs import to_the_end

SIZE = (37, 23)


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as inside:
        inside.world.jobs = Held()
        yield inside


def picture(kind: str, *, orientation: int = 1, size: tuple[int, int] = SIZE) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    more = {"exif": exif.tobytes()} if kind in ("JPEG", "WEBP", "AVIF") else {}
    Image.new("RGB", size).save(out, kind, **more)
    return out.getvalue()


def with_preview(data: bytes, length: int) -> bytes:
    """A JPEG with so many bytes of application segments before its size."""
    segment = b"\xff\xe5" + (60_002).to_bytes(2, "big") + bytes(60_000)
    return data[:2] + segment * (length // 60_000) + data[2:]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "WEBP", "AVIF", "TIFF"])
def test_each_kind_of_picture_tells_its_size(kind: str) -> None:
    assert size_in(picture(kind)) == SIZE


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_that_is_shown_turned_is_as_large_as_it_is_shown(orientation: int) -> None:
    data = picture("JPEG", orientation=orientation)
    with Image.open(io.BytesIO(data)) as held:
        shown = ImageOps.exif_transpose(held).size
    assert size_in(data) == shown


BROKEN = [b"", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"\x89PNG\r\n\x1a\n", b"plain text", picture("JPEG")[:40]]


@pytest.mark.parametrize("data", BROKEN)
def test_what_tells_no_size_has_none(data: bytes) -> None:
    assert size_in(data) is None


def put(inside: Inside, project: int, name: str, data: bytes) -> str:
    inside.world.objects.put(f"uploads/{project}/{name}", data, content_type="image/jpeg")
    return f"/data/upload/{project}/{name}"


def test_the_project_s_own_files_are_looked_into_and_no_others(inside: Inside, tmp_path: Path) -> None:
    project, other = inside.project(0, label_config=BOXES), inside.project(0, label_config=BOXES)
    look = PictureSizes(inside.world, project)
    assert look(put(inside, project, "a.jpg", picture("JPEG"))) == SIZE
    assert look(put(inside, project, "b.jpg", with_preview(picture("JPEG"), 4 * FIRST_BYTES))) == SIZE
    assert look(put(inside, project, "c.jpg", with_preview(picture("JPEG"), 2 * MOST_BYTES))) is None
    assert look.looked == 3
    foreign = put(inside, other, "d.jpg", picture("JPEG"))
    for address in (foreign, "https://example.com/a.jpg", "s3://bucket/a.jpg", "/data/upload/x", "../a.jpg", ""):
        assert look(address) is None
    assert look.looked == 3, "none of these is even opened"
    assert look(f"/data/upload/{project}/gone.jpg") is None
    files = tmp_path / "files"
    files.mkdir()
    (files / "e.png").write_bytes(picture("PNG"))
    inside.world.folders = (files.resolve(),)
    made = source_handlers.create(
        inside.world, inside.owner, project, models.read("NewSource", {"address": str(files)})
    )
    assert look(f"/data/folder/{made['id']}/e.png") == SIZE


def test_an_export_tells_the_sizes_of_pictures_without_marks(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    project = inside.project(0, label_config=BOXES)
    addresses = [put(inside, project, f"{n}.jpg", picture("JPEG", size=(100 + n, 50))) for n in range(5)]
    rows = [{"image": address} for address in [*addresses, "https://example.com/away.jpg"]]
    for one in rows:  # each makes a row of the list, where a step may end
        imports.load(inside.world, inside.owner, project, json.dumps([one]).encode(), "application/json")

    ana = inside.person(project, "Ana")
    for _ in rows:
        inside.submit(ana, inside.next(ana, project), result=[])

    def sizes(whole: bytes) -> list[Any]:
        return [(image["width"], image["height"]) for image in json.loads(whole)["images"]]

    known = [(100 + n, 50) for n in range(5)]
    assert sizes(download(inside, project, "COCO")) == [*known, (None, None)]
    # What the files say counts more than what is said of all pictures at once.
    assert sizes(download(inside, project, "COCO", size="640x480")) == [*known, (640, 480)]

    monkeypatch.setattr(exports, "PART_LOOKS", 2)
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    steps = counted_steps(monkeypatch)
    done = to_the_end(inside, start(inside, project, format="COCO"))
    assert sizes(file_of(inside, done)) == [*known, (None, None)]
    assert done["result"]["report"]["notes"] == {"size-unknown": 1}
    assert len(steps) > 1
