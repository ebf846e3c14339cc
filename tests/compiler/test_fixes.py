"""Quick fixes: each one that is offered solves its problem and makes no new one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from config_compiler import compile_config, edits
from config_compiler.diagnostics import TEXTS, Diagnostic, Fix
from config_compiler.fixes import FIXES, with_fixes
from tests.compiler import golden

CASES = [case for case in golden.load() if compile_config(case.source).diagnostics]
#: Too large, too deep, too many; a forbidden character and a control outside of a Repeater (below); expat's last word.
ELSEWHERE = {"C001", "C005", "C006", "C007", "C008", "C009", "C029", "C118"}
#: Nobody but the writer knows: what a rule should check, a pattern, a schema, the code of a component.
OPEN = {"C130", "C134", "C136", "C137", "C138"}
#: What a fault had hidden: whether it is a slider was unknown; a check that does not fit was the only one of its rule.
HIDDEN = {"C042": {"C144"}, "C132": {"C130"}}
#: Faults that end the reading: whatever stands behind them is looked at for the first time after the fix.
ENDS_READING = {"C002", "C004", "C114"}


def fixed(source: str) -> tuple[Diagnostic, ...]:
    return with_fixes(source, compile_config(source).diagnostics)


def titles(source: str, code: str) -> list[str]:
    return [fix.title for one in fixed(source) if one.code == code for fix in one.fixes]


def apply(source: str, title: str) -> str:
    fix = next(fix for one in fixed(source) for fix in one.fixes if fix.title == title)
    return edits.apply(source, fix.edits)


def is_xml(code: str) -> bool:
    """Problems that stop the reading: behind them others may come to light when they are solved."""
    return code[:3] in ("C00", "C10", "C11")


def errors(source: str, *, xml_only: bool) -> Counter[str]:
    """The codes of the errors."""
    found = compile_config(source).diagnostics
    return Counter(one.code for one in found if one.severity == "error" and (not xml_only or is_xml(one.code)))


def new_errors(source: str, fix: Fix) -> Counter[str]:
    """What is wrong after the fix that was not wrong before."""
    unsound = any(is_xml(other.code) for other in compile_config(source).diagnostics)
    after = edits.apply(source, fix.edits)
    return errors(after, xml_only=unsound) - errors(source, xml_only=unsound)


@pytest.mark.parametrize("place", range(len(CASES)), ids=[case.id for case in CASES])
def test_every_fix_of_a_golden_case_solves_its_problem_and_makes_no_other(place: int) -> None:
    source = CASES[place].source
    before = Counter(one.code for one in compile_config(source).diagnostics)
    for one in fixed(source):
        for fix in one.fixes:
            after = edits.apply(source, fix.edits)
            said = f"{one.code} {fix.title!r}\n{after}"
            assert Counter(d.code for d in compile_config(after).diagnostics)[one.code] < before[one.code], said
            assert one.code in ENDS_READING or not set(new_errors(source, fix)) - HIDDEN.get(one.code, set()), said


@pytest.mark.parametrize("place", range(len(CASES)), ids=[case.id for case in CASES])
def test_fixes_of_a_config_cut_anywhere_fit_its_text(place: int) -> None:
    source = CASES[place].source[:600]
    for cut in range(0, len(source), max(7, len(source) // 12)):
        for text in (source[:cut], source[:cut] + source[cut + 5 :]):
            for one in fixed(text):
                for fix in one.fixes:
                    places = [at for edit in fix.edits for at in (edit.start, edit.end)]
                    assert fix.title
                    assert places == sorted(places), fix
                    assert 0 <= places[0] <= places[-1] <= len(text), fix


def test_every_code_has_a_fix_in_a_golden_case() -> None:
    seen = {one.code for case in CASES for one in fixed(case.source) if one.fixes}
    assert set(TEXTS) - seen - ELSEWHERE == OPEN
    assert set(FIXES) <= set(TEXTS)


@pytest.mark.parametrize(
    ("source", "code", "title", "after"),
    [
        pytest.param(
            "<View>\n  <Choises name='m'><Choice value='a'/></Choises>\n  <Text name='t' value='$t'/>\n</View>",
            "C010",
            "Change to <Choices>",
            "<View>\n  <Choices name='m'><Choice value='a'/></Choices>\n  <Text name='t' value='$t'/>\n</View>",
            id="the start and the end tag are renamed",
        ),
        pytest.param(
            '<View>\n  <Rating toName="t"/>\n  <Text name="t" value="$t"/>\n  <Rating name="rating"/>\n</View>',
            "C021",
            'Add name="rating2"',
            '<View>\n  <Rating name="rating2" toName="t"/>\n  <Text name="t" value="$t"/>\n  <Rating name="rating"/>\n'
            "</View>",
            id="a missing name is one that nothing else has",
        ),
        pytest.param(
            '<View>\n  <RectangleLabels name="b" toName="img"><Label value="a"/></RectangleLabels>\n</View>',
            "C020",
            'Add <Image name="img">',
            '<View>\n  <Image name="img" value="$img"/>\n  <RectangleLabels name="b" toName="img"><Label value="a"/>'
            "</RectangleLabels>\n</View>",
            id="the object that toName misses is of a kind that the control works on",
        ),
        pytest.param(
            '<View>\n  <Text name="a" value="$a"/>\n  <Text name="b" value="$b"/>\n  <Rating name="r"/>\n</View>',
            "C023",
            'Add toName="b"',
            '<View>\n  <Text name="a" value="$a"/>\n  <Text name="b" value="$b"/>\n'
            '  <Rating name="r" toName="b"/>\n</View>',
            id="a missing toName",
        ),
        pytest.param(
            '<View>\n  <Choices name="c" toName="t">\n    <Choice value="a"/>\n'
            '  <Text name="t" value="$t"/>\n</View>\n',
            "C102",
            "Add </Choices>",
            '<View>\n  <Choices name="c" toName="t">\n    <Choice value="a"/>\n  </Choices>\n'
            '  <Text name="t" value="$t"/>\n</View>\n',
            id="an element is closed behind what is indented under it",
        ),
        pytest.param(
            '<View><Text name="t" value="$t"/><Header value="😀 & co"/></View>',
            "C106",
            "Write &amp;",
            '<View><Text name="t" value="$t"/><Header value="😀 &amp; co"/></View>',
            id="places behind an emoji",
        ),
        pytest.param(
            '<View><Text name="t value="$t"/></View>',
            "C111",
            "Add \" after 't'",
            '<View><Text name="t" value="$t"/></View>',
            id="a forgotten quote in the middle",
        ),
        pytest.param(
            '<View>\n  <Text name="t" value="$t"/>\n  <Label value="a"/>\n  <Label value="b"/>\n</View>',
            "C012",
            "Put it into <Labels>",
            '<View>\n  <Text name="t" value="$t"/>\n  <Labels name="labels" toName="t">\n    <Label value="a"/>\n'
            '    <Label value="b"/>\n  </Labels>\n</View>',
            id="options that lost their control get one together",
        ),
        pytest.param(
            '<View><Text name="t" value="$t"/><Rating name="r" toName="t" visibleWhen="region-selected"/></View>',
            "C040",
            'Put a <View visibleWhen="region-selected"> around it',
            '<View><Text name="t" value="$t"/><View visibleWhen="region-selected">'
            '<Rating name="r" toName="t"/></View></View>',
            id="a condition goes to a View around the tag",
        ),
    ],
)
def test_a_fix_changes_what_its_title_says(source: str, code: str, title: str, after: str) -> None:
    assert title in titles(source, code)
    assert apply(source, title) == after


def test_a_forbidden_character_is_deleted() -> None:
    source = '<View><Text name="t" value="$t"/>\x07</View>'
    assert apply(source, "Delete the character") == '<View><Text name="t" value="$t"/></View>'


def test_a_diagnostic_names_its_fixes_only_where_there_are_some() -> None:
    (unknown,) = with_fixes("<View>" * 70, compile_config("<View>" * 70).diagnostics)
    assert set(unknown.to_dict()) == {
        "line", "column", "end_line", "end_column", "code", "severity", "message", "hint",
    }  # fmt: skip
    source = '<View><Text name="t" value="$t"/><Choises/></View>'
    (misspelt,) = fixed(source)
    found: Any = misspelt.to_dict()["fixes"]
    change, delete = found
    assert change == {"title": "Change to <Choices>", "edits": ({"start": 34, "end": 41, "text": "Choices"},)}
    assert delete == {"title": "Delete <Choises>", "edits": ({"start": 33, "end": 43, "text": ""},)}
    assert compile_config(source).diagnostics[0].fixes == ()


def test_a_control_outside_of_a_repeater_gets_an_object_outside() -> None:
    source = (
        '<View>\n  <Repeater on="$list"><Text name="t_{{idx}}" value="$list[{{idx}}]"/></Repeater>\n'
        '  <Text name="all" value="$all"/>\n  <Rating name="r" toName="t_{{idx}}"/>\n</View>'
    )
    assert titles(source, "C029") == ["Change to 'all'"]
