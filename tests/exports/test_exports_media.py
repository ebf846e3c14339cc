"""ASR manifests, subtitles, tracks of videos, and the folder for `datasets`."""

from __future__ import annotations

import configparser
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
import yaml
from labeling.exports import ExportFault

from tests.exports.read_back import HERE, PYTHON, read_back
from tests.exports.samples import (
    PICTURES,
    SPEECH,
    TEXTS,
    VIDEO,
    annotation,
    archive,
    box,
    dropped,
    made,
    picture,
    plan,
    row,
    span,
)

Json = dict[str, Any]


def said(id_: str, who: str, start: float, end: float, text: str = "") -> list[Json]:
    value = {"start": start, "end": end, "channel": 0}
    mark = {"id": id_, "from_name": "who", "to_name": "a", "type": "labels", "original_length": 30}
    rows = [{**mark, "value": {**value, "labels": [who]}}]
    if text:
        rows.insert(0, {**mark, "from_name": "said", "type": "textarea", "value": {**value, "text": [text]}})
    return rows


def talks() -> list[Json]:
    first = [*said("b", "Bob & Co", 3661.5, 3662.25, "Ça va --> «bien»"), *said("a", "Ann", 0, 1.2345, "Hi\nthere")]
    return [
        row(1, {"audio": "s3://b/x.wav"}, annotation(1, *first, *said("n", "Ann", 4, 5), *said("r", "Ann", 9, 8, "x"))),
        row(2, {"audio": "y.wav"}, annotation(2)),
    ]


def test_webvtt_py_reads_the_cues_of_both_kinds_of_subtitles(tmp_path: Path) -> None:
    for format_, name in (("SRT", "1_x.srt"), ("VTT", "1_x.vtt")):
        data, export = made(format_, SPEECH, talks())
        (tmp_path / name).write_bytes(archive(data)[name])
        assert dropped(export) == {"no-text": 1, "unreadable": 1}
        assert export.report.body["tasks"]["left_out"] == {"no-text": 1}
    srt, vtt = read_back([("subtitles", tmp_path / "1_x.srt"), ("subtitles", tmp_path / "1_x.vtt")])
    assert srt[0] == ["00:00:00.000", "00:00:01.235", "Ann: Hi there", None]
    assert srt[1][:2] == ["01:01:01.500", "01:01:02.250"]
    assert srt[1][2] == "Bob & Co: Ça va -> «bien»"
    assert vtt[0] == ["00:00:00.000", "00:00:01.235", "Hi there", "Ann"]
    assert vtt[1] == ["01:01:01.500", "01:01:02.250", "Ça va --&gt; «bien»", "Bob &amp; Co"]


def test_an_asr_manifest_has_a_line_for_each_segment() -> None:
    lines = [json.loads(line) for line in made("ASR_MANIFEST", SPEECH, talks())[0].splitlines()]
    assert [(line["offset"], line["duration"], line["text"], line["label"]) for line in lines] == [
        (0.0, 1.2345, "Hi there", "Ann"),
        (3661.5, 0.75, "Ça va --> «bien»", "Bob & Co"),
    ]
    assert {line["audio_filepath"] for line in lines} == {"s3://b/x.wav"}


def test_a_recording_with_one_text_is_a_line_of_everybody_who_wrote_it() -> None:
    config = '<View><Audio name="a" value="$audio"/><TextArea name="said" toName="a"/></View>'
    text = {"id": "t", "from_name": "said", "to_name": "a", "type": "textarea", "original_length": 7.5}
    one, two = ({**text, "value": {"text": [said]}} for said in ("one", "two  words"))
    rows = [row(1, {"audio": "x.wav"}, annotation(1, one), annotation(2, two))]
    lines = [json.loads(line) for line in made("ASR_MANIFEST", config, rows)[0].splitlines()]
    assert [(line["text"], line["duration"], line["annotator"]) for line in lines] == [
        ("one", 7.5, 41),
        ("two words", 7.5, 42),
    ]


# MOTChallenge


def track(id_: str, label: str, *keys: tuple[int, bool, float, float], **more: Any) -> Json:
    sequence = [
        {"frame": frame, "time": frame / 25, "enabled": on, "x": x, "y": y, "width": 10, "height": 20, "rotation": 0}
        for frame, on, x, y in keys
    ]
    value = {"framesCount": 50, "duration": 2.0, "labels": [label], "sequence": sequence}
    return {"id": id_, "from_name": "box", "to_name": "v", "type": "videorectangle", **more, "value": value}


