"""The compiler as a whole: the same bytes everywhere, JSON for the editor, values and colours."""

from __future__ import annotations

import hashlib
import json
import math
import os
import subprocess
import sys
from itertools import combinations, islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config_compiler import colors, compile_config, compile_json, hotkeys, style, values
from config_compiler.diagnostics import format
from config_compiler.plan import PLAN_VERSION, Plan
from config_compiler.values import Literal, Mixed
from config_compiler.values import Path as Field
from tests.compiler import golden

ROOT = Path(__file__).resolve().parents[2]
HASHES = """
import hashlib, json, sys
from config_compiler import compile_json
sources = json.load(sys.stdin)
print(json.dumps([hashlib.sha256(compile_json(source).encode()).hexdigest() for source in sources]))
"""


def _hashes(seed: str) -> list[str]:
    sources = json.dumps([case.source for case in golden.load()])
    env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", HASHES], input=sources, env=env, capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(done.stdout)
    return found


def test_plans_and_problems_are_the_same_bytes_with_every_hash_seed() -> None:
    first = _hashes("0")
    assert len(first) > 70
    assert _hashes("1") == first
    assert _hashes("4294967295") == first


def test_the_plan_in_json_is_canonical_and_reads_back() -> None:
    plans = [(case, result) for case in golden.load() if (result := compile_config(case.source)).plan]
    assert len(plans) > 100
    for case, result in plans:
        assert result.plan is not None, case.id
        written = result.plan.to_json()
        data = json.loads(written)
        assert data["plan"] == PLAN_VERSION
        assert data["config_sha256"] == hashlib.sha256(case.source.encode()).hexdigest()
        assert written == json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        assert Plan.model_validate(data).to_json() == written


def test_nulls_of_the_sample_stay() -> None:
    plan = compile_config('<View><!-- {"t": "a", "n": {"x": null}} --><Text name="t" value="$t"/></View>').plan
    assert plan is not None
    assert json.loads(plan.to_json())["sample"] == {"data": {"t": "a", "n": {"x": None}}}


def test_the_made_up_sample_has_every_field_and_its_type() -> None:
    types = {"string": str, "number": float, "list": list, "object": dict}
    made_up = [case for case in golden.load() if not golden.OWN_SAMPLE.search(case.source)]
    for case in made_up:
        plan = compile_config(case.source).plan
        for field in plan.fields if plan else ():
            assert plan is not None
            found = plan.sample["data"][field.name]
            assert isinstance(found, tuple(types[kind] for kind in field.types)), (case.id, field.name)


def test_the_editor_gets_plan_and_problems_or_problems_only() -> None:
    both = json.loads(compile_json('<View><Text name="t" value="$t" zoom="1"/></View>'))
    assert list(both) == ["plan", "diagnostics"]
    assert both["diagnostics"][0] == {
        "line": 1, "column": 33, "end_line": 1, "end_column": 37, "code": "C040", "severity": "warning",
        "message": "<Text> has no attribute zoom, so it is ignored", "hint": both["diagnostics"][0]["hint"],
    }  # fmt: skip
    assert list(json.loads(compile_json("<View>"))) == ["diagnostics"]


def test_a_problem_is_printed_with_its_line_and_carets() -> None:
    source = '<View>\n  <Choises name="mood" toName="text">\n</View>'
    (problem, *_) = compile_config(source.replace(">\n</", "/>\n</")).diagnostics
    assert format(problem, "config.xml", source) == (
        "config.xml:2:3: C010 unknown tag <Choises>\n"
        '      <Choises name="mood" toName="text">\n'
        "      ^^^^^^^^\n"
        "    hint: did you mean 'Choices'?"
    )


