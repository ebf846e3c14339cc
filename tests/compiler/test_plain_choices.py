"""Long lists of plain choices mean the same as if they were read tag by tag, and whatever is odd in them is told."""

from __future__ import annotations

import pytest

from config_compiler import compile_config, plain_choices
from config_compiler.plain_choices import FEWEST

LONG = "\n".join(
    f'<Choice value="Item {n}" alias="i{n}" hint="The {n}th" color="hsl({n}, 50%, 40%)"/>' for n in range(FEWEST)
)
NESTED = "\n".join(
    f'<Choice value="Group {n}"><Choice value="A"/><Choice value="B" ><Choice value="b" alias="c"/></Choice ></Choice>'
    for n in range(FEWEST // 4)
)


def config(choices: str, after: str = "") -> str:
    return f'<View><Text name="t" value="$t"/><Taxonomy name="x" toName="t">{choices}</Taxonomy>{after}</View>'


def told(source: str) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in compile_config(source).diagnostics]


def meaning(source: str) -> object:
    plan = compile_config(source).plan
    assert plan is not None
    data = plan.to_data()
    del data["config_sha256"]
    return data


@pytest.mark.parametrize("choices", [LONG, NESTED, LONG + NESTED], ids=["flat", "nested", "both"])
def test_a_long_plain_list_means_what_it_means_tag_by_tag(choices: str) -> None:
    assert plain_choices.read(config(choices), config("").index("</Taxonomy")) is not None
    slowly = choices + "<!-- a comment: not plain -->"
    assert plain_choices.read(config(slowly), config("").index("</Taxonomy")) is None
    assert meaning(config(choices)) == meaning(config(slowly))
    assert told(config(choices)) == told(config(slowly)) == []


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        pytest.param('<Choice value="Item 7"  />', None, id="a value again, with another alias before"),
        pytest.param('<Choice value="other" alias="i7"/>', "C051", id="an alias again"),
        pytest.param('<Choice value="a" selected="maybe"/>', "C042", id="another attribute"),
        pytest.param('<Choice value="a" color="bluish"/>', "C046", id="no colour"),
        pytest.param('<Choice value=""/>', "C041", id="no value"),
        pytest.param('<Choice value="a"/> text', "C014", id="text between"),
        pytest.param('<Chioce value="a"/>', "C010", id="a misspelt tag"),
        pytest.param('<Choice value="a">', "C102", id="not closed"),
        pytest.param("</Choice>", "C104", id="closed twice"),
        pytest.param('<Choice value="a" value="b"/>', "C105", id="an attribute twice"),
        pytest.param('<Choice value="a & b"/>', "C106", id="a bare sign"),
        pytest.param('<Choice value="&nope;"/>', "C003", id="an entity"),
        pytest.param('<Choice value="It costs $5"/>', "C077", id="a field"),
        pytest.param('<Choice value="a" alias="a"/><Choice value="a" alias="b"/>', None, id="a value twice"),
        pytest.param('<Choice value=" a "/>', None, id="blanks around"),
        pytest.param("<Choice value='a'/>", None, id="other quotes"),
        pytest.param('<choice alias="z" value="a"/>', None, id="other letters and order"),
    ],
)  # fmt: skip
def test_what_is_odd_in_a_long_list_is_told(odd: str, code: str | None) -> None:
    assert [found for found, _ in told(config(f"{LONG}{odd}"))][:1] == ([code] if code else [])
    assert told(config(f"{LONG}{odd}")) == told(config(f"{LONG}<!-- a -->{odd}"))


def test_conditions_and_rules_on_a_long_list_mean_what_they_mean_tag_by_tag() -> None:
    rest = (
        '<View visibleWhen="choice-selected" whenTagName="x" whenChoiceValue="i7,Item 8,c"><Header value="a"/></View>'
        '<Rules><Rule for="x" choice="Item 7" needs="x" message="m"/></Rules>'
    )
    assert meaning(config(LONG + NESTED, rest)) == meaning(config(f"{LONG}{NESTED}<!-- a -->", rest))


def test_the_limits_hold_for_a_long_list() -> None:
    deep = '<Choice value="a">' * 70 + "</Choice>" * 70
    assert [code for code, _ in told(config(LONG + deep))] == ["C005"]
    many = "".join(f'<Choice value="{n}"/>' for n in range(20_000))
    assert [code for code, _ in told(config(many))] == ["C006"]
    within = "".join(f'<Choice value="{n}"/>' for n in range(19_997))
    assert told(config(within)) == []
    assert [code for code, _ in told(config(within, "<View/>"))] == ["C006"]


def test_a_condition_on_a_long_list_knows_its_names() -> None:
    part = '<View visibleWhen="choice-selected" whenTagName="x" whenChoiceValue="Itm 7"><Header value="a"/></View>'
    assert [code for code, _ in told(config(LONG, part))] == ["C062"]
    rule = '<Rules><Rule for="x" choice="Itm 7" message="m" maxCount="1"/></Rules>'
    assert [code for code, _ in told(config(LONG, rule))] == ["C049", "C133"]


def test_what_a_caller_does_to_a_plan_does_not_reach_the_next_one() -> None:
    source = config(NESTED)
    before = compile_config(source).plan
    assert before is not None
    written = before.to_json()
    data = before.to_data()
    controls = data["controls"]
    assert isinstance(controls, list | tuple)
    controls[0]["options"][0]["children"][1]["children"][0]["value"] = "changed"
    again = compile_config(source).plan
    assert again is not None
    assert again.to_json() == written