def test_mot_has_every_frame_of_every_track_in_pixels_from_one() -> None:
    tracks = [track("a", "Big cat", (2, True, 0, 0), (4, False, 20, 0)), track("b", "Dog", (49, True, 95, 0))]
    rows = [row(1, {"video": "clips/v.mp4", "width": 640, "height": 480}, annotation(1, *tracks))]
    data, export = made("MOT", VIDEO, rows)
    files = archive(data)
    lines = [[float(cell) for cell in line.split(",")] for line in files["1_v/gt/gt.txt"].decode().splitlines()]
    assert all(len(line) == 9 for line in lines)
    assert lines == sorted(lines, key=lambda line: line[:2])
    assert [line for line in lines if line[1] == 1] == [
        [2, 1, 1, 1, 64, 96, 1, 2, 1],
        [3, 1, 65, 1, 64, 96, 1, 2, 1],
        [4, 1, 129, 1, 64, 96, 1, 2, 1],
    ]
    assert [line for line in lines if line[1] == 2] == [
        [49, 2, 609, 1, 32, 96, 1, 1, 0.5],
        [50, 2, 609, 1, 32, 96, 1, 1, 0.5],
    ], "what is off the picture is cut, and told as visibility"
    assert files["1_v/gt/labels.txt"].decode().splitlines() == ["Dog", "Big cat"]
    info = configparser.ConfigParser()
    info.read_string(files["1_v/seqinfo.ini"].decode())
    assert dict(info["Sequence"]) == {
        "name": "1_v", "imdir": "img1", "framerate": "25", "seqlength": "50", "imwidth": "640", "imheight": "480",
        "imext": ".jpg",
    }  # fmt: skip
    assert export.report.body["regions"]["written"] == 2


def test_a_video_of_unknown_size_is_left_out_unless_the_export_says_one() -> None:
    rows = [row(1, {"video": "v.mp4"}, annotation(1, track("a", "Dog", (1, True, 0, 0))))]
    assert made("MOT", VIDEO, rows)[1].report.body["tasks"]["left_out"] == {"no-size": 1}
    assert made("MOT", VIDEO, rows, size="640x480")[1].report.body["tasks"]["written"] == 1


# Hugging Face datasets

MOOD = {"id": "m", "from_name": "mood", "to_name": "t", "type": "choices", "value": {"choices": ["good"]}}
ARROW = {"string": str, "int64": int, "float64": float, "bool": bool}


def fits(value: Any, feature: Json) -> bool:
    """Whether a value is of a feature's type, as Arrow would read it."""
    if value is None:
        return True
    if "dtype" in feature:
        return type(value) is ARROW[feature["dtype"]]
    if "sequence" in feature:
        inner = feature["sequence"]
        inner = {"dtype": inner} if isinstance(inner, str) else inner
        return isinstance(value, list) and all(fits(part, inner) for part in value)
    members = {part["name"]: part for part in feature["list"]}
    return all(one.keys() == members.keys() and all(fits(one[n], members[n]) for n in one) for one in value)


@pytest.mark.parametrize(
    ("config", "rows"),
    [
        pytest.param(
            TEXTS,
            [
                row(1, {"text": "Ann", "id": "k", "n": 1, "more": {"a": 1}}, annotation(1, span("a", "ORG", 0, 3))),
                row(2, {"text": 7, "n": 2.5, "new": True, "void": None}, annotation(2, MOOD)),
            ],
            id="texts",
        ),
        pytest.param(PICTURES, [picture(1, box("r", "猫", 1, 1, 5, 5)), picture(2)], id="pictures"),
        pytest.param(PICTURES, [], id="nothing"),
    ],
)  # fmt: skip
def test_every_row_of_a_datasets_folder_is_of_the_types_that_its_card_declares(config: str, rows: list[Json]) -> None:
    files = archive(made("HF_DATASET", config, rows, split="train:1,val:1")[0])
    card = yaml.safe_load(files["README.md"].decode().split("---\n")[1])
    assert card["configs"][0]["data_files"] == [
        {"split": "train", "path": "train.jsonl"},
        {"split": "validation", "path": "val.jsonl"},
    ]
    features = {feature["name"]: feature for feature in card["dataset_info"]["features"]}
    found = [json.loads(line) for name in ("train", "val") for line in files[f"{name}.jsonl"].splitlines()]
    assert len(found) == len(rows)
    for one in found:
        assert one.keys() == features.keys()
        assert {name: one[name] for name in one if not fits(one[name], features[name])} == {}


