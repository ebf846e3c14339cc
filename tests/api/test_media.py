"""Uploaded files: what is an image, how keys are made, addresses that browsers can keep."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from chalicelib import media
from PIL import Image

from tests.api.inside import opened
from tests.api.people import GIF


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "AVIF"])
def test_images_that_browsers_show_are_known_by_their_first_bytes(kind: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, kind)
    assert media.image_type(file.getvalue()[:64]) == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    "head",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"RIFF\0\0\0\0WAVE", b"BM", b"II*\0", b"\0" * 64],
)
def test_other_files_are_none(head: bytes) -> None:
    assert media.image_type(head) == ""


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        pytest.param(b"II*\0" + b"\0" * 200, "image", id="TIFF, little endian"),
        pytest.param(b"MM\0*" + b"\0" * 200, "image", id="TIFF, big endian"),
        pytest.param(b"II+\0" + b"\0" * 200, "image", id="BigTIFF"),
        pytest.param(b"\0" * 128 + b"DICM\2\0", "image", id="DICOM"),
        pytest.param(b"\0" * 200, "", id="nothing"),
    ],
)
def test_pictures_that_the_page_decodes_itself_are_known_by_their_first_bytes(head: bytes, kind: str) -> None:
    assert media.kind_of(head) == kind


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("cat.JPG", "-cat.jpg"),
        ("C:\\photos\\my cat.png", "-my_cat.png"),
        ("../../etc/passwd", "-passwd"),
        ("straße 日本.png", "-straße_日本.png"),
        ("....", "-file"),
        ("a" * 300 + ".gif", "-" + "a" * 80 + ".gif"),
        ("x.<script>", "-x"),
    ],
)
def test_keys_keep_what_is_safe_of_a_name(name: str, end: str) -> None:
    key = media.new_key(7, name)
    assert key.startswith("uploads/7/")
    assert key.endswith(end)
    assert media.is_of_project(key, 7)
    assert not media.is_of_project(key, 71)


def test_an_address_stays_the_same_for_a_while(folder: Path) -> None:
    """Then what the page fetched ahead is in its cache when the task is shown, and after a reload too."""
    with opened(folder) as inside:
        inside.world.objects.put("uploads/7/x-cat.gif", GIF, content_type="image/gif")
        inside.clock.now = 1_790_000_100.0
        first = media.sign(inside.world, 7, "/data/upload/7/x-cat.gif")
        inside.clock.now += 600
        assert media.sign(inside.world, 7, "/data/upload/7/x-cat.gif") == first


@pytest.mark.parametrize("url", ["https://example.org/a.jpg?x=1", "data:image/gif;base64,R0lG", "a.jpg", ""])
def test_other_addresses_stay_as_they_are(folder: Path, url: str) -> None:
    with opened(folder) as inside:
        assert media.sign(inside.world, 7, url) == url
