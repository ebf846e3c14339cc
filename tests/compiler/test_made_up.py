"""Tasks that are made up for configs without a sample: real things of the right form, the same everywhere."""

from __future__ import annotations

import io
import wave
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest

from config_compiler import compile_config, made_up


def sample(inside: str) -> dict[str, Any]:
    result = compile_config(f"<View>{inside}</View>")
    assert result.plan is not None, result.diagnostics
    data: dict[str, Any] = result.plan.sample["data"]
    return data


def test_an_audio_gets_a_sound_that_can_be_played() -> None:
    address = sample('<Audio name="a" value="$a"/>')["a"]
    head, _, data = address.partition(",")
    assert head == "data:audio/wav;base64"
    with wave.open(io.BytesIO(b64decode(data))) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 1, 8000)
        assert sound.getnframes() == 8000
        frames = sound.readframes(8000)
    assert max(frames) - min(frames) > 100, "it can be heard"
    assert len(address) < 12_000


def test_a_time_series_gets_its_columns_and_its_time() -> None:
    data = sample(
        '<TimeSeries name="t" value="$t" valueType="json" timeColumn="when" timeFormat="%Y-%m-%d %H:%M">'
        '<Channel column="speed"/><MultiChannel><Channel column="x"/></MultiChannel></TimeSeries>'
    )["t"]
    assert list(data) == ["when", "speed", "x"]
    assert {len(column) for column in data.values()} == {made_up.POINTS}
    assert data["when"][:2] == ["2026-03-02 08:00", "2026-03-02 08:01"]
    assert len(set(data["speed"])) > 50
    assert data["speed"] != data["x"]


def test_a_time_series_from_an_address_gets_a_csv_file_with_the_separator() -> None:
    channels = '<Channel column="a"/><Channel column="b"/>'
    address = sample(f'<TimeSeries name="t" value="$t" timeColumn="at" sep=";">{channels}</TimeSeries>')["t"]
    lines = unquote(address.removeprefix("data:text/csv,")).splitlines()
    assert lines[0] == "at;a;b"
    assert len(lines) == made_up.POINTS + 1
    assert [len(line.split(";")) for line in lines[:3]] == [3, 3, 3]


def test_columns_by_number_get_rows_without_names() -> None:
    channels = '<Channel column="2"/><Channel column="1"/>'
    address = sample(f'<TimeSeries name="t" value="$t" timeColumn="0">{channels}</TimeSeries>')["t"]
    first = unquote(address.removeprefix("data:text/csv,")).splitlines()[0].split(",")
    assert [float(cell) for cell in first] == [0, 0.3, 0]


def test_dialogues_have_the_keys_that_the_config_names() -> None:
    data = sample('<Paragraphs name="p" value="$p" nameKey="who" textKey="said" audioUrl="$a"/>')
    assert list(data["p"][0]) == ["who", "said", "start", "end"]
    assert data["a"].startswith("data:audio/wav")
    assert list(sample('<Dialog name="d" value="$d"/>')["d"][0]) == ["name", "text"]


def test_other_objects_get_what_they_show() -> None:
    data = sample(
        '<HyperText name="h" value="$h"/><Chat name="c" value="$c"/><Table name="t" value="$t"/>'
        '<List name="l" value="$l"/>'
        '<Video name="v" value="$v" frameRate="$fps"/><Pdf name="p" value="$p"/><Image name="i" valueList="$i"/>'
        '<Table name="csv" value="$csv" valueType="csv|separator=;|headless"/>'
        '<Text name="x" value="$x" encoding="base64"/>'
    )
    assert data["h"].startswith("<h2>")
    assert {tuple(message) for message in data["c"]} == {("role", "content", "createdAt")}
    assert list(data["t"][0]) == ["Product", "Price", "In stock"]
    assert [item["id"] for item in data["l"]] == ["a", "b", "c"]
    assert (data["v"], data["p"], data["fps"]) == ("/samples/clip.webm", "/samples/report.pdf", 25)
    assert len(set(data["i"])) == 3
    assert data["csv"].splitlines()[0] == "Desk lamp;24.5;yes"
    assert b64decode(data["x"]).decode() == made_up.TEXT


def test_a_repeated_object_gets_two_items_that_differ_and_nested_ones_too() -> None:
    data = sample(
        '<Repeater on="$pages"><Image name="p_{{idx}}" value="$pages[{{idx}}].url"/>'
        '<Repeater on="$pages[{{idx}}].notes" indexFlag="{{n}}">'
        '<Text name="n_{{idx}}_{{n}}" value="$pages[{{idx}}].notes[{{n}}]"/></Repeater></Repeater>'
    )["pages"]
    assert [list(page) for page in data] == [["url", "notes"], ["url", "notes"]]
    assert data[0]["url"] != data[1]["url"]
    assert [len(page["notes"]) for page in data] == [2, 2]


def test_options_from_the_task_are_words_that_fit() -> None:
    data = sample(
        '<Image name="i" value="$i"/><RectangleLabels name="b" toName="i" value="$b"/>'
        '<Choices name="c" toName="i" value="$c"/><Text name="t" value="$t"/><Labels name="l" toName="t" value="$l"/>'
    )
    assert [option["value"] for option in data["b"]] == ["House", "Tree", "Sun"]
    assert [option["value"] for option in data["c"]] == ["Agree", "Disagree", "Cannot tell"]
    assert [option["value"] for option in data["l"]] == ["Person", "Place", "Date"]


def test_many_objects_get_small_samples() -> None:
    many = "".join(f'<Audio name="a{n}" value="$a{n}"/>' for n in range(3000))
    result = compile_config(f"<View>{many}</View>")
    assert result.plan is not None
    assert len(result.plan.to_json()) < 2_500_000


@pytest.mark.parametrize(
    ("form", "text"),
    [
        pytest.param("%Y-%m-%dT%H:%M:%S.%LZ", "2026-03-02T08:05:09.250Z", id="ISO with milliseconds"),
        pytest.param("%d %b %y, %I %p", "02 Mar 26, 08 AM", id="names"),
        pytest.param("%-d/%-m %_H", "2/3 08", id="without zeros"),
        pytest.param("%s %Q", "1772438709 1772438709250", id="seconds since 1970"),
        pytest.param("100%% %w %", "100% %w %", id="percent signs and what nobody knows"),
    ],
)
def test_times_are_written_in_the_format_of_the_config(form: str, text: str) -> None:
    time = datetime(2026, 3, 2, 8, 5, 9, 250_000, tzinfo=UTC)
    assert made_up.strftime(time, form) == text
