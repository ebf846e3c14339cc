"""Files as people have them: every kind, every way in which they are broken, and bytes of no kind at all."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from labeling import imports
from labeling.imports import parse, sniff
from PIL import Image

Json = dict[str, Any]

TEXT = {
    "fields": [{"name": "text", "types": ["string", "number", "list"], "used_by": ["t"]}],
    "objects": [{"name": "t", "type": "text"}],
    "controls": [],
}
IMAGE = {
    "fields": [{"name": "image", "types": ["string"], "used_by": ["img"]}],
    "objects": [{"name": "img", "type": "image"}],
    "controls": [],
}
BOTH = {
    "fields": [*IMAGE["fields"], *TEXT["fields"]],
    "objects": [*IMAGE["objects"], *TEXT["objects"]],
    "controls": [],
}


def read(plan: Json, name: str, content: str | bytes) -> imports.Parsed:
    return parse(plan, name, content.encode() if isinstance(content, str) else content)


def texts(parsed: imports.Parsed) -> list[Any]:
    return [task["data"]["text"] for task in parsed.tasks]


# What goes in


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        pytest.param(
            "a.json",
            '[{"text": "one"}, {"data": {"text": "two"}}]',
            ["one", "two"],
            id="JSON list, with and without data",
        ),
        pytest.param("a.json", '{"text": "one"}', ["one"], id="JSON object"),
        pytest.param("a.json", '{"text": "one"}\n{"text": "two"}\n', ["one", "two"], id="JSON lines named .json"),
        pytest.param(
            "a.jsonl", '{"text": "one"}\r\n\r\n{"text": "two"}', ["one", "two"], id="JSON lines with an empty line"
        ),
        pytest.param("a.csv", "text,n\none,1\ntwo,2\n", ["one", "two"], id="CSV with commas"),
        pytest.param("a.csv", 'text;n\n"one;\none";1\n', ["one;\none"], id="CSV with semicolons and a quoted line end"),
        pytest.param("a.tsv", "n\ttext\n1\tone, two\n", ["one, two"], id="TSV"),
        pytest.param("a.csv", "n\ttext\n1\tone, two\n", ["one, two"], id="tabs in a file named .csv"),
        pytest.param(
            "a.csv", "text\nHello, world\nA; b, c\n", ["Hello, world", "A; b, c"], id="one column of sentences"
        ),
        pytest.param(
            "a.csv", 'text,n\r\n"a ""b"" c",1\r\n\r\n', ['a "b" c'], id="doubled quotes and Windows line ends"
        ),
        pytest.param("a.csv", " text ,\none,0\n", ["one"], id="blanks around a name, a column without one"),
        pytest.param("a.txt", "one\n\n  two \r\nthree", ["one", "  two ", "three"], id="plain lines keep their blanks"),
        pytest.param(
            "a.txt", "one\u2028still one\x0band one\n", ["one\u2028still one\x0band one"], id="only line ends end lines"
        ),
        pytest.param("", "Hello, you\nHow are you, then\n", ["Hello, you", "How are you, then"], id="pasted sentences"),
        pytest.param("", '[{"text": "one"}]', ["one"], id="pasted JSON"),
        pytest.param("", '{"text": "one"}\n{"text": "two"}', ["one", "two"], id="pasted JSON lines"),
        pytest.param("", "text,n\none,1\n", ["one"], id="pasted CSV"),
        pytest.param("a.csv", "\ufefftext,n\none,1\n", ["one"], id="UTF-8 with a byte order mark"),
        pytest.param("a.csv", "text;n\nZoë 😀;1\n".encode("utf-16"), ["Zoë 😀"], id="UTF-16 from a spreadsheet"),
        pytest.param("a.json", b"\xfe\xff" + '[{"text": "é"}]'.encode("utf-16-be"), ["é"], id="UTF-16, big end first"),
        pytest.param(
            "a.json", '[{"text": 7}, {"text": ["a"]}]', [7, ["a"]], id="numbers and lists where the plan takes them"
        ),
        pytest.param(
            "a.txt", "B" + "M is how this begins\n", ["BM is how this begins"], id="text that begins like a bitmap"
        ),
    ],
)
def test_tasks_come_in(name: str, content: str | bytes, expected: list[Any]) -> None:
    parsed = read(TEXT, name, content)
    assert parsed.refused == []
    assert texts(parsed) == expected


def test_a_whole_task_keeps_what_an_import_reads_and_drops_what_the_server_gives() -> None:
    result = [
        {"id": "r1", "from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["A"]}, "extra": 1}
    ]
    task = {
        "id": 7,
        "inner_id": 3,
        "project": 2,
        "data": {"text": "x", "more": [1]},
        "meta": {"by": "me"},
        "allow_skip": False,
        "annotations": [
            {"id": 9, "result": result, "was_cancelled": False, "lead_time": 2.5, "completed_by": {"email": "a@b.c"}}
        ],
        "predictions": [{"model_version": "m", "score": 0.5, "result": []}],
        "drafts": [{"result": result}],
        "total_annotations": 1,
        "file_upload": "x.json",
    }
    parsed = read(TEXT, "export.json", json.dumps([task]))
    assert parsed.refused == []
    assert [note["code"] for note in parsed.notes] == ["one-draft"], "a person with an annotation has no draft besides"
    kept = ("data", "annotations", "predictions", "drafts", "meta", "allow_skip")
    assert parsed.tasks == [{key: task[key] for key in kept}]


def test_an_export_that_lists_predictions_by_id_is_read_with_a_note() -> None:
    task = {"data": {"text": "x"}, "annotations": [], "predictions": [4, 5], "drafts": [1]}
    parsed = read(TEXT, "a.json", json.dumps([task, task]))
    assert parsed.tasks == [{"data": {"text": "x"}}] * 2
    assert [note["code"] for note in parsed.notes] == ["only-ids", "only-ids"]


def test_a_field_that_is_itself_called_data_is_found() -> None:
    plan = {"fields": [{"name": "data", "types": ["string"], "used_by": ["t"]}], "objects": [], "controls": []}
    assert read(plan, "a.json", '[{"data": "x"}]').tasks == [{"data": {"data": "x"}}]


def test_lines_are_addresses_for_a_config_of_pictures() -> None:
    parsed = read(IMAGE, "a.txt", " https://example.org/1.jpg \nhttps://example.org/2.jpg\n")
    assert [task["data"]["image"] for task in parsed.tasks] == [
        "https://example.org/1.jpg",
        "https://example.org/2.jpg",
    ]


def test_a_column_of_lists_is_read_as_json() -> None:
    plan = {"fields": [{"name": "rows", "types": ["list", "object"], "used_by": ["x"]}], "objects": [], "controls": []}
    parsed = read(plan, "a.csv", 'rows;n\n"[1, {""a"": 2}]";1\nno list;2\n')
    assert parsed.tasks == [{"data": {"rows": [1, {"a": 2}], "n": "1"}}]
    assert [(p["code"], p["where"]) for p in parsed.refused] == [("wrong-type", "row 2 (line 3), field rows")]


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["text", "a b", "c"]),
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_a_spreadsheet_writes_comes_back(rows: list[dict[str, str]]) -> None:
    rows = [{"text": "t" + row.get("text", ""), "a b": row.get("a b", ""), "c": row.get("c", "")} for row in rows]
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, ["text", "a b", "c"])
    table.writeheader()
    table.writerows(rows)
    parsed = read(TEXT, "a.csv", out.getvalue())
    assert parsed.refused == []
    assert [task["data"] for task in parsed.tasks] == rows


# What is refused


@pytest.mark.parametrize(
    ("plan", "name", "content", "code", "where", "says"),
    [
        pytest.param(
            TEXT,
            "a.json",
            '[{"text": "x"}, {"txt": "y"}]',
            "missing-field",
            "row 2, field text",
            "Did you mean 'txt'?",
            id="a field with nearly the name",
        ),
        pytest.param(
            IMAGE,
            "a.json",
            '[{"url": "y"}]',
            "missing-field",
            "row 1, field image",
            "Is it 'url'?",
            id="one other field",
        ),
        pytest.param(
            TEXT,
            "a.json",
            '[{"Text": "y", "b": 1}]',
            "missing-field",
            "row 1, field text",
            "Did you mean 'Text'",
            id="case",
        ),
        pytest.param(TEXT, "a.json", '[{"text": null}]', "missing-field", "row 1, field text", "Add 'text'", id="null"),
        pytest.param(
            IMAGE, "a.json", '[{"image": 7}]', "wrong-type", "row 1, field image", "", id="a number for an address"
        ),
        pytest.param(TEXT, "a.json", '[{"text": true}]', "wrong-type", "row 1, field text", "", id="true is no number"),
        pytest.param(
            IMAGE,
            "a.csv",
            "image,n\nx,1\n ,2\n",
            "empty-field",
            "row 2 (line 3), field image",
            "address",
            id="empty cell",
        ),
        pytest.param(
            IMAGE,
            "a.csv",
            "img,n\nx,1\ny,2\n",
            "missing-column",
            "header, field image",
            "Did you mean 'img'?",
            id="column",
        ),
        pytest.param(
            TEXT, "a.csv", "text,text\na,b\n", "column-twice", "header", "name of its own", id="a column twice"
        ),
        pytest.param(
            TEXT,
            "a.csv",
            "text,n\na,1\nb,2\nx, y,1\nc,3\n",
            "too-many-cells",
            "row 3 (line 4)",
            "double quotes",
            id="cells",
        ),
        pytest.param(
            TEXT, "a.csv", 'text,n\na,1\n"b,2\nc,3\n', "bad-table", "row 2 (line 3)", "Close every", id="open quote"
        ),
        pytest.param(
            TEXT, "a.json", '[{"text": "x"},\n 3]', "not-a-task", "row 2", "Write an object", id="a number as a task"
        ),
        pytest.param(TEXT, "a.json", '[{"data": [1]}]', "bad-data", "row 1, data", "", id="data is a list"),
        pytest.param(TEXT, "a.json", "7", "not-a-list", "line 1", "list of tasks", id="a number as a file"),
        pytest.param(
            TEXT, "a.json", '[{"text": "x"},\n {"text": }]', "bad-json", "line 2, column 11", "", id="broken JSON"
        ),
        pytest.param(
            TEXT, "a.json", "[{'text': 'x'}]", "bad-json", "line 1, column 3", "double quotes", id="single quotes"
        ),
        pytest.param(TEXT, "a.json", '[{"text": None}]', "bad-json", "line 1, column 11", "Python", id="Python's None"),
        pytest.param(TEXT, "a.json", '[{"text": "x"}', "bad-json", "line 1, column 15", "ends too early", id="cut off"),
        pytest.param(
            TEXT, "a.jsonl", '{"text": "x"}\n{"text"\n', "bad-json", "row 2 (line 2), column 8", "", id="a broken line"
        ),
        pytest.param(TEXT, "a.json", '[{"text": NaN}]', "bad-value", "row 1, field text", "null", id="NaN"),
        pytest.param(
            TEXT,
            "a.json",
            '[{"text": "x", "n": {"m": [1, 1e999]}}]',
            "bad-value",
            "row 1, field n.m[1]",
            "",
            id="infinity",
        ),
        pytest.param(
            TEXT,
            "a.json",
            '[{"text": "a\\ud800b"}]',
            "bad-value",
            "row 1, field text",
            "surrogate",
            id="half a character",
        ),
        pytest.param(
            TEXT,
            "a.json",
            '[{"text": "x", "\\udfff": 1}]',
            "bad-value",
            "row 1",
            "Rename",
            id="half a character in a name",
        ),
        pytest.param(
            TEXT, "a.json", '[{"text": ' + "[" * 70 + "]" * 70 + "}]", "bad-value", "row 1", "Flatten", id="deep"
        ),
        pytest.param(TEXT, "a.json", "[" * 200_000, "too-deep", "line 1", "Flatten", id="deeper than can be read"),
        pytest.param(
            TEXT, "a.json", '[{"text": ' + "1" * 5000 + "}]", "bad-json", "line 1", "as a text", id="a very long number"
        ),
        pytest.param(TEXT, "a.json", "[]", "no-tasks", "the whole file", "", id="no tasks"),
        pytest.param(TEXT, "a.csv", "text,n\n", "no-tasks", "the whole file", "", id="only a header"),
        pytest.param(TEXT, "a.csv", "", "empty-file", "line 1", "", id="an empty file"),
        pytest.param(
            BOTH, "a.txt", "one\n", "lines-need-one-field", "the whole file", "CSV", id="lines for two fields"
        ),
        pytest.param(TEXT, "a.txt", b"one\ntw\xf6\n", "not-text", "byte 7, line 2", "UTF-8", id="Latin-1"),
        pytest.param(
            TEXT,
            "a.csv",
            "text\none\n".encode("utf-16-le"),
            "not-text",
            "byte 2, line 1",
            "UTF-8",
            id="UTF-16, no mark",
        ),
        pytest.param(
            TEXT, "a.csv", b"\xff\xfea\x00b", "not-text", "byte 5, line 1", "UTF-8", id="UTF-16 with half a letter"
        ),
        pytest.param(
            TEXT, "a.json", '[{"data": {"text": "x"}, "annotations": 3}]', "bad-answers", "row 1", "", id="annotations"
        ),
        pytest.param(
            TEXT,
            "a.json",
            '[{"data": {"text": "x"}, "annotations": [{"result": []}, {"result": {}}]}]',
            "bad-answers",
            "row 1, annotation 2",
            "list",
            id="an annotation without a list of results",
        ),
        pytest.param(
            TEXT,
            "a.json",
            '[{"data": {"text": "x"}, "predictions": [{"result": [3]}]}]',
            "bad-answers",
            "row 1, prediction 1",
            "",
            id="a result that is no object",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place_and_a_way_out(
    plan: Json, name: str, content: str | bytes, code: str, where: str, says: str
) -> None:
    refused = read(plan, name, content).refused
    assert [(problem["code"], problem["where"]) for problem in refused] == [(code, where)]
    assert says in refused[0]["message"] + refused[0]["hint"]
    assert refused[0]["hint"]


def test_good_rows_go_through_beside_bad_ones() -> None:
    parsed = read(TEXT, "a.csv", "text,n\none,1\ntwo,2,3\nthree,3\n")
    assert texts(parsed) == ["one", "three"]
    assert len(parsed.refused) == 1


def test_thousands_of_refused_rows_are_counted_and_not_all_listed() -> None:
    parsed = read(TEXT, "a.json", json.dumps([{"other": 1}] * 2500 + [{"text": "x"}]))
    assert len(parsed.tasks) == 1
    assert len(parsed.refused) == 1001
    assert parsed.refused[-1]["message"].startswith("2,500 rows are refused in all; the first 1,000")
    assert len(read(TEXT, "a.json", json.dumps([{"other": 1}] * 1000)).refused) == 1000


def test_a_file_over_the_limits_is_refused_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(parse.__globals__, "MOST_TASKS", 3)
    assert len(read(TEXT, "a.txt", "a\nb\nc").tasks) == 3
    over = read(TEXT, "a.txt", "a\nb\nc\nd")
    assert (over.tasks, [problem["code"] for problem in over.refused]) == ([], ["too-many-tasks"])
    monkeypatch.setitem(parse.__globals__, "MOST_BYTES", 10)
    assert [problem["code"] for problem in read(TEXT, "a.txt", "01234567890").refused] == ["too-large"]


# Files that are no text


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(out, kind)
    return out.getvalue()


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, "<x/>" * 100)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind", "says"),
    [
        pytest.param(picture("PNG"), "png", "a PNG picture", id="PNG"),
        pytest.param(picture("JPEG"), "jpeg", "a JPEG picture", id="JPEG"),
        pytest.param(picture("GIF"), "gif", "a GIF picture", id="GIF"),
        pytest.param(picture("WEBP"), "webp", "a WebP picture", id="WebP"),
        pytest.param(picture("BMP"), "bmp", "a BMP picture", id="BMP"),
        pytest.param(picture("TIFF"), "tiff", "a TIFF picture", id="TIFF"),
        pytest.param(picture("PDF"), "pdf", "a PDF document", id="PDF"),
        pytest.param(archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx", "an Excel workbook", id="Excel"),
        pytest.param(archive("[Content_Types].xml", "word/document.xml"), "docx", "a Word document", id="Word"),
        pytest.param(archive("a.csv"), "zip", "a zip archive", id="zip"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "xls", "an old Office file", id="old Excel"),
        pytest.param(b"\x1f\x8b\x08\x00" + bytes(20), "gzip", "a gzip archive", id="gzip"),
    ],
)
@pytest.mark.parametrize("name", ["tasks.csv", "tasks.json", ""])
def test_a_file_that_is_no_text_is_named_whatever_its_extension(name: str, data: bytes, kind: str, says: str) -> None:
    assert sniff(name, data) == kind
    parsed = read(TEXT, name, data)
    assert parsed.tasks == []
    (problem,) = parsed.refused
    assert (problem["code"], says in problem["message"]) == ("not-text", True)
    assert problem["hint"]


def test_excel_is_told_to_save_as_csv() -> None:
    assert "CSV" in read(TEXT, "a.csv", archive("xl/workbook.xml")).refused[0]["hint"]


# Hostile bytes


pieces = st.sampled_from(
    [
        b"{",
        b"}",
        b"[",
        b"]",
        b'"text":',
        b'"',
        b",",
        b";",
        b"\t",
        b"\n",
        b"\r",
        b"\\",
        b"\\ud800",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\x00",
        b"1e999",
        b"NaN",
        b"null",
        b"text",
        b"image",
        b"PK\x03\x04",
        b"BM",
        b"\xf0\x9f\x98\x80",
        b'"data":',
        b'"annotations":',
        b'"result":',
        b"-",
        b"0",
    ]
)
soup = st.one_of(st.binary(max_size=200), st.lists(pieces, max_size=40).map(b"".join))


@settings(max_examples=400)
@given(
    st.sampled_from([TEXT, IMAGE, BOTH, {}]),
    st.sampled_from(["", "a.json", "a.jsonl", "a.csv", "a.tsv", "a.txt", "a\0.csv"]),
    soup,
)
@example(TEXT, "a.csv", b"\xff\xfe\x00")
@example(TEXT, "", b"{" * 100_000)
def test_no_bytes_make_it_raise_and_something_is_always_said(plan: Json, name: str, data: bytes) -> None:
    parsed = parse(plan, name, data)
    assert parsed.tasks or parsed.refused
    for problem in parsed.refused:
        assert problem["message"]
        assert problem["where"]
    json.dumps([parsed.tasks, parsed.refused], allow_nan=False, ensure_ascii=False).encode()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=10,
)
rows = st.one_of(
    values,
    st.fixed_dictionaries({"text": values}),
    st.fixed_dictionaries(
        {"data": st.fixed_dictionaries({"text": values})}, optional={"annotations": values, "predictions": values}
    ),
)


@settings(max_examples=200)
@given(st.lists(rows, max_size=4))
def test_every_json_value_is_a_task_or_a_refusal(content: list[Any]) -> None:
    parsed = read(TEXT, "a.json", json.dumps(content))
    places = {problem["where"].split(",")[0] for problem in parsed.refused} - {"the whole file"}
    assert len(parsed.tasks) + len(places) == len(content)