def test_a_problem_far_out_on_a_long_line_is_printed_with_its_neighbourhood() -> None:
    source = f'<View><Header value="{"x" * 500}"/><Foo/><Text name="t" value="$t"/></View>'
    (problem,) = compile_config(source).diagnostics
    place, line, carets, _ = format(problem, "c.xml", source).split("\n")
    assert place.startswith(f"c.xml:1:{problem.column}: C010")
    assert len(line) < 170
    assert line[carets.index("^") :].startswith("<Foo")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("$image", Field(("image",), "image", 0), id="a field"),
        pytest.param("$a.b[0].c", Field(("a", "b", 0, "c"), "a.b[0].c", 0), id="a nested path"),
        pytest.param("$a.0", Field(("a", 0), "a.0", 0), id="an index after a full stop"),
        pytest.param("$5", Field(("5",), "5", 0), id="a field that is a number"),
        pytest.param("$a[007]", Field(("a", "007"), "a[007]", 0), id="an index with zeros is a name"),
        pytest.param("$größe", Field(("größe",), "größe", 0), id="letters of any script alone"),
        pytest.param(
            "価格$price円", Mixed((Literal("価格"), Field(("price",), "price", 2), Literal("円"))), id="text around"
        ),
        pytest.param("$a$b", Mixed((Field(("a",), "a", 0), Field(("b",), "b", 2))), id="two fields"),
        pytest.param("$ 5", Literal("$ 5"), id="no field after the $"),
        pytest.param("$$", Literal("$$"), id="no escape"),
        pytest.param("plain", Literal("plain"), id="plain text"),
        pytest.param("$a..b", Field((), "a..b", 0), id="two full stops"),
        pytest.param("$[0]", Field((), "[0]", 0), id="an index first"),
        pytest.param("$a[", Field((), "a[", 0), id="an open bracket"),
        pytest.param(
            "$item_{{idx}}.url", Field(("item_{{idx}}", "url"), "item_{{idx}}.url", 0), id="a repeater's flag"
        ),
    ],
)
def test_variables_are_read_as_label_studio_reads_them(text: str, value: values.Value) -> None:
    assert values.parse(text) == value


@given(st.text(alphabet="$ab.[]{}0 é-", max_size=12))
def test_a_value_is_written_back_as_it_was(text: str) -> None:
    parsed = values.parse(text)
    # Blanks around a lone variable are dropped: with them a list or a number would become a text.
    assert values.plain(parsed) == (text.strip(" ") if isinstance(parsed, values.Path) else text)


@pytest.mark.parametrize(
    ("text", "color"),
    [
        pytest.param("Red", "#ff0000", id="name"),
        pytest.param("#FA0", "#ffaa00", id="three digits"),
        pytest.param("#fa08", "#ffaa0088", id="four digits"),
        pytest.param("#11223344", "#11223344", id="eight digits"),
        pytest.param("#112233ff", "#112233", id="opaque"),
        pytest.param("transparent", "#00000000", id="transparent"),
        pytest.param("rgb(1, 2, 300)", "#0102ff", id="rgb, out of range"),
        pytest.param("rgba(255,0,0,.5)", "#ff000080", id="rgba"),
        pytest.param("rgb(100% 0% 50% / 20%)", "#ff008033", id="rgb in percent"),
        pytest.param("hsl(120, 100%, 25%)", "#008000", id="hsl"),
        pytest.param("hsl(-120deg 100% 50%)", "#0000ff", id="hsl with a negative hue"),
        pytest.param("rgb(1,2)", None, id="two numbers"),
        pytest.param("rgb(1%, 2, 3)", None, id="mixed units"),
        pytest.param("#12345", None, id="five digits"),
        pytest.param("var(--x)", None, id="variable"),
        pytest.param("١٢٣", None, id="digits of another script"),
    ],
)
def test_css_colours_become_hex(text: str, color: str | None) -> None:
    assert colors.parse(text) == color


def test_the_names_of_colours_are_the_148_of_css_and_transparent() -> None:
    assert len(colors.NAMES) == 149
    assert all(colors.parse(f"#{value}") for value in colors.NAMES.values())


