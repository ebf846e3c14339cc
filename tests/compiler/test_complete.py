"""Completion and hover: what fits at the cursor of a config that is being written."""

from __future__ import annotations

from typing import Any

import pytest

from config_compiler import compile_config
from config_compiler.complete import complete
from config_compiler.hover import hover
from config_compiler.tags import registry
from tests.compiler import golden

SOURCES = [case.source for case in golden.load()]
TEXT = '<Text name="text" value="$text"/>'


def at(marked: str) -> tuple[str, int]:
    """The text without its ``|``, and where that was."""
    offset = marked.index("|")
    return marked[:offset] + marked[offset + 1 :], offset


def items(marked: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = complete(*at(marked))["items"]  # type: ignore[assignment]
    return found


def labels(marked: str) -> list[str]:
    return [item["label"] for item in items(marked)]


def chosen(marked: str, label: str) -> str:
    """The text after *label* was chosen, with ``|`` where the cursor is then."""
    source, offset = at(marked)
    answer: Any = complete(source, offset)
    item = next(item for item in answer["items"] if item["label"] == label)
    insert, cursor = item["insert"], item.get("cursor", len(item["insert"]))
    return f"{source[: answer['from']]}{insert[:cursor]}|{insert[cursor:]}{source[answer['to'] :]}"


# tags


def test_an_empty_config_begins_with_a_view() -> None:
    assert labels("<|")[0] == "View"
    assert chosen("<|", "View") == "<View>\n  |\n</View>"
    assert labels("|")[0] == "View"
    assert chosen("|", "View") == "<View>\n  |\n</View>"


def test_objects_come_first_where_there_are_none() -> None:
    first = labels("<View>\n  <|\n</View>")[0]
    tag = registry.find(first)
    assert tag is not None
    assert tag.role == "object"


def test_a_new_tag_has_what_it_needs_and_a_name_of_its_own() -> None:
    assert chosen("<View>\n  <|\n</View>", "Text") == '<View>\n  <Text name="text" value="$text"/>|\n</View>'
    assert chosen(f"<View>{TEXT}<|</View>", "Text") == f'<View>{TEXT}<Text name="text2" value="$text2"/>|</View>'
    assert chosen(f"<View>\n  {TEXT}\n  <Ch|\n</View>", "Choices") == (
        f'<View>\n  {TEXT}\n  <Choices name="choices" toName="text">\n    <Choice value="|"/>\n  </Choices>\n</View>'
    )


def test_controls_that_work_on_the_objects_come_before_others() -> None:
    found = items(f"<View>{TEXT}<|</View>")
    names = [item["label"] for item in found]
    assert names.index("Labels") < names.index("Text") < names.index("RectangleLabels")
    assert found[names.index("RectangleLabels")]["detail"].startswith("needs ")


def test_only_options_and_their_groups_fit_in_a_control() -> None:
    found = labels(f'<View>{TEXT}<Choices name="c"><|</Choices></View>')
    assert found[:3] == ["Choice", "View", "Header"]
    assert found[-1] == "/Choices"
    assert not {"Choices", "Label", "Rating", "Image"} & set(found)
    assert "Choice" in labels(f'<View>{TEXT}<Choices name="c"><View>\n<|</View></Choices></View>')


def test_a_tag_that_is_there_gets_another_name_only() -> None:
    assert chosen(f'<View>{TEXT}<Ra| name="a"/></View>', "Rating") == f'<View>{TEXT}<Rating| name="a"/></View>'


def test_every_tag_of_the_table_is_offered_somewhere_and_makes_sound_xml() -> None:
    offered: dict[str, str] = {}
    containers = [tag for tag in registry.TAGS if tag.children or tag.holds_layout]
    for around in ("View", *(tag.name for tag in containers)):
        marked = f"<View>\n  <{around}>\n    <|\n  </{around}>\n</View>"
        for item in items(marked):
            if item["kind"] == "tag":
                offered.setdefault(item["label"], chosen(marked, item["label"]).replace("|", ""))
    assert {tag.name for tag in registry.TAGS} - set(offered) == set()
    for name, source in offered.items():
        codes = [one.code for one in compile_config(source).diagnostics]
        assert not [code for code in codes if code[:3] in ("C00", "C10", "C11")], (name, source)
        assert "C013" not in codes, (name, source)


def test_a_second_outermost_element_is_not_offered() -> None:
    assert labels("<View></View>\n<|") == []


# attributes


def test_attributes_that_are_given_are_not_offered_again_and_needed_ones_come_first() -> None:
    found = items(f'<View>{TEXT}<Choices required="true" |></Choices></View>')
    names = [item["label"] for item in found]
    assert names[:2] == ["name", "toName"]
    assert "required" not in names
    assert found[0]["insert"] == 'name="choices"'
    assert found[1]["insert"] == 'toName="text"'
    layout = next(item for item in found if item["label"] == "layout")
    assert (layout["insert"], layout["cursor"], layout["more"]) == ('layout=""', 8, True)
    assert "vertical" in layout["detail"]
    assert "select" in layout["doc"]


def test_an_attribute_without_a_space_before_or_after_it_gets_one() -> None:
    assert chosen('<View><Text name="t"|/></View>', "value") == '<View><Text name="t" value="$text"|/></View>'
    assert chosen('<View><Text |name="t"/></View>', "value") == '<View><Text value="$text" |name="t"/></View>'


def test_unsupported_attributes_are_not_offered() -> None:
    unsupported = [(tag.name, attr.name) for tag in registry.TAGS for attr in tag.attrs if attr.unsupported]
    for tag, attr in unsupported:
        assert attr not in labels(f"<View><{tag} |></{tag}></View>")


# values


def test_words_of_an_enumeration_and_of_yes_or_no() -> None:
    assert labels('<View><Choices layout="|"/></View>') == ["select", "inline", "vertical"]
    assert labels('<View><Choices required="|"/></View>') == ["true", "false"]
    assert chosen("<View><Choices layout=|/></View>", "select") == '<View><Choices layout="select"|/></View>'


def test_to_name_offers_the_objects_that_the_control_works_on() -> None:
    objects = '<Text name="t" value="$t"/><Image name="i" value="$i"/>'
    assert labels(f'<View>{objects}<RectangleLabels toName="|"/></View>') == ["i"]
    assert labels(f'<View><RectangleLabels toName="|"/>{objects}</View>') == ["i"]
    assert labels(f'<View>{objects}<Rating toName="t,|"/></View>') == ["t", "i"]
    assert (
        chosen(f'<View>{objects}<Rating toName="t,|"/></View>', "i") == f'<View>{objects}<Rating toName="t,i|"/></View>'
    )


def test_conditions_offer_controls_and_what_can_be_chosen_there() -> None:
    controls = (
        f'{TEXT}<Labels name="ner" toName="text"><Label value="Person"/></Labels>'
        '<Choices name="mood" toName="text"><Choice value="Happy" alias="pos"/><Choice>Sad</Choice></Choices>'
    )
    inside = f'<View>{controls}<View visibleWhen="choice-selected" whenTagName="%s" whenChoiceValue="%s"/></View>'
    assert labels(inside % ("|", "")) == ["mood"]
    assert labels(inside % ("mood", "|")) == ["Happy", "pos", "Sad"]
    regions = f'<View>{controls}<View visibleWhen="region-selected" whenTagName="%s" whenLabelValue="%s"/></View>'
    assert labels(regions % ("|", "")) == ["text", "ner"]
    assert labels(regions % ("", "|")) == ["Person"]


def test_fields_come_from_the_config_and_from_its_sample() -> None:
    marked = f'<View><!-- {{"title": "a", "doc": {{"body": "b"}}}} -->{TEXT}<Header value="On $|"/></View>'
    assert labels(marked)[:4] == ["$text", "$title", "$doc", "$doc.body"]
    assert chosen(marked, "$title").endswith('<Header value="On $title|"/></View>')


def test_inside_a_text_a_list_is_there_only_for_who_asks() -> None:
    def place(marked: str) -> object:
        return complete(*at(marked))["place"]

    assert place('<View><Header value="|"/></View>') == "value"
    assert place('<View><Header value="Dear |"/></View>') == "text"
    assert place('<View><Header value="Dear $|"/></View>') == "value"
    assert place('<View><View whenChoiceValue="a, |"/></View>') == "value"
    assert place("<View> |</View>") == "content"


def test_colours_show_what_they_look_like() -> None:
    found = items('<View><Label background="|"/></View>')
    assert found[0]["color"] == found[0]["label"] == "#e69f00"
    assert next(item for item in found if item["label"] == "tomato")["color"] == "#ff6347"


def test_keys_that_are_taken_are_not_offered() -> None:
    assert labels('<View><Label hotkey="1"/><Label hotkey="|"/></View>')[:2] == ["2", "3"]


def test_a_quote_that_is_not_closed_yet_does_not_hide_the_rest() -> None:
    marked = f'<View>\n  <Rating name="r" toName="|>\n  {TEXT}\n</View>'
    assert labels(marked) == ["text"]


# end tags


def test_an_end_tag_closes_the_innermost_element_first() -> None:
    assert labels('<View><Choices name="c"></|') == ["Choices", "View"]
    assert chosen('<View><Choices name="c"></|', "Choices") == '<View><Choices name="c"></Choices>|'
    assert chosen("<View></Vi|>", "View") == "<View></View|>"


# hover


def said(marked: str) -> dict[str, Any]:
    return hover(*at(marked))


def test_hover_tells_what_a_tag_an_attribute_and_a_value_are() -> None:
    config = f'<View>{TEXT}<Cho|ices name="c" toName="te~xt" lay~out="select"/></View>'
    name, attribute = (
        config.replace("|", "").replace("~", "", n).replace("~", "|", 1).replace("~", "") for n in (0, 1)
    )
    found = said(config.replace("~", ""))
    assert found["title"] == "<Choices>"
    assert "Pick one" in found["doc"]
    assert '<Choices name="mood"' in found["doc"]
    assert said(name)["title"] == "text · <Text>, line 1"
    assert said(attribute)["title"].startswith("layout · word")
    assert "`inline`" in said(attribute)["doc"]
    assert said('<View><!-- {"a": "some words"} --><Text name="t" value="$|a"/></View>')["doc"].startswith(
        "A field of the task"
    )
    assert said('<View><Label background="tom|ato"/></View>')["color"] == "#ff6347"
    assert said("<View></Vi|ew>")["title"] == "</View>"
    assert said("<View>|</View>") == {}
    assert said("<Foo| bar='x'/>") == {}


# whatever is written


@pytest.mark.parametrize("place", range(len(SOURCES)))
def test_any_place_of_any_config_cut_anywhere_has_an_answer(place: int) -> None:
    source = SOURCES[place][:700]
    for cut in range(0, len(source) + 1, max(3, len(source) // 40)):
        for text in (source[:cut], source[:cut] + source[cut + 5 :]):
            answer: Any = complete(text, cut)
            assert 0 <= answer["from"] <= cut <= answer["to"] <= len(text)
            assert all(0 <= item.get("cursor", 0) <= len(item["insert"]) for item in answer["items"])
            assert set(hover(text, cut)) <= {"from", "to", "title", "doc", "color"}


@pytest.mark.parametrize("offset", [-5, 3, 999])
def test_a_place_outside_of_the_text_is_the_nearest_inside(offset: int) -> None:
    answer: Any = complete("<Vi", offset)
    assert 0 <= answer["from"] <= answer["to"] <= 3


def large(labels: int) -> str:
    rows = "\n".join(f'    <Label value="Label {n}" background="#e69f00" hint="about {n}"/>' for n in range(labels))
    return f'<View>\n  {TEXT}\n  <Labels name="l" toName="text">\n{rows}\n    <|\n  </Labels>\n</View>'


def test_a_large_config_gets_the_suggestions_of_a_small_one() -> None:
    def offered(labels: int) -> list[str]:
        source, offset = at(large(labels))
        assert hover(source, offset // 2) is not None
        items: Any = complete(source, offset)["items"]
        return [item["label"] for item in items]

    assert offered(2000) == offered(2)
    assert "Label" in offered(2)
