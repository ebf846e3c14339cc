"""Rules of a config's own: what they find in regions and answers, and what they leave alone."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling import check, extents
from labeling.geometry import Size
from labeling.patterns import MAX_TEXT, Pattern

from config_compiler import compile_config, patterns
from tests.engine.acting import STEADY, Acting

Json = dict[str, object]

STREET = """
<View>
  <Header value="Mark the cars"/>
  <RectangleLabels name="box" toName="img"><Label value="Car" alias="c"/><Label value="Wheel"/></RectangleLabels>
  <Image name="img" value="$image"/>
  <PolygonLabels name="area" toName="img"><Label value="Road"/></PolygonLabels>
  <TextArea name="plate" toName="img" perRegion="true" whenTagName="box" whenLabelValue="Car"/>
  <Choices name="weather" toName="img" choice="multiple"><Choice value="Rain" alias="r"/><Choice value="Sun"/></Choices>
  <Choices name="why" toName="img" visibleWhen="choice-selected" whenTagName="weather" whenChoiceValue="Rain">
    <Choice value="clouds"/><Choice value="drops"/></Choices>
  <TextArea name="notes" toName="img" editable="true"/>
  <Rating name="stars" toName="img"/>
  <Relations><Relation value="part of"/></Relations>
  <Rules>{}</Rules>
