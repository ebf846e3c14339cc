"""What a reader takes for one sign, and borders of spans that move by signs, words and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling import graphemes
from labeling.plan_parts import Granularity
from labeling.spans import grown, snap

from tests.engine import plans
from tests.engine.acting import STEADY, Acting

GRANULARITIES: list[Granularity] = ["symbol", "word", "sentence", "paragraph"]
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
FLAGS = "\U0001f1f3\U0001f1f4\U0001f1eb\U0001f1ee"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
TEXTS = st.text(
    alphabet=st.sampled_from(f"ab .\n\r{FAMILY}{FLAGS}\U0001f3fde\u0301א中アー한\u1100\u1161क्षि"), max_size=30
)


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param("e\u0301\u0323", id="a letter with two accents"),
        pytest.param("\r\n", id="a line end of two characters"),
        pytest.param(FAMILY, id="a family joined of three"),
        pytest.param("\U0001f44d\U0001f3fd", id="a hand with its colour"),
        pytest.param("\u2764\ufe0f", id="a heart with its variant"),
        pytest.param(FLAGS[:2], id="a flag of two letters"),
        pytest.param(ENGLAND, id="a flag written in tags"),
        pytest.param("\u1112\u1161\u11ab", id="a Korean syllable letter by letter"),
        pytest.param("के", id="a letter with its vowel sign"),
        pytest.param("กำ", id="a Thai letter with its vowel"),
    ],
)
def test_no_border_falls_into_a_sign(sign: str) -> None:
    text = f"x{sign}y"
    if sign == "กำ":  # this vowel is a letter of its own in Python's tables: two signs, none of them broken
        assert graphemes.after(text, 1) == 2
        return
    for at in range(1, len(sign) + 1):
        assert graphemes.floor(text, at) == (at if at == len(sign) + 1 else 1)
    assert graphemes.after(text, 1) == 1 + len(sign)
    assert graphemes.before(text, 1 + len(sign)) == 1


def test_two_flags_beside_each_other_are_two_signs() -> None:
    assert graphemes.after(FLAGS, 0) == 2
    assert graphemes.before(FLAGS, 4) == 2


@STEADY
@given(TEXTS, st.data())
def test_steps_forward_and_back_meet(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    first, last = graphemes.floor(text, at), graphemes.ceil(text, at)
    assert first <= at <= last
    assert graphemes.floor(text, last) == last
    if first < last:
        assert graphemes.after(text, first) == last
        assert graphemes.before(text, last) == first


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        pytest.param("กินข้าว", 2, 4, "นข้", id="a tone mark stays with its letter"),
        pytest.param("コーヒーを飲む", 1, 2, "コーヒー", id="katakana is one word"),
        pytest.param("東京タワー", 0, 1, "東", id="a Chinese sign stands for itself"),
        pytest.param("a\u0301b\u0301 c", 1, 2, "a\u0301b\u0301", id="half a letter with its accent"),
        pytest.param(f"so {FAMILY} it", 4, 5, FAMILY, id="a part of an emoji"),
    ],
)
def test_words_hold_whole_signs(text: str, start: int, end: int, expected: str) -> None:
    first, last = snap(text, start, end, "word")
    assert text[first:last] == expected


STEPS = [
    pytest.param("symbol", (0, 1), f"one {FAMILY} two", (0, 4), f"one {FAMILY}", id="by a sign, however long"),
    pytest.param("symbol", (0, -1), "cafe\u0301", (0, 5), "caf", id="back by a letter with its accent"),
    pytest.param("word", (0, 1), "one, two three", (0, 3), "one,", id="a comma is a word of its own"),
    pytest.param("word", (0, 1), "one two three", (0, 3), "one two", id="to the end of the next word"),
    pytest.param("word", (0, -1), "one two three", (0, 7), "one", id="back over the blank"),
    pytest.param("word", (-1, 0), "one two three", (8, 13), "two three", id="the start goes back"),
    pytest.param("word", (1, 0), "one two three", (4, 13), "three", id="the start comes forward"),
    pytest.param("word", (1, 0), "one two three", (4, 7), "two", id="one word always stays"),
    pytest.param("word", (0, 1), "one two", (4, 7), "two", id="the text ends"),
    pytest.param("word", (0, 2), "one two three", (0, 3), "one two three", id="two words at once"),
    pytest.param("sentence", (0, 1), "One. Two! Three?", (0, 4), "One. Two!", id="to the end of the next sentence"),
    pytest.param("sentence", (0, -1), "One. Two! Three?", (0, 9), "One.", id="back by a sentence"),
    pytest.param("paragraph", (-1, 0), "One.\r\nTwo.\r\nThree.", (6, 10), "One.\r\nTwo.", id="a paragraph before"),
]


@pytest.mark.parametrize(("granularity", "by", "text", "span", "expected"), STEPS)
def test_borders_move_by_units(
    granularity: str, by: tuple[int, int], text: str, span: tuple[int, int], expected: str
) -> None:
    start, end = grown(text, *span, by, granularity)  # type: ignore[arg-type]
    assert text[start:end] == expected


@STEADY
@given(TEXTS, st.data())
def test_a_span_that_grows_stays_a_span_of_the_text(text: str, data: st.DataObject) -> None:
    granularity = data.draw(st.sampled_from(GRANULARITIES))
    start = data.draw(st.integers(0, len(text)))
    start, end = snap(text, start, data.draw(st.integers(start, len(text))), granularity)
    by = (data.draw(st.integers(-2, 2)), data.draw(st.integers(-2, 2)))
    if start < end:
        first, last = grown(text, start, end, by, granularity)
        assert 0 <= first < last <= len(text)


def _article(granularity: str = "word") -> Acting:
    acting = Acting(plans.plan([plans.text(granularity=granularity)], [plans.labels()]), plans.ARTICLE_DATA)
    acting.do("pick_label", control="ner", label="PER")
    return acting


def test_a_selected_span_grows_and_shrinks_by_the_granularity_of_its_text() -> None:
    acting = _article()
    acting.span("s1", 0, 3)
    acting.do("select", regions=["s1"])
    acting.do("nudge", dx=1, dy=0, grow=True)
    assert acting.region("s1")["text"] == "Ada Lovelace"
    acting.do("nudge", dx=0, dy=1, grow=True)
    assert acting.region("s1")["text"] == "Lovelace"
    assert acting.refused("nudge", dx=1, dy=0) == "cannot-nudge"


def test_three_clicks_take_a_sentence_whatever_the_granularity_is() -> None:
    for granularity in ("symbol", "word"):
        acting = _article(granularity)
        acting.do("add_region", region="s1", object="txt", shape={"start16": 5, "end16": 6, "unit": "sentence"})
        assert acting.region("s1")["text"] == "Ada Lovelace met 😀 Babbage in London."


def test_many_places_are_marked_in_one_step_but_none_twice() -> None:
    acting = _article()
    text = str(plans.ARTICLE_DATA["text"])
    units = [len(text[:at].encode("utf-16-le")) // 2 for at, sign in enumerate(text) if sign == "L"]
    places = [{"start16": unit, "end16": unit + 1} for unit in units]
    acting.span("s1", places[0]["start16"], places[0]["end16"])
    ids = [f"m{at}" for at in range(len(places))]
    acting.do("add_regions", regions=ids, object="txt", shapes=places)
    made = acting.view["regions"]
    assert isinstance(made, dict)
    assert sorted(region["text"] for region in made.values()) == ["London", "Lovelace"]
    assert acting.refused("add_regions", regions=["x", "y"], object="txt", shapes=places) == "marked"
    acting.do("undo")
    assert list(acting.view["regions"]) == ["s1"]  # type: ignore[call-overload]


def test_many_places_without_as_many_ids_are_refused() -> None:
    acting = _article()
    shape = {"start16": 0, "end16": 3}
    assert acting.refused("add_regions", regions=["x"], object="txt", shapes=[shape, shape]) == "bad-intent"
    assert acting.refused("add_regions", regions=[], object="txt", shapes=[]) == "bad-intent"
