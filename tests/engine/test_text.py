"""Spans of text: UTF-16 at the border, code points inside, snapping."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling import results, session, view
from labeling.model import Settings
from labeling.spans import TextDoc, snap

from tests.engine import plans
from tests.engine.acting import STEADY, Acting, as_json

# "😀" is one code point and two UTF-16 units; U+05D0 is Hebrew (right to left), U+0301 a combining accent.
TEXTS = st.text(alphabet=st.sampled_from("ab \n\r.é́א中😀𝒳\ud83d\ude00"), max_size=40)


def test_in_javascript_hi_starts_at_3_and_in_python_at_2() -> None:
    doc = TextDoc.of("😀 hi")
    assert doc.from_utf16(3) == 2
    assert doc.to_utf16(2) == 3


def test_a_position_inside_a_pair_goes_to_its_start_or_its_end() -> None:
    doc = TextDoc.of("a😀b")
    assert [doc.from_utf16(unit) for unit in range(5)] == [0, 1, 1, 2, 3]
    assert [doc.from_utf16(unit, up=True) for unit in range(5)] == [0, 1, 2, 2, 3]


@STEADY
@given(TEXTS, st.data())
def test_utf16_positions_are_those_of_an_encoder(text: str, data: st.DataObject) -> None:
    doc = TextDoc.of(text)
    point = data.draw(st.integers(0, len(text)))
    unit = len(text[:point].encode("utf-16-le", "surrogatepass")) // 2
    assert doc.to_utf16(point) == unit
    assert doc.from_utf16(unit) == doc.from_utf16(unit, up=True) == point
    assert doc.length16 == len(text.encode("utf-16-le", "surrogatepass")) // 2


@STEADY
@given(TEXTS, st.data())
def test_snapping_gives_a_span_inside_the_text_that_snaps_to_itself(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    for granularity in ("word", "sentence", "paragraph"):
        first, last = snap(text, start, end, granularity)  # type: ignore[arg-type]
        assert 0 <= first <= last <= len(text)
        assert snap(text, first, last, granularity) == (first, last)  # type: ignore[arg-type]
        if text[start:end].strip():
            assert text[start:end].strip() in text[first:last]


@pytest.mark.parametrize(
    ("granularity", "text", "start", "end", "expected"),
    [
        pytest.param("symbol", "one two", 1, 2, "n", id="symbol takes what is selected"),
        pytest.param("word", "one two three", 5, 6, "two", id="one sign grows to its word"),
        pytest.param("word", "one two three", 3, 9, "two three", id="blanks at the ends go, half words come"),
        pytest.param("word", "it doesn't matter", 4, 5, "doesn't", id="an apostrophe is part of the word"),
        pytest.param("word", "cafe\u0301s here", 0, 4, "cafe\u0301s", id="combining marks are part of the word"),
        pytest.param("word", "हिन्दी शब्द", 1, 2, "हिन्दी", id="vowel signs are part of the word"),
        pytest.param("word", "你好世界", 1, 2, "好", id="scripts without blanks stay as selected"),
        pytest.param("word", "one, two", 3, 4, ",", id="a comma stays a comma"),
        pytest.param("sentence", "One. Two is it! Three?", 6, 7, "Two is it!", id="from mark to mark"),
        pytest.param("sentence", "One. Two is it! Three?", 1, 7, "One. Two is it!", id="over two sentences"),
        pytest.param("sentence", "他来了。她走了。", 5, 6, "她走了。", id="full-width marks need no blank"),
        pytest.param("sentence", "First line\nsecond line", 12, 13, "second line", id="a line ends a sentence"),
        pytest.param("paragraph", "One. Two.\r\nThree.", 5, 6, "One. Two.", id="up to the line end"),
        pytest.param("paragraph", "One.\nTwo.\nThree.", 2, 7, "One.\nTwo.", id="over two paragraphs"),
    ],
)
def test_selections_snap(granularity: str, text: str, start: int, end: int, expected: str) -> None:
    first, last = snap(text, start, end, granularity)  # type: ignore[arg-type]
    assert text[first:last] == expected


def test_a_span_has_code_points_and_utf16_units(names: Acting) -> None:
    text = str(plans.ARTICLE_DATA["text"])
    start16 = len(text[: text.index("Babbage")].encode("utf-16-le")) // 2
    names.span("s1", start16, start16 + 7)
    region = names.region("s1")
    start = text.index("Babbage")
    assert region["shape"] == {"start": start, "end": start + 7, "start16": start + 1, "end16": start + 8}
    assert region["text"] == "Babbage"


def test_half_an_emoji_is_marked_whole(names: Acting) -> None:
    start = str(plans.ARTICLE_DATA["text"]).index("😀")
    names.span("s1", start + 1, start + 2)
    assert names.region("s1")["text"] == "😀"
    names.do("delete", regions=["s1"])
    names.span("s2", start, start + 1)
    assert names.region("s2")["text"] == "😀"


def test_a_selection_from_right_to_left_and_overlapping_spans_are_fine(names: Acting) -> None:
    names.span("s1", 12, 0)
    names.span("s2", 4, 16)
    assert [names.region(name)["text"] for name in ("s1", "s2")] == ["Ada Lovelace", "Lovelace met"]


def test_the_same_words_get_one_label_once_and_other_labels_too(names: Acting) -> None:
    names.span("s1", 0, 12)
    assert names.refused("add_region", region="s2", object="txt", shape={"start16": 0, "end16": 12}) == "marked"
    assert list(names.view["regions"]) == ["s1"]
    names.do("pick_label", control="ner", label="LOC")
    names.span("s3", 0, 12)
    assert [names.region(name)["labels"] for name in ("s1", "s3")] == [["PER"], ["LOC"]]
    names.do("select", regions=["s1"], add=False)
    names.do("duplicate", ids=["s4"])
    assert names.region("s4")["shape"] == names.region("s1")["shape"], "who means two regions copies the first"


def test_marking_what_a_model_suggested_accepts_the_suggestion() -> None:
    value = {"start": 0, "end": 12, "text": "Ada Lovelace", "labels": ["PER"]}
    row = {"id": "p1", "from_name": "ner", "to_name": "txt", "type": "labels", "value": value, "score": 0.4}
    acting = Acting(plans.article(), plans.ARTICLE_DATA, [], Settings(suggest=True))
    acting.state = session.open_task(
        plans.article(), plans.ARTICLE_DATA, [row], Settings(suggest=True), origin="prediction"
    )
    acting.view = as_json(view.full(acting.state))
    acting.do("pick_label", control="ner", label="PER")
    acting.span("s1", 0, 12)
    (stored,) = results.dump(acting.state)
    assert (stored["id"], stored["origin"]) == ("p1", "prediction")


@pytest.mark.parametrize(
    ("start16", "end16", "code"),
    [
        pytest.param(4, 4, "empty-span", id="nothing selected"),
        pytest.param(18, 18, "empty-span", id="nothing selected, inside an emoji"),
        pytest.param(-1, 4, "out-of-text", id="before the text"),
        pytest.param(0, 4000, "out-of-text", id="after the text"),
        pytest.param(1.5, 4, "bad-shape", id="half a unit"),
        pytest.param(None, 4, "bad-shape", id="no start"),
    ],
)
def test_selections_that_mark_nothing_are_refused(names: Acting, start16: object, end16: object, code: str) -> None:
    shape = {"start16": start16, "end16": end16}
    assert names.refused("add_region", region="s1", object="txt", shape=shape) == code


def test_blanks_alone_are_nothing_when_words_are_marked() -> None:
    acting = Acting(plans.plan([plans.text(granularity="word")], [plans.labels()]), plans.ARTICLE_DATA)
    acting.do("pick_label", control="ner", label="PER")
    shape = {"start16": 3, "end16": 4}
    assert acting.refused("add_region", region="s1", object="txt", shape=shape) == "empty-span"


def test_the_granularity_of_a_label_goes_before_that_of_the_text() -> None:
    given = [plans.option("PER", granularity="word"), plans.option("SENT")]
    acting = Acting(plans.plan([plans.text(granularity="paragraph")], [plans.labels(labels=given)]), plans.ARTICLE_DATA)
    acting.do("pick_label", control="ner", label="PER")
    acting.span("s1", 5, 6)
    assert acting.region("s1")["text"] == "Lovelace"
    acting.do("pick_label", control="ner", label="SENT")
    acting.span("s2", 5, 6)
    assert acting.region("s2")["text"] == "Ada Lovelace met 😀 Babbage in London."


def test_where_selecting_is_switched_off_no_span_is_made() -> None:
    acting = Acting(plans.plan([plans.text(selection_enabled=False)], [plans.labels()]), plans.ARTICLE_DATA)
    acting.do("pick_label", control="ner", label="PER")
    assert acting.view["tools"] == {"txt": {"tool": "select"}}
    assert acting.refused("add_region", region="s1", object="txt", shape={"start16": 0, "end16": 3}) == "no-label"


def test_spans_of_a_text_behind_an_address_get_their_units_when_it_is_loaded() -> None:
    row = {
        "id": "s1",
        "from_name": "ner",
        "to_name": "txt",
        "type": "labels",
        "value": {"start": 2, "end": 4, "text": "hi", "labels": ["PER"]},
    }
    plan = plans.plan([plans.text(value_type="url")], [plans.labels()])
    acting = Acting(plan, {"text": "https://example.com/a.txt"}, [row])
    assert acting.region("s1")["shape"] == {"start": 2, "end": 4, "start16": None, "end16": None}
    assert acting.region("s1")["text"] == "hi"
    acting.do("pick_label", control="ner", label="PER")
    shape = {"start16": 0, "end16": 3}
    assert acting.refused("add_region", region="s2", object="txt", shape=shape) == "not-loaded"
    acting.do("object_loaded", object="txt", text="😀 hi")
    assert acting.region("s1")["shape"] == {"start": 2, "end": 4, "start16": 3, "end16": 5}


def test_boxes_and_the_arrow_keys_do_not_move_spans(names: Acting) -> None:
    names.span("s1", 0, 3)
    names.do("select", regions=["s1"])
    assert names.refused("nudge", dx=1, dy=0) == "cannot-nudge"