</View>
"""


def plan_of(source: str) -> Json:
    result = compile_config(source)
    assert result.plan, result.diagnostics
    made: Json = json.loads(result.plan.to_json())
    return made


def street(rules: str, result: object = ()) -> Acting:
    return Acting(plan_of(STREET.format(rules)), {"image": "https://example.com/1.jpg"}, result)


def told(acting: Acting) -> list[tuple[str, str | None]]:
    """Messages of rules, with the regions that they are about."""
    found = [problem for problem in check.problems(acting.state) if problem["code"] == "rule"]
    return [(problem["message"], problem.get("region")) for problem in found]


def box(acting: Acting, name: str, label: str, x: float, y: float, width: float = 10, height: float = 10) -> None:
    if label not in acting.view["active"]["box"]:  # type: ignore[index]
        acting.do("pick_label", control="box", label=label)
    acting.box(name, x, y, width, height)
    acting.do("select", regions=[])


def test_too_few_regions_are_told_once_and_too_many_at_the_first_that_is_too_many() -> None:
    acting = street('<Rule for="box" label="Car" minCount="1" maxCount="2" message="{count} of {label} in {title}"/>')
    assert told(acting) == [("0 of Car in Mark the cars", None)]
    box(acting, "a", "c", 0, 0)
    box(acting, "w", "Wheel", 50, 50)
    assert told(acting) == []
    box(acting, "b", "c", 20, 0)
    box(acting, "d", "c", 40, 0)
    assert told(acting) == [("3 of Car in Mark the cars", "d")]


def test_a_problem_says_where_it_is_and_a_warning_that_it_is_one() -> None:
    acting = street('<Rule for="box" minSize="200" severity="warning" message="A {label} is small."/>')
    box(acting, "a", "c", 0, 0)
    (problem,) = check.problems(acting.state)
    assert problem == {
        "code": "rule",
        "message": "A Car is small.",
        "where": "region 1 (c)",
        "hint": "",
        "control": "box",
        "region": "a",
        "node": "n2",
        "severity": "warning",
    }


def test_sizes_are_the_sides_in_natural_pixels() -> None:
    acting = street('<Rule for="box" minSize="50" message="small"/><Rule for="box" maxSize="300" message="large"/>')
    box(acting, "fits", "c", 0, 0, 5, 10)  # 50 by 50 of 1000 by 500 pixels
    box(acting, "flat", "c", 20, 0, 30, 9.9)
    box(acting, "wide", "c", 0, 50, 30.1, 20)
    assert told(acting) == [("small", "flat"), ("large", "wide")]


def test_without_the_size_of_the_image_no_size_is_judged() -> None:
    acting = Acting(
        plan_of(STREET.format('<Rule for="box" minSize="50" message="small"/>')), {"image": "x"}, size=False
    )
    box(acting, "a", "c", 0, 0, 1, 1)
    assert told(acting) == []


def test_boxes_that_only_touch_do_not_overlap_and_each_that_does_is_told_once() -> None:
    acting = street('<Rule for="box" label="Car" overlap="no" message="overlaps"/>')
    box(acting, "a", "c", 0, 0)
    box(acting, "b", "c", 10, 0)
    box(acting, "w", "Wheel", 1, 1, 2, 2)
    assert told(acting) == []
    box(acting, "d", "c", 5, 5)  # on both
    assert told(acting) == [("overlaps", "d")]


def test_thousands_of_boxes_on_one_place_are_each_told_but_the_first() -> None:
    value = {"x": 1, "y": 1, "width": 9, "height": 9, "rotation": 0, "rectanglelabels": ["c"]}
    row = {"from_name": "box", "to_name": "img", "type": "rectanglelabels", "value": value}
    marks = {"original_width": 100, "original_height": 100}
    rows = [{**row, **marks, "id": f"r{number}"} for number in range(3_000)]
    acting = street('<Rule for="box" label="Car" overlap="no" message="overlaps"/>', rows)
    assert told(acting) == [("overlaps", f"r{number}") for number in range(1, 3_000)]


def test_a_wheel_belongs_into_a_car() -> None:
    acting = street('<Rule for="box" label="Wheel" inside="Car" message="outside"/>')
    box(acting, "car", "c", 10, 10, 40, 40)
    box(acting, "in", "Wheel", 12, 30, 5, 5)
    box(acting, "half", "Wheel", 48, 30, 5, 5)
    box(acting, "out", "Wheel", 80, 30, 5, 5)
    assert told(acting) == [("outside", "half"), ("outside", "out")]


ROAD = {
    "id": "road",
    "from_name": "area",
    "to_name": "img",
    "type": "polygonlabels",
    "original_width": 1000,
    "original_height": 500,
    "value": {"points": [[0, 0], [100, 0], [100, 100], [50, 20], [0, 100]], "polygonlabels": ["Road"]},
}


@pytest.mark.parametrize("inside", ["area", "Road"])
def test_inside_may_name_another_control_or_a_label_of_it(inside: str) -> None:
    acting = street(f'<Rule for="box" inside="{inside}" message="off"/>', [ROAD])
    box(acting, "on", "c", 10, 2, 80, 10)
    box(acting, "in_the_notch", "c", 45, 60, 10, 10)
    assert told(acting) == [("off", "in_the_notch")]


def test_relations_are_asked_for_with_their_label_or_any() -> None:
    rules = (
        '<Rule for="box" label="Wheel" relation="part of" message="whose?"/>'
        '<Rule for="box" relation="*" message="alone"/>'
    )
    acting = street(rules)
    box(acting, "car", "c", 10, 10)
    box(acting, "w", "Wheel", 50, 10)
    acting.do("relate", **{"from": "w", "to": "car"})
    assert told(acting) == [("whose?", "w")]
    acting.do("set_relation", **{"from": "w", "to": "car", "labels": ["part of"]})
    assert told(acting) == []
    acting.do("unrelate", **{"from": "w", "to": "car"})
    assert told(acting) == [("whose?", "w"), ("alone", "car"), ("alone", "w")]


def test_a_region_may_need_an_answer_of_its_own() -> None:
    acting = street('<Rule for="box" needs="plate" message="read it"/>')
    box(acting, "a", "c", 0, 0)
    box(acting, "w", "Wheel", 50, 50)  # is not asked for a plate
    assert told(acting) == [("read it", "a")]
    acting.do("add_text", control="plate", text="B-XY 1", region="a", answer="p")
    assert told(acting) == []


def test_a_region_may_need_an_answer_about_the_whole() -> None:
    acting = street('<Rule for="box" label="Car" needs="weather" message="weather?"/>')
    assert told(acting) == []
    box(acting, "a", "c", 0, 0)
    box(acting, "b", "c", 20, 0)
    assert told(acting) == [("weather?", "a")]
    acting.do("choose", control="weather", choice="Sun", answer="x")
    assert told(acting) == []


def test_a_choice_may_need_or_exclude_another_answer() -> None:
    rules = (
        '<Rule for="weather" choice="Rain" needs="notes" message="describe it"/>'
        '<Rule for="weather" choice="Sun" excludes="stars" message="no stars"/>'
    )
    acting = street(rules)
    acting.do("rate", control="stars", rating=3, answer="s")
    assert told(acting) == []
    acting.do("choose", control="weather", choice="r", answer="w")
    assert told(acting) == [("describe it", None)]
    acting.do("choose", control="weather", choice="Sun", answer="w")
    assert told(acting) == [("describe it", None), ("no stars", None)]
    acting.do("type_text", control="notes", text="grey", answer="n")
    acting.do("rate", control="stars", rating=0, answer="s")
    assert told(acting) == []


def test_a_rule_rests_while_another_control_is_answered() -> None:
    acting = street('<Rule for="weather" maxCount="1" unless="notes" message="one"/>')
    acting.do("choose", control="weather", choice="r", answer="w")
    acting.do("choose", control="weather", choice="Sun", answer="w")
    assert told(acting) == [("one", None)]
    acting.do("add_text", control="notes", text="changed at noon", answer="n")
    assert told(acting) == []


def test_a_control_that_is_not_shown_breaks_no_rule() -> None:
    acting = street('<Rule for="why" minCount="1" message="why?"/>')
    assert told(acting) == []
    acting.do("choose", control="weather", choice="r", answer="w")
    assert told(acting) == [("why?", None)]


def test_texts_are_checked_one_by_one_and_no_answer_is_no_fault() -> None:
    rules = (
        '<Rule for="notes" minLength="3" message="short"/><Rule for="notes" maxLength="5" message="long"/>'
        r'<Rule for="notes" pattern="[A-Z]\w*" message="capital"/>'
        '<Rule for="notes" oneOf="Yes, No" message="yes or no"/>'
    )
    acting = street(rules)
    assert told(acting) == []
    acting.do("add_text", control="notes", text="Yes", answer="n")
    assert told(acting) == []
    acting.do("add_text", control="notes", text="no", answer="n")
    assert [message for message, _ in told(acting)] == ["short", "capital", "yes or no"]
    acting.do("edit_text", control="notes", index=1, text="Nothing")
    assert [message for message, _ in told(acting)] == ["long", "yes or no"]


def test_numbers_and_stars_have_bounds() -> None:
    source = """<View><Text name="t" value="$t"/><Number name="n"/><Rating name="r"/><Rules>
      <Rule for="n" min="1" max="2.5" message="number"/><Rule for="r" min="2" message="stars"/></Rules></View>"""
    acting = Acting(plan_of(source), {"t": "x"})
    acting.do("set_answer", control="n", value={"number": 2.5}, answer="a")
    acting.do("rate", control="r", rating=1, answer="b")
    assert told(acting) == [("stars", None)]
    acting.do("set_answer", control="n", value={"number": 2.6}, answer="a")
    assert told(acting) == [("number", None), ("stars", None)]


def test_items_of_a_ranking_and_of_a_taxonomy_are_counted() -> None:
    source = """<View><List name="l" value="$items"/>
      <Ranker name="rank"><Bucket name="good"/><Bucket name="bad"/></Ranker>
      <Taxonomy name="kind" toName="l"><Choice value="A"/><Choice value="B"/></Taxonomy><Rules>
      <Rule for="rank" label="good" minCount="1" message="one is good"/>
      <Rule for="kind" maxCount="1" message="one kind"/></Rules></View>"""
    acting = Acting(plan_of(source), {"items": [{"id": "x", "title": "X"}, {"id": "y", "title": "Y"}]})
    assert ("one is good", None) in told(acting)
    acting.do("set_answer", control="rank", value={"ranker": {"good": ["x"], "bad": []}}, answer="a")
    acting.do("set_answer", control="kind", value={"taxonomy": [["A"], ["B"]]}, answer="b")
    assert told(acting) == [("one kind", None)]


ARTICLE = "Ada Lovelace met 😀 Babbage in London."
QUESTION = """<View><Text name="txt" value="$text"/>
  <Question name="who" value="Who met $name?" maxAnswers="1" longest="12" unanswerable="true" required="true"/>
  <Labels name="ner" toName="txt"><Label value="Per"/></Labels>
  <Rules><Rule for="ner" overlap="no" pattern="[A-Z].*" message="{label}"/></Rules></View>"""


def asked() -> Acting:
    acting = Acting(plan_of(QUESTION), {"text": ARTICLE, "name": "Babbage"})
    acting.do("object_loaded", object="txt", text=ARTICLE)
    return acting


def test_a_question_wants_its_answer_marked_or_given_up() -> None:
    acting = asked()
    missing = "“Who met Babbage?”: mark the answer in the text, or pick “Not answerable”"
    assert told(acting) == [(missing, None)]
    acting.do("pick_label", control="who", label="Answer")
    acting.span("a", 0, 12)
    assert told(acting) == []
    acting.do("choose", control="who_none", choice="Not answerable", answer="n")
    both = "“Who met Babbage?”: an answer is marked and “Not answerable” is picked; take one of the two away"
    assert told(acting) == [(both, "a")] or told(acting) == [(both, None)]
    acting.do("delete", regions=["a"])
    assert told(acting) == []


def test_a_question_has_one_short_answer() -> None:
    acting = asked()
    acting.do("pick_label", control="who", label="Answer")
    acting.span("a", 0, 12)
    acting.span("b", 0, 20)  # 19 characters: one of them takes two units in JavaScript
    assert told(acting) == [
        ("“Who met Babbage?”: at most 1 answer can be marked, not 2", "b"),
        ("“Who met Babbage?”: an answer has at most 12 characters; mark less of the text", "b"),
    ]


def test_spans_of_one_control_may_not_share_characters_and_their_texts_fit_a_pattern() -> None:
    acting = asked()
    acting.do("choose", control="who_none", choice="Not answerable", answer="n")
    acting.do("pick_label", control="ner", label="Per")
    acting.span("a", 0, 3)
    acting.span("b", 3, 12)  # begins with a blank: the pattern
    acting.span("c", 4, 12)  # on b
    assert told(acting) == [("Per", "b"), ("Per", "c")]


def test_a_config_without_rules_and_a_rule_on_no_control_say_nothing() -> None:
    plan = plan_of(STREET.format('<Rule for="box" minCount="1" message="x"/>'))
    del plan["rules"]
    assert check.problems(Acting(plan, {"image": "x"}).state) == []
    plan["rules"] = [{"for": "gone", "min_count": 1, "message": "x", "severity": "error"}]
    assert check.problems(Acting(plan, {"image": "x"}).state) == []


# shapes


def shape(kind: str, **members: object) -> extents.Extent:
    found = extents.extent(kind, members, Size(1000, 500))
    assert found
    return found


BOX = shape("rectangle", x=10, y=10, width=20, height=20, rotation=0)


@pytest.mark.parametrize(
    ("other", "covers"),
    [
        pytest.param(shape("rectangle", x=20, y=20, width=20, height=20), True, id="a corner"),
        pytest.param(shape("rectangle", x=30, y=10, width=20, height=20), False, id="side by side"),
        pytest.param(shape("rectangle", x=10, y=15, width=20, height=20), True, id="moved along a side"),
        pytest.param(shape("rectangle", x=10, y=10, width=20, height=20), True, id="the same box"),
        pytest.param(shape("rectangle", x=15, y=0, width=5, height=50), True, id="a cross"),
        pytest.param(shape("rectangle", x=36, y=31, width=20, height=20, rotation=45), False, id="turned, bounds meet"),
        pytest.param(shape("ellipse", x=35, y=40, radiusX=6, radiusY=12), False, id="an ellipse by the corner"),
        pytest.param(shape("ellipse", x=32, y=20, radiusX=6, radiusY=6), True, id="an ellipse over a side"),
        pytest.param(shape("polygon", points=[[0, 0], [40, 0], [40, 40], [35, 5], [0, 5]]), False, id="a bracket"),
        pytest.param(shape("polygon", points=[[0, 0], [50, 0], [50, 50], [0, 50]]), True, id="all around"),
        pytest.param(shape("polygon", points=[[12, 12], [14, 12], [13, 20]]), True, id="a polygon inside"),
        pytest.param(shape("keypoint", x=20, y=20, width=1), False, id="a point has no surface"),
    ],
)
def test_two_shapes_cover_each_other_or_not(other: extents.Extent, covers: bool) -> None:
    assert extents.cover(BOX, other) is covers
    assert extents.cover(other, BOX) is covers


@pytest.mark.parametrize(
    ("inner", "within"),
    [
        pytest.param(shape("rectangle", x=12, y=12, width=5, height=5), True, id="a box"),
        pytest.param(shape("rectangle", x=9.95, y=10, width=5, height=5), True, id="half a pixel out"),
        pytest.param(shape("rectangle", x=9, y=10, width=5, height=5), False, id="ten pixels out"),
        pytest.param(shape("keypoint", x=20, y=20, width=1), True, id="a point"),
        pytest.param(shape("keypoint", x=50, y=20, width=1), False, id="a point elsewhere"),
        pytest.param(shape("vector", vertices=[{"x": 11, "y": 11}, {"x": 29, "y": 29}]), True, id="a line"),
    ],
)
def test_a_shape_lies_in_another_or_not(inner: extents.Extent, within: bool) -> None:
    assert extents.lies_in(inner, BOX) is within


def test_cuboids_are_apart_if_one_stands_above_the_other() -> None:
    car = shape("cuboid", x=0, y=0, z=1, length=4, width=2, height=2, yaw=0.3)
    assert extents.cover(car, shape("cuboid", x=1, y=0, z=1, length=4, width=2, height=2, yaw=1))
    assert not extents.cover(car, shape("cuboid", x=1, y=0, z=3, length=4, width=2, height=2, yaw=1))
    assert extents.size_of(car, False, "") == pytest.approx(2)
    assert extents.size_of(car, True, "") == pytest.approx(4)
    assert extents.lies_in(shape("cuboid", x=0, y=0, z=1, length=1, width=1, height=1, yaw=0), car)


def test_segments_share_time_only_on_one_channel() -> None:
    first = shape("segment", start=1, end=3, channel=0)
    assert extents.cover(first, shape("segment", start=2, end=4, channel=0))
    assert not extents.cover(first, shape("segment", start=2, end=4, channel=1))
    assert not extents.cover(first, shape("segment", start=3, end=4, channel=0))
    assert extents.size_of(first, False, "") == 2


def test_phrases_are_compared_by_paragraph_and_place() -> None:
    phrase = {"start": "9", "startOffset": 5, "end": "10", "endOffset": 4}
    first = shape("phrase", **phrase)
    assert extents.cover(first, shape("phrase", **{**phrase, "start": "10", "startOffset": 3}))
    assert not extents.cover(first, shape("phrase", **{**phrase, "start": "10", "startOffset": 4, "endOffset": 9}))
    assert extents.size_of(first, False, "nine chars") == 10


def test_masks_have_no_extent() -> None:
    assert extents.extent("brush", {"format": "rle", "rle": []}, None) is None


# patterns


@pytest.mark.parametrize(
    "pattern",
    [
        "a+b*", "(a|ab)*c", "[A-C][a-c]+(?: [A-C][a-c]+)*", r"\d{2,3}-\d{2}", "(a?b?){2}c", "^x.y$", "(|a)b", "a{2}",
        "a{,2}b", "x{2,}", "[^ab]", "[]a]+", "a*?b", "", "{a}", "a{x}", r"\.|\s|\w\W", "a|b|", r"[\d\-x]*", "x{0}y",
    ],
)  # fmt: skip
@STEADY
@given(text=st.text(alphabet="abcxy12-]{}AB \n.é", max_size=6))
def test_a_pattern_fits_what_pythons_own_matcher_fits(pattern: str, text: str) -> None:
    assert Pattern(patterns.compiled(pattern)).matches(text) is bool(re.fullmatch(pattern, text))


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(a|aa)+b", "(a*)*b", "a*a*a*a*a*b"])
def test_a_pattern_that_stops_other_matchers_answers(pattern: str) -> None:
    steps = patterns.compiled(pattern)
    assert not Pattern(steps).matches("a" * MAX_TEXT)
    assert Pattern(steps).matches("a" * (MAX_TEXT - 1) + "b")
    assert not Pattern(steps).matches("a" * MAX_TEXT + "b"), "a text over the limit fits nothing"