# Source of the matrices: Machado, Oliveira, Fernandes (2009), severity 1.0. Source of OKLab: Ottosson (2020).
VISION = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def _oklab(color: str, vision: str) -> tuple[float, float, float]:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    r, g, b = (min(1.0, max(0.0, sum(k * c for k, c in zip(row, linear, strict=True)))) for row in VISION[vision])
    l_ = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    m_ = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    s_ = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * l_ + 0.7936177850 * m_ - 0.0040720468 * s_,
        1.9779984951 * l_ - 2.4285922050 * m_ + 0.4505937099 * s_,
        0.0259040371 * l_ + 0.7827717662 * m_ - 0.8086757660 * s_,
    )


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(("first", "apart"), [(7, 0.07), (20, 0.06), (40, 0.04)])
def test_label_colours_are_told_apart_with_every_kind_of_colour_vision(vision: str, first: int, apart: float) -> None:
    seen = [_oklab(color, vision) for color in colors.SEQUENCE[:first]]
    assert len(seen) == first
    assert min(math.dist(a, b) for a, b in combinations(seen, 2)) > apart


def test_five_hundred_labels_get_five_hundred_colours() -> None:
    found = list(islice(colors.sequence(["#e69f00"]), 500))
    assert len(set(found)) == 500
    assert "#e69f00" not in found


def test_labels_of_two_controls_and_chosen_colours_do_not_clash() -> None:
    plan = compile_config(
        '<View><Text name="t" value="$t"/>'
        '<Labels name="a"><Label value="1"/><Label value="2" background="#56b4e9"/></Labels>'
        '<Labels name="b"><Label value="3"/><Label value="4"/></Labels></View>'
    ).plan
    assert plan is not None
    found = [option["color"] for control in plan.to_data()["controls"] for option in control["options"]]
    assert found == ["#e69f00", "#56b4e9", "#009e73", "#f0e442"]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        pytest.param("A", "a", id="capital"),
        pytest.param("Shift + Ctrl+K", "ctrl+shift+k", id="order of modifiers"),
        pytest.param("command+b", "ctrl+b", id="command"),
        pytest.param("+", "plus", id="plus"),
        pytest.param("ctrl+plus", "ctrl+plus", id="plus by name"),
        pytest.param("Esc", "escape", id="other name"),
        pytest.param("é", "é", id="accent"),
        pytest.param("ctrl", None, id="modifier alone"),
        pytest.param("ab", None, id="two letters"),
        pytest.param("", None, id="nothing"),
        pytest.param("a+b", None, id="no modifier"),
    ],
)
def test_keys_have_one_spelling(written: str, key: str | None) -> None:
    assert hotkeys.normal(written) == key


def test_keys_are_given_in_the_fixed_sequence_until_it_ends() -> None:
    labels = "".join(f'<Label value="{n}"/>' for n in range(40))
    plan = compile_config(f'<View><Text name="t" value="$t"/><Labels name="l">{labels}</Labels></View>').plan
    assert plan is not None
    assert "".join(key.key for key in plan.hotkeys) == "1234567890qwetasdfgzxcvbyiopjklnm"
    assert "hotkey" not in plan.to_data()["controls"][0]["options"][33]


@given(st.text(max_size=80))
def test_no_style_that_is_let_through_can_load_or_escape(text: str) -> None:
    for written in (style.declarations(text)[0].items(), [("", style.sheet(text)[0])]):
        for _, value in written:
            assert "url" not in value.lower() or "url(" not in value.lower()
            assert not {"<", "\\"} & set(value)


def test_a_sheet_keeps_what_is_plain_and_loses_what_is_not() -> None:
    kept, faults = style.sheet(
        '/* a { b: c } */ .a > p:hover , .curly::before { color : RED ; content: "}{;" }'
        " @media (max-width:600px){.a{margin:0}}"
        " @font-face { src: url(x) } .c { top: expression(1) }"
    )
    assert kept == '.a > p:hover , .curly::before{color:RED;content:"}{;"}@media (max-width:600px){.a{margin:0}}'
    assert [fault.code for fault in faults] == ["C083", "C081"]


def test_the_plan_as_data_is_what_its_json_says() -> None:
    plan = compile_config('<View><Text name="i" value="$a[0]"/><Rating name="l"/></View>').plan
    assert plan is not None
    assert plan.to_data() == json.loads(plan.to_json())
