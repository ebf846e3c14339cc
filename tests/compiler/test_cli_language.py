"""`labelkite schema`, `docs`, `diff` and `templates`: what they print and how they end."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path
from typing import Any

import pytest

from config_compiler import problem_docs, reference, templates
from config_compiler.plan import Plan
from labelkite import cli_language

OLD = """<View>
  <Text name="t" value="$text"/>
  <Choices name="mood" toName="t"><Choice value="Happy"/><Choice value="Sad"/></Choices>
  <Rating name="stars" toName="t"/>
</View>"""
FILES = {
    "old": OLD,
    "more": OLD.replace("</View>", '<TextArea name="why" toName="t"/><Image name="i" value="$photo"/></View>'),
    "fewer": OLD.replace('<Choice value="Sad"/>', "").replace('<Rating name="stars" toName="t"/>', ""),
    "respelt": OLD.replace('"Happy"', '"happy"'),
    "bad": '<View>\n  <Txt name="t" value="$t"/>\n</View>',
    "not_json": "{",
}  # fmt: skip
SAD = {"from_name": "mood", "to_name": "t", "type": "choices", "value": {"choices": ["Sad"]}}
HAPPY = {"from_name": "mood", "to_name": "t", "type": "choices", "value": {"choices": ["Happy"]}}


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    cli_language.add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args(arguments)
    code: int = args.run(args)
    return code


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "latin").write_bytes("<View>\n<!-- é -->".encode("latin-1"))
    (tmp_path / "happy").write_text(json.dumps([{"id": 1, "annotations": [{"id": 5, "result": [HAPPY]}]}]))
    (tmp_path / "sad").write_text(json.dumps([SAD]))
    (tmp_path / "map").write_text(json.dumps({"options": {"mood": {"Sad": "Happy"}}}))
    return {path.name: str(path) for path in tmp_path.iterdir()} | {"missing": str(tmp_path / "missing")}


# schema


def test_schema_prints_the_json_schema_of_the_results(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("schema", files["old"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert '"Happy"' in json.dumps(schema)


def test_schema_reads_standard_input_without_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(OLD.encode())))
    assert run("schema") == 0
    assert "$schema" in json.loads(capsys.readouterr().out)


def test_schema_of_plans_needs_no_config(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema", "--plan") == 0
    schema = json.loads(capsys.readouterr().out)
    assert set(schema["properties"]) == set(Plan.model_json_schema()["properties"])


@pytest.mark.parametrize(("name", "code"), [("bad", 1), ("missing", 2), ("latin", 2)])
@pytest.mark.parametrize("command", [["schema"], ["diff", "old"], ["diff-first", "old"]], ids=lambda names: names[0])
def test_a_config_that_has_no_plan_is_told_on_standard_error_only(
    files: dict[str, str], capsys: pytest.CaptureFixture[str], command: list[str], name: str, code: int
) -> None:
    given = {"schema": [files[name]], "diff": [files["old"], files[name]], "diff-first": [files[name], files["old"]]}
    assert run(command[0].removesuffix("-first"), *given[command[0]]) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert files[name] in printed.err
    assert "Traceback" not in printed.err


# docs


@pytest.mark.parametrize(
    ("what", "text"),
    [
        pytest.param([], reference.markdown(), id="nothing asked: tags"),
        pytest.param(["tags"], reference.markdown(), id="tags"),
        pytest.param(["problems"], problem_docs.markdown(), id="problems"),
    ],
)
def test_docs_prints_a_page(capsys: pytest.CaptureFixture[str], what: list[str], text: str) -> None:
    assert run("docs", *what) == 0
    assert capsys.readouterr().out == text


# diff


@pytest.mark.parametrize(
    ("arguments", "code", "lines"),
    [
        pytest.param(["old", "old"], 0, ["Every result stays as it is."], id="the same config"),
        pytest.param(["old", "more"], 0, ["new: why", "tasks need now: photo"], id="more questions and data"),
        pytest.param(["old", "fewer"], 3, ["  mood: Sad: gone", "control stars: gone"], id="less"),
        pytest.param(["old", "fewer", "--results", "happy"], 0, ["1 annotations: 1 results kept"], id="nothing lost"),
        pytest.param(["old", "fewer", "--results", "sad"], 3, ["0 renamed, 1 without a place"], id="one lost"),
        pytest.param(["old", "fewer", "--results", "sad", "--map", "map"], 0, ["  mood: Sad → Happy"], id="mapped"),
        pytest.param(["old", "respelt"], 0, ["  mood: Happy → happy (guessed: map it if that is wrong)"], id="respelt"),
    ],
)
def test_diff_tells_what_happens_to_results(
    files: dict[str, str], capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, lines: list[str]
) -> None:
    given = [word if word.startswith("--") else files[word] for word in arguments]
    assert run("diff", *given) == code
    printed = capsys.readouterr().out
    assert [line for line in lines if line not in printed] == [], printed


def test_diff_as_json_has_the_changes_and_the_counts(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", files["old"], files["fewer"], "--json", "--results", files["happy"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert {row["control"]: row["what"] for row in found["changes"]["controls"]} == {"mood": "kept", "stars": "removed"}
    assert found["counts"]["results"]["kept"] == 1


@pytest.mark.parametrize("option", ["--results", "--map"])
@pytest.mark.parametrize("name", ["not_json", "missing", "latin"])
def test_diff_says_which_file_it_cannot_read(
    files: dict[str, str], capsys: pytest.CaptureFixture[str], option: str, name: str
) -> None:
    assert run("diff", files["old"], files["fewer"], option, files[name]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"labelkite diff: {files[name]}: ")


@pytest.mark.parametrize(
    "content", ["7", "null", "[7]", '[{"annotations": 7}]', '[{"annotations": [{"result": 7}]}]', '"x"']
)
def test_diff_of_an_export_that_is_none_counts_what_there_is(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    (tmp_path / "odd").write_text(content)
    assert run("diff", files["old"], files["fewer"], "--results", str(tmp_path / "odd")) == 0
    assert " 0 results kept, 0 renamed, 0 without a place" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", ["7", "[]", '{"controls": 7}', '{"options": {"mood": 7}}', '{"options": {"mood": {"Sad": 7}}}']
)
def test_diff_with_a_map_that_is_none_ends_with_a_word(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    (tmp_path / "odd").write_text(content)
    assert run("diff", files["old"], files["fewer"], "--map", str(tmp_path / "odd")) == 2
    assert capsys.readouterr().err.startswith(f"labelkite diff: {tmp_path / 'odd'}: ")


# templates


def test_templates_lists_all_in_their_groups(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("templates") == 0
    printed = capsys.readouterr().out
    for group in templates.groups():
        assert f"\n{group.title}: {group.about}\n" in printed
        assert [template.id for template in group.templates if f"  {template.id} " not in printed] == []


def test_templates_prints_one_config_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("templates", "reading-comprehension") == 0
    found = templates.find("reading-comprehension")
    assert found is not None
    assert capsys.readouterr().out == found.config


def test_templates_says_so_when_there_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("templates", "no-such") == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "there is no template 'no-such'" in printed.err
