"""Configs made to hurt, and limits: refused with a code and a way out, in time and without an exception."""

from __future__ import annotations

import pytest

from config_compiler import compile_config, compile_json, reader
from config_compiler.diagnostics import MAX_DIAGNOSTICS

FIELD = '<Text name="t" value="$t"/>'

REFUSED = [
    pytest.param(
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><View>&b;</View>', "C002", id="a file as an entity"
    ),
    pytest.param(
        '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><View><Header value="&y;"/></View>',
        "C002",
        id="a billion laughs",
    ),
    pytest.param("<!doctype html><View/>", "C002", id="a document type in lower case"),
    pytest.param('<View><!ENTITY a "b"></View>', "C002", id="an entity declaration inside"),
    pytest.param('<?xml-stylesheet href="x.xsl"?><View/>', "C004", id="a style sheet"),
    pytest.param("<View><?xml version='1.0'?></View>", "C004", id="a declaration that is not at the start"),
    pytest.param(f"<View>{'<View>' * 64}{'</View>' * 64}</View>", "C005", id="nested 65 deep"),
    pytest.param("<View>" * 100_000, "C005", id="nested 100,000 deep and not closed"),
    pytest.param(f"<View>{'<View/>' * 20_000}</View>", "C006", id="20,001 elements"),
    pytest.param(f"<View>{FIELD}{' ' * 1_000_001}</View>", "C001", id="more than 1 MB"),
    pytest.param(f"<View>{FIELD}<Header value='{'€' * 340_000}'/></View>", "C001", id="more than 1 MB of UTF-8"),
    pytest.param("<View " + " ".join(f"a{n}=''" for n in range(201)) + "/>", "C008", id="201 attributes"),
    pytest.param("<View>\x00</View>", "C007", id="a zero byte"),
    pytest.param("<View>\ud800</View>", "C007", id="half of a surrogate pair"),
    pytest.param("\x89PNG\r\n\x1a\n\x00", "C007", id="a picture"),
    pytest.param("{}", "C113", id="JSON"),
    pytest.param("", "C101", id="nothing"),
    pytest.param("\ufeff", "C101", id="only a byte order mark"),
]


