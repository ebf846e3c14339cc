"""CoNLL 2003 and spaCy's JSON, read back by spaCy; tokens and tags."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling.exports import ExportFault
from labeling.exports.spacy_json import _with_blanks
from labeling.exports.tokens import Span, biluo, bio, flat, tokens

from tests.exports.read_back import read_back
from tests.exports.samples import TEXTS, annotation, dropped, made, row, span

TEXT = " Ann O'Hara (ACME)  said: “hé😀 llo”\nBye-bye, ACME2 3.14!\n\n"
AT = TEXT.index


def rows() -> list[dict[str, Any]]:
    mood = {"id": "m", "from_name": "mood", "to_name": "t", "type": "choices", "value": {"choices": ["good"]}}
    marks = [
        span("a", "Person Name", 1, 11),
        span("b", "ORG", AT("ACME"), AT("ACME") + 4),
        span("c", "ORG", AT("ACME2"), AT("ACME2") + 4),
        span("d", "ORG", AT("said"), AT("😀") + 1),
        span("x", "ORG", AT("Bye"), 10_000),
        span("o", "ORG", 5, 11),
    ]
    return [
        row(1, {"text": TEXT}, annotation(1, *marks, mood)),
        row(2, {"text": "none here"}, annotation(2)),
        row(3, {"text": " "}, annotation(3)),
    ]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("texts")
    asked = []
    for tool, format_ in (("conll", "CONLL2003"), ("spacy", "SPACY")):
        (folder / tool).write_bytes(made(format_, TEXTS, rows())[0])
        asked.append((tool, folder / tool))
    return dict(zip(("conll", "spacy"), read_back(asked), strict=True))


def test_spacy_reads_the_text_the_spans_and_the_categories_as_they_were(read: dict[str, Any]) -> None:
    first, second = read["spacy"]
    assert (first["text"], second["text"]) == (TEXT, "none here")
    assert first["spans"] == [
        [1, 11, "Person Name"],
        [AT("ACME"), AT("ACME") + 4, "ORG"],
        [AT("said"), AT("😀") + 1, "ORG"],
        [AT("ACME2"), AT("ACME2") + 4, "ORG"],
    ]
    assert (first["cats"], second["cats"]) == ({"good": 1.0, "bad": 0.0}, {"good": 0.0, "bad": 0.0})


def test_spacy_reads_the_same_words_and_tags_of_conll(read: dict[str, Any]) -> None:
    first, second = read["conll"]
    assert first["quotes"] == [
        ["Ann O'Hara", "Person_Name"],
        ["ACME", "ORG"],
        ["said : “ hé 😀", "ORG"],
        ["ACME", "ORG"],
    ]
    assert first["words"] == [word for word in read["spacy"][0]["words"] if word.strip()]
    assert second["quotes"] == []


def test_a_line_is_a_sentence_and_a_task_a_document() -> None:
    data, _ = made("CONLL2003", TEXTS, rows())
    documents = data.decode().split("-DOCSTART- -X- O O\n\n")[1:]
    assert [len(document.strip().split("\n\n")) for document in documents] == [2, 1]
    for line in documents[0].split("\n"):
        assert not line or len(line.split(" ")) == 4


def test_spans_that_do_not_fit_are_told() -> None:
    _, export = made("CONLL2003", TEXTS, rows())
    assert dropped(export) == {"outside": 1, "overlaps": 1}
    assert export.report.body["tasks"]["left_out"] == {"no-text": 1}


@pytest.mark.parametrize(
    ("attributes", "value"),
    [
        pytest.param('encoding="base64unicode"', "QW5uIGjDqQ==", id="in code"),
        pytest.param("", ["Ann", "hé"], id="a list of lines"),
    ],
)
def test_a_text_is_what_people_saw(attributes: str, value: Any) -> None:
    config = TEXTS.replace('value="$text"', f'value="$text" {attributes}')
    data, _ = made("CONLL2003", config, [row(1, {"text": value}, annotation(1, span("a", "ORG", 4, 6)))])
    assert [line for line in data.decode().split("\n") if line.endswith(("O", "G"))][1:] == [
        "Ann -X- _ O",
        "hé -X- _ B-ORG",
    ]


def test_a_text_that_is_elsewhere_is_no_conll() -> None:
    config = TEXTS.replace('value="$text"', 'value="$text" valueType="url"')
    with pytest.raises(ExportFault) as fault:
        made("CONLL2003", config, [])
    assert fault.value.code == "text-elsewhere"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="aé-'’. \n\t1,😀_", max_size=30), st.data())
def test_tokens_hold_every_character_but_blanks_and_spans_are_whole_tokens(text: str, data: st.DataObject) -> None:
    pairs = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    given_ = [Span(a, b, "x") for a, b in data.draw(st.lists(pairs, max_size=4)) if a < b and text[a:b].strip()]
    spans, rest = flat(given_)
    assert len(spans) + len(rest) == len(given_)
    places = tokens(text, [border for one in spans for border in (one.start, one.end)])
    assert "".join(text[a:b] for a, b in places) == "".join(text.split())
    for one in spans:
        inside = [(a, b) for a, b in places if a < one.end and b > one.start]
        assert all(one.start <= a and b <= one.end for a, b in inside)
    tags = bio(places, spans)
    assert sum(tag[0] == "B" for tag in tags) == sum(bool(text[one.start : one.end].strip()) for one in spans)
    ends = [tag[0] for tag in biluo(tags)]
    assert ends.count("B") == ends.count("L")
    assert ends.count("B") + ends.count("U") == sum(tag[0] == "B" for tag in tags)
    whole = _with_blanks(text, places)
    starts = [a for a, _ in whole] + [len(text)]
    assert all(text[b:after] in ("", " ") for (_, b), after in zip(whole, starts[1:], strict=True)), "one blank at most"
    assert starts[0] == 0


def test_blanks_at_the_ends_of_spans_are_no_part_of_them() -> None:
    given = [span("a", "ORG", 0, 5), span("b", "ORG", 8, 10), span("c", "ORG", 5, 8)]
    rows = [row(1, {"text": "Ann  Bo   x"}, annotation(1, *given))]
    for name in ("CONLL2003", "SPACY"):
        _, export = made(name, TEXTS, rows)
        told = export.report.body["regions"]
        assert (told["written"], told["dropped"], told["changed"]) == (2, {"empty": 1}, {"blanks-cut": 2}), name
    data, _ = made("SPACY", TEXTS, rows)
    tokens = json.loads(data)[0]["paragraphs"][0]["sentences"][0]["tokens"]
    assert [(t["orth"], t["ner"]) for t in tokens if t["orth"].strip()] == [
        ("Ann", "U-ORG"), ("Bo", "U-ORG"), ("x", "O"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("हिन्दी भाषा", ["हिन्दी", "भाषा"], id="vowel signs"),
        pytest.param("cafe\u0301 x", ["cafe\u0301", "x"], id="an accent of its own"),
        pytest.param("שָׁלוֹם עולם", ["שָׁלוֹם", "עולם"], id="points"),
        pytest.param("می\u200cخواهم", ["می\u200cخواهم"], id="a non-joiner"),
        pytest.param("👩\u200d👧 ❤\ufe0f.", ["👩\u200d👧", "❤\ufe0f", "."], id="joined pictures"),
        pytest.param("can't well-known 3.5", ["can't", "well-known", "3.5"], id="as before"),
    ],
)  # fmt: skip
def test_marks_stay_with_their_letters(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in tokens(text, ())] == words


def test_categories_of_two_questions_with_the_same_answers_are_both_there() -> None:
    config = """<View><Text name="t" value="$text"/>
      <Choices name="a" toName="t"><Choice value="Yes"/><Choice value="No"/></Choices>
      <Choices name="b" toName="t"><Choice value="Yes"/><Choice value="Maybe"/></Choices>
      <Choices name="c" toName="t" allowNested="true"><Choice value="Pet"><Choice value="Cat"/></Choice></Choices>
    </View>"""

    def said(name: str, *choices: Any) -> dict[str, Any]:
        value = {"choices": list(choices)}
        return {"id": name, "from_name": name, "to_name": "t", "type": "choices", "value": value}

    given = [said("a", "Yes"), said("b", "Maybe", "of the data"), said("c", ["Pet", "Cat"])]
    data, _ = made("SPACY", config, [row(1, {"text": "x"}, annotation(1, *given))])
    cats = {one["label"]: one["value"] for one in json.loads(data)[0]["paragraphs"][0]["cats"]}
    assert cats == {
        "a: Yes": 1.0, "No": 0.0, "b: Yes": 0.0, "Maybe": 1.0, "of the data": 1.0, "Pet": 0.0, "Pet / Cat": 1.0,
    }  # fmt: skip
