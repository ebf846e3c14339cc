"""The reader against lxml and expat: the same verdict and the same tree, with places that point at the source."""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from config_compiler import compile_config, compile_json, reader
from config_compiler.diagnostics import Problems
from config_compiler.reader import Document, Element, TextPiece
from config_compiler.spans import Lines
from config_compiler.tags import registry

PIECES = st.sampled_from(
    [
        *("<View>", "</View>", "<Text", ' name="t"', " name='a'", ' value="$t"', "/>", ">", "<", "&", "&amp;", "&#65;"),
        *("&#x1F600;", "&nbsp;", "<!--", "-->", "--", " {", "}", "<![CDATA[", "]]>", "\n", "\r\n", "\t", " ", "=", '"'),
        *(
            "'",
            "😀",
            "é",
            "<Label",
            " hotkey=",
            "</",
            "<?xml version='1.0'?>",
            "<?a?>",
            "<!DOCTYPE a>",
            "text",
            "-",
            "]",
        ),
        *("1", ":", ".", "$", ";", "#"),
    ]
)
SOUP = st.lists(PIECES, max_size=40).map("".join)
TAGS = [*registry.TAG_NAMES, "Audio", "Foo"]
ATTRIBUTES = sorted({attr.name for tag in registry.TAGS for attr in tag.attrs} | {"oops"})
VALUES = (
    st.sampled_from(
        ["", "a", "b", "a,b", "$a", "$a.b[0]", "$a.", "x $a", "true", "false", "3", "-1", "1e9", "red", "#12"]
    )
    | st.sampled_from(["color: red", "url(x)", "region-selected", "choice-selected", "ctrl+a", "1", "😀", "multiple"])
    | st.text(max_size=5)
)


def _xml_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _element(name: str, attributes: dict[str, str], children: list[str]) -> str:
    written = "".join(f' {key}="{_xml_text(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(children)}</{name}>"


CONFIGS = st.recursive(
    st.text(max_size=4).map(_xml_text) | st.just('<!-- {"a": 1} -->'),
    lambda inner: st.builds(
        _element,
        st.sampled_from(TAGS),
        st.dictionaries(st.sampled_from(ATTRIBUTES), VALUES, max_size=5),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
).map(lambda inside: f"<View>{inside}</View>")


def _read(source: str) -> tuple[Document, Problems]:
    problems = Problems(Lines(source))
    return reader.read(source, problems), problems


def _accepted_by_expat(source: str) -> bool:
    try:
        expat.ParserCreate("utf-8").Parse(source.encode(), True)
    except expat.ExpatError:
        return False
    except UnicodeEncodeError:
        return False
    return True


@settings(max_examples=1500)
@given(SOUP | st.text(max_size=60))
def test_what_the_scan_accepts_and_refuses_is_what_expat_accepts_and_refuses(source: str) -> None:
    document, problems = _read(source)
    codes = {diagnostic.code for diagnostic in problems.sorted()}
    if codes & {"C002", "C004"}:
        return  # refused whatever a parser thinks
    assert "C118" not in codes, "expat had the last word: the scan missed a fault"
    exact = not codes - {"C105"}  # names that differ in case only are two attributes for a parser
    if exact or not codes:
        assert _accepted_by_expat(source) == (document.root is not None and not codes) or codes == {"C105"}
    else:
        assert not _accepted_by_expat(source)


@settings(max_examples=400)
@given(CONFIGS)
def test_the_tree_is_the_tree_that_lxml_reads(source: str) -> None:
    document, problems = _read(source)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        expected = etree.fromstring(source.encode(), parser)
    except etree.XMLSyntaxError:
        assert problems.failed
        return
    assert not problems.failed
    assert document.root is not None
    assert _shape(document.root) == _lxml_shape(expected)


def _shape(element: Element) -> object:
    return (
        element.name,
        sorted((attribute.name, attribute.value) for attribute in element.attributes),
        "".join(piece.text for piece in element.content if isinstance(piece, TextPiece) and piece.text.strip()),
        [_shape(child) for child in element.children],
    )


def _lxml_shape(element: etree._Element) -> object:
    texts = [element.text or "", *((child.tail or "") for child in element)]
    joined, here = [], texts[0]
    for child, text in zip(element, texts[1:], strict=True):
        if isinstance(child.tag, str):
            joined.append(here)
            here = text
        else:
            joined.append(here)  # a comment parts two texts for our reader too
            here = text
    joined.append(here)
    return (
        element.tag,
        sorted((str(name), str(value)) for name, value in element.attrib.items()),
        "".join(text for text in joined if text.strip()),
        [_lxml_shape(child) for child in element if isinstance(child.tag, str)],
    )


@settings(max_examples=300)
@given(CONFIGS)
def test_every_span_points_at_what_it_names(source: str) -> None:
    document, problems = _read(source)
    if document.root is None or problems.failed:
        return
    for element in _walk(document.root):
        assert source[element.name_span.start : element.name_span.end] == f"<{element.name}"
        assert source[element.span.start] == "<"
        assert source[element.span.end - 1] == ">"
        for attribute in element.attributes:
            assert source[attribute.name_span.start : attribute.name_span.end] == attribute.name
            raw = source[attribute.value_span.start : attribute.value_span.end]
            assert source[attribute.span.start : attribute.span.end] == f'{attribute.name}="{raw}"'
            if "&" not in raw and not set(raw) & set("\r\n\t"):
                assert raw == attribute.value


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element.children:
        yield from _walk(child)


@settings(max_examples=600)
@given(st.text(max_size=200) | SOUP | CONFIGS)
def test_the_compiler_never_raises_and_places_lie_in_the_text(source: str) -> None:
    result = compile_config(source)
    assert (result.plan is None) == any(diagnostic.severity == "error" for diagnostic in result.diagnostics)
    lines = Lines(source)
    last = lines.place(len(source))
    for diagnostic in result.diagnostics:
        start, end = (diagnostic.line, diagnostic.column), (diagnostic.end_line, diagnostic.end_column)
        assert (1, 1) <= start <= end <= last
        assert diagnostic.message
        assert "{" not in diagnostic.hint.replace("{{", "") or "{" in source or diagnostic.code == "C073"
    places = [(d.line, d.column) for d in result.diagnostics if d.code != "C009"]
    assert places == sorted(places)
    compile_json(source)


def test_lines_end_at_every_kind_of_line_end_and_columns_count_code_points() -> None:
    lines = Lines("a\r\nb\rc\n😀x")
    assert [lines.place(at) for at in (0, 3, 5, 7, 8)] == [(1, 1), (2, 1), (3, 1), (4, 1), (4, 2)]
    assert lines.text(4) == "😀x"
