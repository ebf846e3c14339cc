"""Marked places of HTML documents and conversations: paths, offsets of the text shown and of its source, borders."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling import html_source, results, text_nodes
from labeling.spans import TextDoc

from tests.engine import plans
from tests.engine.acting import STEADY, Acting, Json
from tests.engine.result_cases import control, part

SOURCE = "<h1>Kites &amp; co</h1><p>Flown in <b>Ber</b>lin.\nThe 😀 end.</p><table><tr><td>one<td>two</table>"
#: As the page tells it: path, UTF-16 units, whether a line or cell begins.
ROWS = [
    ["/h1[1]/text()[1]", 10, True],
    ["/p[1]/text()[1]", 9, True],
    ["/p[1]/b[1]/text()[1]", 3, False],
    ["/p[1]/text()[2]", 16, False],
    ["/table[1]/tbody[1]/tr[1]/td[1]/text()[1]", 3, True],
    ["/table[1]/tbody[1]/tr[1]/td[2]/text()[1]", 3, True],
]
TEXT = "Kites & coFlown in Berlin.\nThe 😀 end.onetwo"


def page(granularity: str = "symbol", source: str | None = None) -> Acting:
    field = {"value_type": "url"} if source else {}
    acting = Acting(
        plans.plan(
            [{**part("o", "hypertext", "html"), "granularity": granularity, **field}],
            [control("l", "hypertextlabels", "o", labels="A B")],
        ),
        {"html": "https://example.org/page" if source else SOURCE},
    )
    told: Json = {"source": source} if source else {}
    acting.do("object_loaded", object="o", text=TEXT, nodes=ROWS, **told)
    acting.do("pick_label", control="l", label="A")
    return acting


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def mark(acting: Acting, text: str, name: str = "r1", size: int | None = None) -> Any:
    start = units(TEXT[: TEXT.index(text)])
    end = start + (units(text) if size is None else size)
    acting.do("add_region", region=name, object="o", shape={"start16": start, "end16": end})
    return stored(acting)[name]


def stored(acting: Acting) -> dict[str, Any]:
    """The values of the result rows, by id."""
    rows: list[Any] = [*results.dump(acting.state)]
    return {row["id"]: row["value"] for row in rows}


@pytest.mark.parametrize("fetched", [pytest.param(None, id="in the task"), pytest.param(SOURCE, id="fetched")])
def test_a_selection_becomes_paths_offsets_of_the_text_and_of_its_source(fetched: str | None) -> None:
    value = mark(page(source=fetched), "Berlin.")
    assert value == {
        "start": "/p[1]/b[1]/text()[1]", "startOffset": 0, "end": "/p[1]/text()[2]", "endOffset": 4,
        "globalOffsets": {"start": 19, "end": 26}, "sourceOffsets": {"start": 38, "end": 49},
        "text": "Berlin.", "hypertextlabels": ["A"],
    }  # fmt: skip
    assert TEXT[19:26] == "Berlin."
    assert SOURCE[38:49] == "Ber</b>lin."


def test_offsets_count_code_points_and_entities_are_whole_in_the_source() -> None:
    acting = page()
    after = mark(acting, "end.")
    assert (after["startOffset"], after["globalOffsets"]) == (11, {"start": 33, "end": 37})
    value = mark(acting, "&", "r2")
    span = value["sourceOffsets"]
    assert SOURCE[span["start"] : span["end"]] == "&amp;"


@pytest.mark.parametrize(
    ("granularity", "text", "size", "marked"),
    [
        pytest.param("word", "rlin", 1, "Berlin", id="a word over an element"),
        pytest.param("word", "ne", 1, "one", id="a cell ends a word"),
        pytest.param("word", "co", 1, "co", id="a block ends a word"),
        pytest.param("sentence", "Flown", 2, "Flown in Berlin.", id="a line end of the source ends no sentence"),
        pytest.param("paragraph", "Berlin", 2, "Flown in Berlin.\nThe 😀 end.", id="a paragraph is a block"),
        pytest.param("word", "nd.onet", None, "end.onetwo", id="over two cells"),
    ],
)
def test_a_selection_snaps_inside_lines_and_cells(granularity: str, text: str, size: int | None, marked: str) -> None:
    assert mark(page(granularity), text, size=size)["text"] == marked


def test_borders_move_and_what_was_read_is_written_as_it_came() -> None:
    acting = page("word")
    mark(acting, "Berlin")
    acting.do("select", regions=["r1"])
    acting.do("nudge", dx=0, dy=-1, grow=True)
    assert stored(acting)["r1"]["text"] == "in Berlin"
    again = Acting(page().state.task.index.raw, {"html": SOURCE}, results.dump(acting.state))  # type: ignore[arg-type]
    assert results.dump(again.state) == results.dump(acting.state)


def test_a_place_needs_a_document_that_is_loaded_and_nodes_that_make_up_its_text() -> None:
    acting = page()
    assert acting.refused("object_loaded", object="o", text=TEXT, nodes=ROWS[1:]) == "bad-intent"
    assert acting.refused("object_loaded", object="o", text=TEXT, nodes=[["/p", "9", True]]) == "bad-intent"
    fresh = Acting(plans.plan([part("o", "hypertext", "html")], [control("l", "hypertextlabels", "o", labels="A")]))
    fresh.do("pick_label", control="l", label="A")
    shape = {"start16": 0, "end16": 2}
    assert fresh.refused("add_region", region="r1", object="o", shape=shape) == "not-loaded"


@pytest.mark.parametrize(
    ("source", "nodes", "text", "expected"),
    [
        pytest.param("<p>a<!-- b -->c</p>", ["ac"], "ac", "a<!-- b -->c", id="a comment inside"),
        pytest.param("<script>'no'</script><p>no</p>", ["no"], "no", "no", id="a script says the same"),
        pytest.param("<title>x</title>\n<p>x y</p>", ["x y"], "y", "y", id="a title that is not shown"),
        pytest.param("a\r\nb", ["a\nb"], "b", "b", id="line ends of two signs"),
        pytest.param("<pre>\n  x</pre>", ["  x"], "x", "x", id="the line end that pre drops"),
        pytest.param("1 < 2 &lt; 3 &notit; <", ["1 < 2 < 3 ¬it; <"], "< 3", "&lt; 3", id="signs that are no tags"),
        pytest.param("<p title=\"a > b\" x='</p>'>t</p>", ["t"], "t", "t", id="markup in attributes"),
        pytest.param("<p>&#128512;&copy &amp</p>", ["😀© &"], "©", "&copy", id="references without an end"),
    ],
)
def test_the_source_of_a_marked_text(source: str, nodes: list[str], text: str, expected: str) -> None:
    whole = "".join(nodes)
    start = whole.index(text)
    found = html_source.align(source, nodes).span(start, start + len(text))
    assert found is not None
    assert source[slice(*found)] == expected


def test_text_that_the_browser_moved_out_of_a_table_has_no_place_and_the_rest_has() -> None:
    source = "<p>before</p><table><tr><td>cell</td></tr>moved</table><p>after</p>"
    nodes = ["before", "moved", "cell", "after"]
    made = html_source.align(source, nodes)
    assert made.span(6, 11) is None
    assert source[slice(*made.span(11, 15))] == "cell"  # type: ignore[misc]
    assert source[slice(*made.span(15, 20))] == "after"  # type: ignore[misc]


@pytest.mark.parametrize("piece", ['<a "', "<!--", "<a b='", "<style>", "<<<<", "<a =", "&#", "</"])
def test_a_hostile_source_comes_to_its_end(piece: str) -> None:
    assert html_source.align(piece * 100_000, ["x"]).span(0, 1) is None


@STEADY
@given(st.lists(st.tuples(st.sampled_from(["p", "b", "td"]), st.text("ab é😀&", min_size=1, max_size=6)), min_size=1))
def test_every_place_of_a_plain_document_is_found_in_its_source(parts: list[tuple[str, str]]) -> None:
    source = "".join(f"<{tag}>{text.replace('&', '&amp;')}</{tag}>" for tag, text in parts)
    made = html_source.align(source, [text for _, text in parts])
    at = 0
    for _, text in parts:
        found = made.span(at, at + len(text))
        assert found is not None
        assert source[slice(*found)].replace("&amp;", "&") == text
        at += len(text)


def test_a_place_between_two_nodes_is_the_end_of_one_and_the_start_of_the_other() -> None:
    doc = TextDoc.of_document("ab😀cd", [("/a", 2, True), ("/b", 3, False), ("/c", 1, False)], None)
    assert doc
    assert doc.nodes
    assert [doc.nodes.place(at) for at in (0, 2, 3, 4)] == [("/a", 0), ("/b", 0), ("/b", 1), ("/c", 0)]
    assert [doc.nodes.place(at, end=True) for at in (2, 4, 5)] == [("/a", 2), ("/b", 2), ("/c", 1)]
    assert doc.nodes.whole(("/a", 1), ("/c", 1)) == (1, 5)
    assert doc.nodes.whole(("/a", 1), ("/x", 1)) is None


@pytest.mark.parametrize("given", [None, [1], [["/a", 1]], [["/a", -1, True]], [[1, 1, True]], "x"])
def test_nodes_of_another_form_are_refused(given: object) -> None:
    assert text_nodes.read(given) is None


def talk(granularity: str = "symbol") -> Acting:
    acting = Acting(
        plans.plan(
            [{**part("o", "paragraphs", "p"), "granularity": granularity}],
            [control("l", "paragraphlabels", "o", labels="A B")],
        ),
        {"p": [{"author": "A", "text": "Good day to you"}, {"author": "B", "text": "And 😀 to you"}]},
    )
    acting.do("pick_label", control="l", label="A")
    return acting


def test_borders_of_phrases_move_by_words_within_their_phrases() -> None:
    acting = talk("word")
    shape = {"start": "0", "end": "1", "startOffset16": 9, "endOffset16": 3}
    acting.do("add_region", region="r1", object="o", shape=shape)
    acting.do("select", regions=["r1"])
    acting.do("nudge", dx=1, dy=-1, grow=True)
    value = stored(acting)["r1"]
    assert (value["startOffset"], value["endOffset"]) == (5, 5)
    assert value["text"].split("\n") == ["day to you", "And 😀"]
