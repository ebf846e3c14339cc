"""What all formats share: whose answers, sets, going on after a stop, archives, tables."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling import imports
from labeling.exports import FORMATS, ExportFault, Options, assembled, fitting, open_export, written
from labeling.exports.archive import Archive
from labeling.exports.files import held, member, members
from labeling.exports.splits import Splits
from labeling.exports.splits import read as read_splits

from tests.exports.samples import (
    PICTURES,
    POSE,
    SPEECH,
    TEXTS,
    VIDEO,
    annotation,
    archive,
    box,
    made,
    painted,
    picture,
    plan,
    row,
    span,
)

Json = dict[str, Any]
DATA = {"image": "a.jpg"}
ONE = box("r", "Big car", 0, 0, 10, 10)
TWO = box("r", "猫", 0, 0, 20, 10)
FIRST, SECOND, TRUTH = annotation(1, ONE), annotation(2, TWO), annotation(1, ONE, ground_truth=True)


def classes(rows: list[Json], **options: Any) -> list[str]:
    """Names of what COCO has of the rows."""
    told = json.loads(made("COCO", PICTURES, rows, **options)[0])
    names = {c["id"]: c["name"] for c in told["categories"]}
    return [names[one["category_id"]] for one in told["annotations"]]


# Whose answers


@pytest.mark.parametrize(
    ("source", "annotations", "consensus", "expected"),
    [
        pytest.param("annotations", [FIRST, SECOND], None, "猫", id="the newest"),
        pytest.param("annotations", [TRUTH, SECOND], None, "Big car", id="accepted before newest"),
        pytest.param("annotations", [FIRST, annotation(2, TWO, was_cancelled=True)], None, "Big car", id="not skipped"),
        pytest.param("annotations", [FIRST, annotation(2, TWO, discarded=True)], None, "Big car", id="not discarded"),
        pytest.param("annotations", [FIRST, annotation(2, TWO, purpose="repeat")], None, "Big car", id="made to label"),
        pytest.param("consensus", [FIRST, annotation(2, ONE)], [TWO], "猫", id="what they agreed on"),
        pytest.param("consensus", [FIRST], None, "Big car", id="the only one"),
        pytest.param("consensus", [FIRST, SECOND], None, "no-consensus", id="none was made"),
        pytest.param("consensus", [TRUTH, annotation(2, ONE)], [TWO], "Big car", id="a reviewer's before it"),
        pytest.param("reviewed", [TRUTH, SECOND], None, "Big car", id="a reviewer's"),
        pytest.param("reviewed", [FIRST], None, "not-reviewed", id="nobody reviewed it"),
        pytest.param("", [FIRST, annotation(2, ONE)], [TWO], "猫", id="consensus if nobody says"),
        pytest.param("consensus", [annotation(1, was_cancelled=True)], None, "skipped", id="skipped"),
        pytest.param("consensus", [], None, "not-annotated", id="nobody was there"),
    ],
)  # fmt: skip
def test_a_task_has_the_answer_that_was_asked_for(
    source: str, annotations: list[Json], consensus: list[Json] | None, expected: str
) -> None:
    more = {} if consensus is None else {"consensus": {"agreement": 1.0, "result": consensus}}
    rows = [row(1, DATA, *annotations, **more)]
    export = made("COCO", PICTURES, rows, source=source)[1]
    assert (classes(rows, source=source) or list(export.report.body["tasks"]["left_out"])) == [expected]


def test_tables_have_a_row_for_everybody_or_one_for_the_consensus() -> None:
    rows = [row(1, DATA, annotation(1, ONE), annotation(2, TWO), consensus={"agreement": 0.5, "result": [ONE]})]
    assert len(table(made("CSV", PICTURES, rows)[0])) == 2
    (one,) = table(made("CSV", PICTURES, rows, source="consensus")[0])
    assert (one["annotation_id"], one["agreement"], json.loads(one["box"])[0]["rectanglelabels"]) == (
        "",
        "0.5",
        ["Big car"],
    )


def test_json_has_everything_that_was_done_and_of_reviewed_tasks_what_was_accepted() -> None:
    rows = [row(1, DATA, annotation(1, ONE, ground_truth=True), annotation(2, was_cancelled=True)), row(2, DATA)]
    told = json.loads(made("JSON", PICTURES, rows)[0])
    assert [[a["id"] for a in task["annotations"]] for task in told] == [[1, 2], []]
    accepted = json.loads(made("JSON", PICTURES, rows, source="reviewed")[0])
    assert [[a["id"] for a in task["annotations"]] for task in accepted] == [[1]]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        pytest.param({"source": "everything"}, "bad-source", id="source"),
        pytest.param({"names": "x"}, "bad-names", id="names"),
        pytest.param({"size": "640"}, "bad-size", id="size"),
        pytest.param({"split": "a:b"}, "bad-split", id="shares that are no numbers"),
        pytest.param({"split": "a/b:1"}, "bad-split", id="a name that is no name of a file"),
        pytest.param({"split": "0,0"}, "bad-split", id="no shares"),
        pytest.param({"split": "a:1,a:2"}, "bad-split", id="a name twice"),
    ],
)
def test_a_wrong_wish_is_refused_with_what_is_wrong(options: Json, code: str) -> None:
    with pytest.raises(ExportFault) as fault:
        made("COCO", PICTURES, [], **options)
    assert fault.value.code == code


# Sets


def test_a_task_stays_in_its_set_whatever_else_there_is() -> None:
    splits = read_splits("train:0.8,val:0.1,test:0.1")
    assert splits is not None
    found = {str(n): splits.of(str(n)) for n in range(2000)}
    assert [splits.of(key) for key in reversed(found)] == list(reversed(found.values()))
    counts = Counter(found.values())
    assert 1500 < counts["train"] < 1700
    assert 140 < counts["val"] < 260
    assert [splits.of(str(n)) for n in (0, 1, 3, 14, 17)] == ["train", "test", "val", "val", "val"], "in every version"
    other = Splits(splits.shares, seed="2")
    assert {key for key in found if other.of(key) != found[key]}


def test_a_larger_first_share_takes_no_task_away_from_it() -> None:
    small, large = (read_splits({"train": share, "val": 1 - share}) for share in (0.5, 0.7))
    assert small is not None
    assert large is not None
    assert all(large.of(str(n)) == "train" for n in range(500) if small.of(str(n)) == "train")


@pytest.mark.parametrize("patient", ["P 7", 7, ["a"], None])
def test_tasks_with_one_value_of_the_key_are_in_one_set(patient: Any) -> None:
    rows = [row(n, {"image": f"{n}.jpg", "patient": patient}, annotation(n, ONE)) for n in range(40)]
    splits = made("COCO", PICTURES, rows, split="0.5,0.5", key="patient")[1].report.body["splits"]
    assert len(splits) == (2 if patient is None else 1), "without a value the task's id decides"
    assert len(made("COCO", PICTURES, rows, split="0.5,0.5")[1].report.body["splits"]) == 2


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_has_its_tasks_in_sets(name: str) -> None:
    rows = rows_for(name)
    data, export = made(name, CONFIGS[name], _many(rows, 20), split="a:0.5,b:0.5")
    files = archive(data)
    sets = export.report.body["splits"]
    assert sets.keys() == {"a", "b"}
    assert json.loads(files["report.json"]) == export.report.body
    for set_ in sets:
        assert any(set_ in name.replace(".", "/").replace("_", "/").split("/") for name in files), sorted(files)


# Going on


CONFIGS = dict.fromkeys(FORMATS, PICTURES) | {
    "YOLO_POSE": POSE,
    "CONLL2003": TEXTS,
    "SPACY": TEXTS,
    "ASR_MANIFEST": SPEECH,
    "SRT": SPEECH,
    "VTT": SPEECH,
    "MOT": VIDEO,
}


def rows_for(name: str) -> list[Json]:
    """Two rows that a format can hold."""
    match CONFIGS[name]:
        case _ if name == "YOLO_POSE":
            return [picture(n, box("r", "Person", 1, 1, 5, 5)) for n in (1, 2)]
        case value if value == TEXTS:
            return [row(n, {"text": f"Ann {n}"}, annotation(n, span("a", "ORG", 0, 3))) for n in (1, 2)]
        case value if value == SPEECH:
            value_ = {"start": 0, "end": 1}
            mark = {
                "id": "s",
                "from_name": "who",
                "to_name": "a",
                "type": "labels",
                "value": {**value_, "labels": ["Ann"]},
            }
            text = {**mark, "from_name": "said", "type": "textarea", "value": {**value_, "text": ["Hi"]}}
            return [row(n, {"audio": f"{n}.wav"}, annotation(n, mark, text)) for n in (1, 2)]
        case value if value == VIDEO:
            keys = [{"frame": 1, "time": 0, "enabled": False, "x": 0, "y": 0, "width": 5, "height": 5, "rotation": 0}]
            value_ = {"framesCount": 9, "duration": 1, "labels": ["Dog"], "sequence": keys}
            track = {"id": "v", "from_name": "box", "to_name": "v", "type": "videorectangle", "value": value_}
            return [row(n, {"video": "v.mp4", "width": 9, "height": 9}, annotation(n, track)) for n in (1, 2)]
        case _:
            return [
                picture(n, box("r", f"new {n}", 1, 1, 5, 5), painted("m", (0, 10)), name=f"{n}.jpg") for n in (1, 2)
            ]


def _many(rows: list[Json], times: int) -> list[Json]:
    made_ = []
    for n in range(times):
        for one in rows:
            id_ = 10 * n + one["task"]["id"]
            made_.append({**one, "task": {**one["task"], "id": id_}})
    return made_


@pytest.mark.parametrize("name", list(FORMATS))
@pytest.mark.parametrize("split", ["", "a:1,b:1"])
def test_an_export_that_is_stopped_after_every_task_gives_the_same_file(name: str, split: str) -> None:
    rows = _many(rows_for(name), 3)
    options = Options(splits=read_splits(split))
    streams: dict[str, bytes] = {}
    state: Json | None = None
    for one in rows:
        export = open_export(name, plan(CONFIGS[name]), options, state)
        for stream, data in export.add(one):
            streams[stream] = streams.get(stream, b"") + data
        state = json.loads(json.dumps(export.now()))
    export = open_export(name, plan(CONFIGS[name]), options, state)
    whole = b"".join(written(open_export(name, plan(CONFIGS[name]), options), rows))
    assert b"".join(assembled(export.layout(), held(streams))) == whole
    assert len(whole) > 50


@pytest.mark.parametrize("name", ["JSON", "JSONL", "CONLL2003", "ASR_MANIFEST", "YOLO", "VOC", "BRUSH_TO_PNG", "SRT"])
def test_a_download_begins_long_before_the_last_task_is_read(name: str) -> None:
    taken = 0

    def rows() -> Iterator[Json]:
        nonlocal taken
        for one in _many(rows_for(name), 1500):
            taken += 1
            yield one

    chunks = written(open_export(name, plan(CONFIGS[name])), rows())
    assert next(chunks)
    assert 0 < taken < 2000
    for _ in chunks:
        pass
    assert taken == 3000


@pytest.mark.parametrize("name", list(FORMATS))
def test_an_export_of_no_tasks_is_a_file_that_can_be_read(name: str) -> None:
    data, export = made(name, CONFIGS[name], [])
    if export.filename("x").endswith(".zip"):
        assert json.loads(archive(data)["report.json"])["tasks"]["read"] == 0
    elif export.filename("x").endswith(".json"):
        json.loads(data)
    elif name == "PARQUET":
        assert parquet.read_table(io.BytesIO(data)).num_rows == 0
    else:
        assert data.strip() == b""


@pytest.mark.parametrize("name", list(FORMATS))
def test_results_that_are_no_results_end_no_export(name: str) -> None:
    places = [
        ("box", "img", "rectanglelabels"),
        ("paint", "img", "brushlabels"),
        ("poly", "img", "polygonlabels"),
        ("kp", "img", "keypointlabels"),
        ("ner", "t", "labels"),
        ("who", "a", "labels"),
        ("box", "v", "videorectangle"),
    ]
    broken: list[Any] = [None, 7, {}, {"value": None}, {"value": {}, "type": "rectanglelabels"}]
    for name_, to, type_ in places:
        values: list[Json] = [
            {},
            {"x": "1", "y": None, type_: "x"},
            {"points": [1], "rle": [1, 2], "sequence": [1], "start": "a", type_: [1, "x"]},
            {"x": float("inf"), "y": 0, "width": -5, "height": 0, type_: ["x"]},
        ]
        broken += [{"id": "r", "from_name": name_, "to_name": to, "type": type_, "value": value} for value in values]
    sized = [{**one, "original_width": 9, "original_height": "x"} if isinstance(one, dict) else one for one in broken]
    data = {"image": None, "text": "abc", "audio": "a.wav", "video": 5, "width": 9, "height": 9}
    for result in (broken, sized):
        made(name, CONFIGS[name], [row(1, data, annotation(1, *result)), *rows_for(name)])


def test_formats_say_what_keeps_them_from_a_config() -> None:
    found = fitting(plan(TEXTS))
    possible = {name for name, fault in found.items() if fault is None}
    assert possible == {"JSON", "JSON_MIN", "CSV", "TSV", "JSONL", "CONLL2003", "SPACY", "HF_DATASET", "PARQUET"}
    coco = found["COCO"]
    assert coco is not None
    assert "<Image>" in coco.message


@pytest.mark.parametrize("name", ["COCO", "HF_DATASET"])
def test_what_a_repeater_repeats_is_for_formats_that_hold_everything(name: str) -> None:
    inner = '<Image name="i{{idx}}" value="$list[{{idx}}].url"/>'
    inner += '<RectangleLabels name="box{{idx}}" toName="i{{idx}}"><Label value="a"/></RectangleLabels>'
    with pytest.raises(ExportFault, match="inside a Repeater"):
        made(name, f'<View><Repeater on="$list">{inner}</Repeater></View>', [])


# Archives


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=20), st.binary(max_size=300)), max_size=8), st.integers(1, 50))
def test_members_come_out_as_they_went_in_however_they_are_cut(files: list[tuple[str, bytes]], size: int) -> None:
    data = b"".join(member(name, content)[1] for name, content in files)
    pieces = iter([data[n : n + size] for n in range(0, len(data), size)])
    assert list(members(pieces)) == [(name.encode("utf-8", "replace").decode(), content) for name, content in files]


def test_an_archive_of_very_many_files_has_the_large_end_and_opens(tmp_path: Path) -> None:
    maker = Archive()
    with (tmp_path / "a.zip").open("wb") as file:
        for n in range(70_000):
            file.writelines(maker.add(f"ü/{n}.txt", [b"x" * (n % 7), b"y"], packed=False))
        for name in ("big.png", "big.txt"):
            file.writelines(maker.add(name, (b"z" * 1000 for _ in range(1000))))
        file.writelines(maker.end())
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        assert len(opened.namelist()) == 70_002
        assert opened.read("ü/69999.txt") == b"x" * (69999 % 7) + b"y"
        assert opened.read("big.png") == opened.read("big.txt") == b"z" * 1_000_000


def test_a_name_that_comes_again_is_left_out_and_told() -> None:
    rows = [picture(n, ONE) for n in (1, 2)]
    data, export = made("YOLO", PICTURES, rows, names="original")
    assert [name for name in archive(data) if name.startswith("labels/")] == ["labels/a.txt"]
    assert export.report.body["notes"] == {"repeated-name": 1}
    assert len([name for name in archive(made("YOLO", PICTURES, rows)[0]) if name.startswith("labels/")]) == 2


@pytest.mark.parametrize(
    ("address", "name"),
    [
        pytest.param("s3://b/p/ü ber%20x.jpg?sig=1#f", "1_ü_ber_x.jpg", id="address"),
        pytest.param("/uploads/1/01234567-89ab-cdef-0123-456789abcdef-a.png", "1_a.png", id="upload"),
        pytest.param("data:image/svg+xml,<svg/>", "1_image.svg", id="data"),
        pytest.param("../../etc/passwd", "1_passwd", id="a path upwards"),
        pytest.param("https://h/..", "1_image", id="nothing but points"),
        pytest.param("https://h/a\\..\\b.jpg", "1_b.jpg", id="other slashes"),
        pytest.param("https://h/%2e%2e%2fx", "1_x", id="slashes in code"),
        pytest.param(None, "1_image", id="nothing"),
        pytest.param(f"h/{'x' * 300}.jpeg", f"1_{'x' * 175}.jpeg", id="a long one"),
        pytest.param(f"h/{'猫' * 120}.jpeg", f"1_{'猫' * 58}.jpeg", id="one that is long in bytes"),
        pytest.param("/data/local-files/?d=set/a%20b.jpg", "1_a_b.jpg", id="behind the path"),
        pytest.param("https://h/x.jpg?key=other.png", "1_x.jpg", id="the path before what is behind it"),
    ],
)
def test_names_of_files_are_safe_and_like_those_of_the_data(address: Any, name: str) -> None:
    told = json.loads(made("COCO", PICTURES, [row(1, {"image": address}, annotation(1))])[0])
    assert [image["file_name"] for image in told["images"]] == [name]


# Tables


def table(data: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))


def test_tables_have_the_columns_of_all_rows_and_cells_that_read_back() -> None:
    texts = ['a "b"', "x,y\r\nz\t", "ä😀", "", "=1+1"]
    rows = [row(n, {"text": text, **({"late": n} if n > 3 else {})}, annotation(n)) for n, text in enumerate(texts, 1)]
    for format_, delimiter in (("CSV", ","), ("TSV", "\t")):
        found = table(made(format_, TEXTS, rows)[0], delimiter)
        assert [one["text"] for one in found] == texts
        assert [one["late"] for one in found] == ["", "", "", "4", "5"]
        assert list(found[0]) == sorted(found[0])


@pytest.mark.parametrize("name", ["JSON_MIN", "HF_DATASET"])
def test_a_field_that_is_called_as_another_would_be_keeps_its_name(name: str) -> None:
    data, _ = made(name, TEXTS, [row(1, {"text": "x", "id": "a", "_data_id": "b"}, annotation(1))])
    told = json.loads(data)[0] if name == "JSON_MIN" else json.loads(archive(data)["train.jsonl"])
    assert (told["id"], told["_data__data_id"], told["_data_id"]) == (1, "a", "b")


def test_a_table_for_spreadsheets_has_no_formulas_and_says_that_it_is_utf_8() -> None:
    texts = ["=1+1", "+1", "-1", "@x", "\t=1", "＝1", "fine - é", ""]
    rows = [row(n, {"text": text}, annotation(n)) for n, text in enumerate(texts, 1)]
    plain, _ = made("CSV", TEXTS, rows)
    assert [one["text"] for one in table(plain)] == texts
    safe, _ = made("CSV", TEXTS, rows, spreadsheet=True)
    assert safe.startswith(b"\xef\xbb\xbf")
    cells = [one["text"] for one in table(safe.removeprefix(b"\xef\xbb\xbf"))]
    assert cells == ["'=1+1", "'+1", "'-1", "'@x", "'\t=1", "'＝1", "fine - é", ""]
    assert table(safe.removeprefix(b"\xef\xbb\xbf"))[2]["lead_time"] == "2.5", "numbers stay numbers"


def test_lines_of_json_are_the_tasks_of_json_and_can_be_imported_again() -> None:
    rows = [picture(n, ONE) for n in (1, 2)]
    lines = made("JSONL", PICTURES, rows)[0]
    assert [json.loads(line) for line in lines.splitlines()] == json.loads(made("JSON", PICTURES, rows)[0])
    parsed = imports.parse(plan(PICTURES), "export.jsonl", lines)
    assert parsed.refused == []
    assert [task["annotations"][0]["result"] for task in parsed.tasks] == [[ONE], [ONE]]