@pytest.mark.parametrize(("source", "code"), REFUSED)
def test_a_hostile_config_is_refused_with_a_code_and_a_way_out(source: str, code: str) -> None:
    result = compile_config(source)
    assert result.plan is None
    found = [diagnostic for diagnostic in result.diagnostics if diagnostic.code == code]
    assert found, [diagnostic.code for diagnostic in result.diagnostics]
    assert all(diagnostic.message and diagnostic.hint for diagnostic in result.diagnostics)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        pytest.param(f"<View>{FIELD}{'<View>' * 63}{'</View>' * 63}</View>", None, id="nested 64 deep"),
        pytest.param(f"<View>{FIELD}{'<View/>' * 19_998}</View>", None, id="20,000 elements"),
        pytest.param(f"<View>{FIELD}</View>".ljust(reader.MAX_BYTES), None, id="1 MB"),
        pytest.param(f"<View style='width:{'a' * 900_000}'>{FIELD}</View>", None, id="a style of one long word"),
        pytest.param(
            f"<View>{FIELD}<Style>a{{width:{'a' * 900_000}}}</Style></View>", None, id="a rule of one long word"
        ),
    ],
)
def test_a_config_at_a_limit_compiles(source: str, code: str | None) -> None:
    assert compile_config(source).plan is not None


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("<View>" + "&" * 300_000, id="ampersands"),
        pytest.param("<View>" + "<" * 300_000, id="less-than signs"),
        pytest.param("<View>" + "</a" * 200_000, id="end tags"),
        pytest.param("<View>" + "<a b='" * 150_000, id="open quotes"),
        pytest.param("<View>" + "<a b=\"c'" * 100_000, id="quotes of two kinds"),
        pytest.param("<View " + "a " * 300_000, id="attributes without values"),
        pytest.param("<View " + "a='b' " * 100_000 + "/>", id="one attribute many times"),
        pytest.param("<View " + " ".join(f"a{n}=''" for n in range(90_000)) + "/>", id="many attributes"),
        pytest.param("<View>" + "<!-- " * 200_000, id="open comments"),
        pytest.param("<View><!--{" + "[" * 500_000 + "--></View>", id="a deep sample"),
        pytest.param('<View><!--{"a":' + "9" * 500_000 + "}--></View>", id="a long number in the sample"),
        pytest.param(f'<View><Text name="t" value="${"a." * 200_000}b"/></View>', id="a long path"),
        pytest.param(f'<View><Text name="t" value="${"a[0]" * 30_000}"/></View>', id="a deep path"),
        pytest.param(f'<View><Text name="t" value="{"$a " * 50_000}"/></View>', id="many variables"),
        pytest.param('<View><Text name="t" value="$a[999999999]"/></View>', id="a large index"),
        pytest.param(f'<View style="{"a:b;" * 50_000}"/>', id="many declarations"),
        pytest.param(f'<View style="{"(" * 500_000}"/>', id="open brackets in a style"),
        pytest.param(f"<View><Style>{'a{' * 250_000}</Style></View>", id="open rules"),
        pytest.param(f"<View><Style>{'@media x{' * 60_000}</Style></View>", id="nested media rules"),
        pytest.param(f"<View><Style>{'/*' * 250_000}</Style></View>", id="open comments in a sheet"),
        pytest.param(f"<View>{'<Foo' + 'o' * 400_000}/></View>", id="a long name"),
        pytest.param("<View>" + "".join(f"<T{n}/>" for n in range(15_000)) + "</View>", id="many unknown tags"),
        pytest.param(
            f'<View><Rating name="{"r" * 100_000}" toName="{"r," * 100_000}"/></View>', id="many names in toName"
        ),
        pytest.param(
            f"<View>{FIELD}<Labels name='l'>"
            + "".join(f"<Label value='{n}' hotkey='a'/>" for n in range(5_000))
            + "</Labels></View>",
            id="many labels with one key",
        ),
        pytest.param(
            f"<View>{FIELD}"
            + "".join(f'<Audio name="a{n}" value="$a" sync="s{n}"/>' for n in range(9_000))
            + "</View>",
            id="many objects that play alone",
        ),
        pytest.param(
            "<View>" + FIELD + "<Filter toName='x'/>" * 15_000 + "</View>", id="many filters that find nothing"
        ),
        pytest.param(f"<View>{FIELD}{'<Filter/>' * 15_000}</View>", id="many filters that name nothing"),
        pytest.param(
            "".join(f'<Repeater on="$a" indexFlag="{{{n}}}">' for n in range(60))
            + '<Text name="t" value="$'
            + "".join(f"a[{{{n}}}]" for n in range(60)).replace("]a", "].a")
            + '"/>'
            + "</Repeater>" * 60,
            id="repeaters in repeaters",
        ),
        pytest.param(
            f"<View>{FIELD}{FIELD.replace('/>', '>', 1).replace('Text', 'TimeSeries')}"
            + "<Channel column='a'/>" * 15_000
            + "</TimeSeries></View>",
            id="many channels",
        ),
        pytest.param(
            "<View>" + FIELD + "<HyperText name='h'>" + "<b>" * 55 + "</b>" * 55 + "</HyperText></View>",
            id="deep markup",
        ),
        pytest.param("<Collapse>" + "<Header value='a'/>" * 15_000 + "</Collapse>", id="many tags in a wrong place"),
    ],
)
def test_a_config_made_to_be_slow_ends_and_says_only_so_much(source: str) -> None:
    result = compile_config(source)
    assert len(result.diagnostics) <= MAX_DIAGNOSTICS + 1
    assert len(compile_json(source)) < 20_000_000


def test_no_plan_lets_a_style_load_something() -> None:
    source = (
        f"<View>{FIELD}<Style>@import 'x'; a{{background:url(x)}} b{{background:\\75rl(x)}} "
        "c{background:image-set('x')}"
        'd{position:fixed} e{color:red}</Style><View style="background: URL (x); list-style: url&#40;x&#41;"/></View>'
    )
    result = compile_config(source)
    assert result.plan is not None
    written = result.plan.to_json().decode().lower().replace("data:image", "")
    assert "e{color:red}" in written
    for word in ("url", "import", "image-set", "fixed", "\\\\"):
        assert word not in written.split('"sample"')[0]
