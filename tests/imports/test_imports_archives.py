"""Zip archives: what is in them, what they must not do, and which of their files belong together."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from labeling.imports import archives, pictures
from labeling.imports.archives import Archive, Damaged, open_archive
from labeling.imports.bundles import Bundle
from PIL import Image

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 200, 100)


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data, method)
    return made.getvalue()


def opened(data: bytes) -> Archive:
    found = open_archive(io.BytesIO(data), "a.zip")
    assert isinstance(found, Archive), found
    return found


def read(archive: Archive, path: str, start: int = 0) -> bytes:
    return b"".join(archive.pieces(path, start))


def bundle(*paths: str, **texts: bytes) -> Bundle:
    """Of files that hold the text of their name's stem, else a picture's head."""

    def pieces(path: str, start: int) -> Any:
        stem = path.rpartition("/")[2].partition(".")[0]
        return iter([texts.get(stem, PNG)[start:]])

    return Bundle(paths, pieces, lambda path: f"/data/upload/1/{path}")


def kinds(found: Bundle) -> list[tuple[str, str]]:
    return [(part.kind, part.path) for part in found.parts]


# What may be read


def test_files_are_read_in_order_from_any_byte_on_and_folders_and_leftovers_of_systems_are_none() -> None:
    data = zipped(("a/", b""), ("a/one.txt", b"one" * 200_000), ("__MACOSX/a/._one.txt", b"x"), (".DS_Store", b"x"))
    archive = opened(data)
    assert (archive.paths, archive.refused) == (["a/one.txt"], [])
    assert read(archive, "a/one.txt", 599_998) == b"ne"
    assert len(read(archive, "a/one.txt")) == archive.size("a/one.txt") == 600_000


def test_names_are_utf_8_with_and_without_the_flag_and_else_the_old_code_page() -> None:
    plain = zipped(("K_se.txt", b"1")).replace(b"K_se.txt", "K\u00e4e.txt".encode())
    old = zipped(("K_se.txt", b"1")).replace(b"K_se.txt", b"K\x84se.txt")
    assert opened(zipped(("K\u00e4se.txt", b"1"))).paths == ["K\u00e4se.txt"]
    assert opened(plain).paths == ["K\u00e4e.txt"]
    assert opened(old).paths == ["K\u00e4se.txt"]


def linked() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link.txt")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


def locked() -> bytes:
    data = bytearray(zipped(("a.txt", b"secret")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(zipped(("../a.txt", b"1")), "archive-path", id="a way up"),
        pytest.param(zipped(("a/../../b.txt", b"1")), "archive-path", id="a way up further in"),
        pytest.param(zipped(("/etc/passwd", b"1")), "archive-path", id="from the root"),
        pytest.param(zipped(("..\\a.txt", b"1")), "archive-path", id="backslashes"),
        pytest.param(zipped(("C:/a.txt", b"1")), "archive-path", id="a drive"),
        pytest.param(zipped(("a\nb.txt", b"1")), "archive-path", id="a line end in a name"),
        pytest.param(zipped(("a" * 600, b"1")), "archive-path", id="a long name"),
        pytest.param(zipped((linked(), b"/etc/passwd")), "archive-link", id="a link"),
        pytest.param(zipped(("b.zip", b"1")), "archive-nested", id="an archive inside"),
        pytest.param(zipped(("b.tar.gz", b"1")), "archive-nested", id="another archive inside"),
        pytest.param(zipped(("a.txt", b"\0" * 3_000_000)), "archive-ratio", id="a bomb"),
        pytest.param(zipped(("a.txt", b"1"), method=zipfile.ZIP_LZMA), "archive-method", id="another method"),
        pytest.param(locked(), "archive-locked", id="a password"),
        pytest.param(zipped(("a.txt", b"1"), ("A.TXT", b"2")), "archive-twice", id="two with a name"),
    ],
)
def test_what_must_not_be_in_an_archive_is_refused_with_its_place(data: bytes, code: str) -> None:
    archive = opened(data)
    assert [told["code"] for told in archive.refused] == [code]
    assert archive.refused[0]["where"].startswith("a.zip, ")
    assert archive.refused[0]["hint"]
    assert len(archive.paths) == (1 if code == "archive-twice" else 0)


def test_files_that_lie_over_each_other_are_all_refused() -> None:
    data = bytearray(zipped(("a.txt", b"one"), ("b.txt", b"two")))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 5)
    archive = opened(bytes(data))
    assert (archive.paths, [told["code"] for told in archive.refused]) == ([], ["archive-overlap"])


def test_a_file_that_says_a_smaller_size_than_it_has_is_damaged() -> None:
    data = bytearray(zipped(("a.txt", b"one" * 1000)))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 10)
    with pytest.raises(Damaged):
        read(opened(bytes(data)), "a.txt")


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06", zipped(("a.txt", b"1"))[:-3]])
def test_what_is_no_archive_is_one_problem(data: bytes) -> None:
    found = open_archive(io.BytesIO(data), "a.zip")
    assert not isinstance(found, Archive)
    assert found["code"] == "archive-damaged"


def test_a_list_of_too_many_files_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(zipped(("a.txt", b"1")))
    end = data.index(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<I", 1 << 30)
    found = open_archive(io.BytesIO(bytes(data)), "a.zip")
    assert not isinstance(found, Archive)
    assert found["code"] == "archive-too-many"
    monkeypatch.setattr(archives, "MOST_ENTRIES", 1)
    found = open_archive(io.BytesIO(zipped(("a.txt", b"1"), ("b.txt", b"1"))), "a.zip")
    assert not isinstance(found, Archive)
    assert found["code"] == "archive-too-many"


WHOLE = zipped(("a/one.txt", b"one" * 30), ("b.json", b"[]"))


@settings(max_examples=150)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=8), st.integers(0, len(WHOLE)))
@example(132, b"\0\0", 0)  # a file without a name
def test_no_archive_breaks_the_import(at: int, noise: bytes, cut: int) -> None:
    data = bytearray(WHOLE)
    data[at : at + len(noise)] = noise
    for bytes_ in (bytes(data), bytes(data[:cut])):
        found = open_archive(io.BytesIO(bytes_), "a.zip")
        if isinstance(found, Archive):
            for path in found.paths:
                with suppress(Damaged):
                    assert len(read(found, path)) == found.size(path)


# What belongs together


def test_a_yolo_folder_is_images_with_their_labels() -> None:
    found = bundle(
        "set/data.yaml", "set/images/train/a.jpg", "set/images/train/b.jpg", "set/labels/train/a.txt",
        "set/labels/train/gone.txt", "set/README.txt", "set/notes.json", "set/train.txt",
        data=b"names: [Cat, Dog]", a=b"0 0.5 0.5 1 1",
    )  # fmt: skip
    assert kinds(found) == [
        ("refused", "set/labels/train/gone.txt"),
        ("refused", "set/README.txt"),
        ("refused", "set/notes.json"),
        ("refused", "set/train.txt"),
        ("yolo", "set/images/train/a.jpg"),
        ("media", "set/images/train/b.jpg"),
    ]
    assert (found.parts[4].labels, found.parts[4].names) == ("set/labels/train/a.txt", ("Cat", "Dog"))
    assert found.parts[0].problem is not None
    assert found.parts[0].problem["code"] == "no-image-file"


def test_labels_without_names_of_classes_are_refused_once() -> None:
    found = bundle("a.jpg", "a.txt", "b.jpg", "b.txt", a=b"0 0.5 0.5 1 1\n", b=b"")
    assert kinds(found) == [("refused", "a.txt"), ("media", "a.jpg"), ("media", "b.jpg")]
    assert found.parts[0].problem is not None
    assert found.parts[0].problem["code"] == "no-class-names"


def test_images_that_an_export_only_lists_are_found_by_their_address() -> None:
    listed = b"file,task,page,address,set\r\na b.jpg,1,,https://x.test/1.jpg,\r\nc.jpg,2,,,\r\n"
    found = bundle("data.yaml", "labels/a b.txt", "labels/c.txt", "images.csv", data=b"names: [Cat]", images=listed)
    assert [(part.kind, part.path, part.address) for part in found.parts] == [
        ("refused", "labels/c.txt", ""),
        ("yolo", "labels/a b.txt", "https://x.test/1.jpg"),
    ]
    assert found.beside("x.json").address("img/a_b.jpg") == "https://x.test/1.jpg"


def test_names_are_found_as_written_beside_the_file_and_alone_and_never_guessed() -> None:
    found = bundle("x/ann/a.json", "x/ann/img/1.png", "x/2.png", "y/3.png", "y/My cat (1).png", "p/4.png", "q/4.png")
    wanted = {
        "img/1.png": "x/ann/img/1.png", "x/2.png": "x/2.png", "3.png": "y/3.png", "My_cat_1.png": "y/My cat (1).png",
        "4.png": None, "q/4.png": "q/4.png", "no.png": None, "../2.png": "x/2.png",
    }  # fmt: skip
    assert {name: found.find(name, "x/ann/a.json") for name in wanted} == wanted
    voc = bundle("VOC/Annotations/a.xml", "VOC/JPEGImages/a.jpg", "b/a.jpg")
    assert voc.find("a.jpg", "VOC/Annotations/a.xml") == "VOC/JPEGImages/a.jpg"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_sizes_of_pictures_are_read_from_their_heads(kind: str) -> None:
    made = io.BytesIO()
    Image.new("RGB", (200, 100)).save(made, kind)
    assert pictures.size(made.getvalue()) == (200, 100)


def test_a_photo_that_is_shown_turned_has_its_sides_swapped() -> None:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 100)).save(made, "JPEG", exif=exif)
    assert pictures.size(made.getvalue()) == (100, 200)


HEADS = [PNG, b"\xff\xd8\xff\xe1\0\x20Exif\0\0II", b"GIF89a", b"BM", b"RIFF\0\0\0\0WEBPVP8X"]


@given(st.sampled_from(HEADS), st.binary(max_size=60))
def test_no_head_breaks_the_reader_of_sizes(lead: bytes, rest: bytes) -> None:
    found = pictures.size(lead + rest)
    assert found is None or min(found) > 0