def test_columns_of_a_datasets_folder_hold_data_answers_and_regions() -> None:
    rows = [row(1, {"text": "Ann", "mood": "raw"}, annotation(1, span("a", "ORG", 0, 3), MOOD))]
    (one,) = (json.loads(line) for line in archive(made("HF_DATASET", TEXTS, rows)[0])["train.jsonl"].splitlines())
    assert {name: one[name] for name in ("id", "text", "_data_mood", "mood")} == {
        "id": 1, "text": "Ann", "_data_mood": "raw", "mood": "good",
    }  # fmt: skip
    (region,) = one["regions"]
    assert (region["labels"], region["start"], region["end"], region["bbox"]) == (["ORG"], 0.0, 3.0, None)


def test_a_datasets_folder_has_the_answers_of_every_page_and_every_message() -> None:
    config = """<View><Image name="img" valueList="$pages"/><Chat name="talk" value="$talk"/>
      <Choices name="q" toName="img" perItem="true"><Choice value="ok"/><Choice value="bad"/></Choices></View>"""

    def page(number: int, choice: str) -> Json:
        value = {"choices": [choice]}
        about = {"id": f"q{number}", "from_name": "q", "to_name": "img", "item_index": number}
        return {**about, "type": "choices", "value": value}

    def message(number: int) -> Json:
        value = {"chatmessage": {"role": "user", "content": f"hi {number}"}}
        return {"id": f"m{number}", "from_name": "talk", "to_name": "talk", "type": "chatmessage", "value": value}

    given = [page(0, "ok"), page(1, "bad"), message(1), message(2)]
    data, _ = made("HF_DATASET", config, [row(1, {"pages": ["a", "b"], "talk": []}, annotation(1, *given))])
    told = json.loads(archive(data)["train.jsonl"])
    assert [(one["item"], one["choices"]) for one in json.loads(told["q"])] == [(0, ["ok"]), (1, ["bad"])]
    assert [one["chatmessage"]["content"] for one in json.loads(told["talk"])] == ["hi 1", "hi 2"]


# Parquet


@pytest.mark.parametrize("format_", ["HF_DATASET", "PARQUET"])
@pytest.mark.parametrize("name", ["id", "regions", "annotator", "agreement"])
def test_a_control_with_the_name_of_a_column_is_refused_and_loses_nothing(format_: str, name: str) -> None:
    config = TEXTS.replace('name="mood"', f'name="{name}"')
    with pytest.raises(ExportFault, match=f"name of the control '{name}'"):
        made(format_, config, [row(1, {"text": "one"}, annotation(1))])


def test_half_a_pair_in_the_name_of_a_field_is_replaced_as_in_its_text() -> None:
    data, _ = made("PARQUET", TEXTS, [row(1, {"text": "one", "a\ud800": 1}, annotation(1))])
    assert parquet.read_table(io.BytesIO(data)).to_pylist()[0]["a?"] == 1


def test_a_parquet_file_has_the_rows_and_types_of_the_datasets_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labeling.exports.parquet_file.GROUP_BYTES", 1)
    rows = [
        row(1, {"text": "hé\ud800", "n": 1}, annotation(1, span("a", "ORG", 0, 2))),
        row(2, {"text": "=1", "n": 1.5, "list": [1]}, annotation(2)),
        row(3, {"text": None, "n": None}, annotation(3)),
    ]
    folder = archive(made("HF_DATASET", TEXTS, rows)[0])["train.jsonl"]
    file = parquet.ParquetFile(io.BytesIO(made("PARQUET", TEXTS, rows)[0]))
    told = file.read().to_pylist()
    expected = [
        json.loads(line.encode("utf-8", "replace").replace(b"\\ud800", b"?")) for line in folder.decode().splitlines()
    ]
    assert told == expected
    assert {name: str(file.schema_arrow.field(name).type) for name in ("id", "text", "n", "list", "mood")} == {
        "id": "int64", "text": "string", "n": "double", "list": "string", "mood": "string",
    }  # fmt: skip
    assert file.num_row_groups == 3
    sets = archive(made("PARQUET", TEXTS, rows, split="train:1,val:1")[0])
    counts = [parquet.read_table(io.BytesIO(sets[name])).num_rows for name in ("train.parquet", "val.parquet")]
    assert sum(counts) == 3


def test_without_pyarrow_parquet_says_which_extra_it_needs_and_what_goes_without() -> None:
    code = """if True:
        import json, sys
        from labeling.exports import fitting
        fault = fitting(json.load(sys.stdin))["PARQUET"]
        print(fault.code, fault.hint)
    """
    environment = {"PYTHONPATH": str(HERE.parents[1] / "web" / "py")}
    asked = json.dumps(plan(TEXTS))
    done = subprocess.run(
        [str(PYTHON), "-c", code], input=asked, capture_output=True, text=True, env=environment, check=False
    )
    assert done.stdout.startswith("extra-missing"), done.stderr
    assert "labelkite[parquet]" in done.stdout
    assert "CSV and JSONL" in done.stdout
