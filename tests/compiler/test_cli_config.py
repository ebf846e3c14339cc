"""`labelkite check` and `labelkite compile`: what they print and how they end."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path

import pytest

from config_compiler import compile_config
from labelkite import cli_config

GOOD = '<View><Text name="t" value="$t"/></View>'
WARNED = '<View><Text name="t" value="$t" zoom="1"/></View>'
BAD = '<View>\n  <Txt name="t" value="$t"/>\n</View>'


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    cli_config.add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args(arguments)
    code: int = args.run(args)
    return code


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    contents = {
        "good": GOOD.encode(),
        "warned": WARNED.encode(),
        "bad": BAD.encode(),
        "mark": b"\xef\xbb\xbf" + GOOD.encode(),
    }
    contents["latin"] = "<View>\n<!-- é -->".encode("latin-1")
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: str(tmp_path / name) for name in (*contents, "missing")}


@pytest.mark.parametrize(
    ("names", "code"),
    [
        pytest.param(["good"], 0, id="fine"),
        pytest.param(["warned"], 0, id="warnings"),
        pytest.param(["bad"], 1, id="errors"),
        pytest.param(["good", "bad"], 1, id="one of two has errors"),
        pytest.param(["mark"], 0, id="a byte order mark"),
        pytest.param(["missing"], 2, id="no such file"),
        pytest.param(["bad", "latin"], 2, id="not UTF-8"),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_check_ends_with_a_code_that_says_what_it_found(
    files: dict[str, str], names: list[str], code: int, form: list[str]
) -> None:
    assert run("check", *form, *(files[name] for name in names)) == code


def test_check_prints_place_code_line_carets_and_hint(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    run("check", files["bad"], files["good"], files["warned"])
    printed = capsys.readouterr().out.replace(str(Path(files["bad"]).parent) + "/", "")
    assert printed.startswith(
        "bad:2:3: C010 unknown tag <Txt>\n"
        '      <Txt name="t" value="$t"/>\n'
        "      ^^^^\n"
        "    hint: did you mean 'Text'?\n"
        "bad: 1 error\n"
        "good: fine\n"
        "warned:1:33: warning C040"
    )
    assert printed.endswith("warned: fine, 1 warning\n")


def test_check_prints_one_json_list_for_scripts(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    run("check", "--json", files["good"], files["bad"], files["latin"])
    good, bad, latin = json.loads(capsys.readouterr().out)
    assert good == {"file": files["good"], "ok": True, "diagnostics": []}
    assert bad["ok"] is False
    assert bad["diagnostics"] == [diagnostic.to_dict() for diagnostic in compile_config(BAD).diagnostics]
    assert latin["unreadable"] == "is not UTF-8 text (line 2); save it as UTF-8"


def test_compile_prints_the_plan_and_nothing_else(
    files: dict[str, str], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run("compile", files["warned"]) == 0
    printed = capsysbinary.readouterr()
    plan = compile_config(WARNED).plan
    assert plan is not None
    assert printed.out == plan.to_json() + b"\n"
    assert b"C040" in printed.err


@pytest.mark.parametrize(("name", "code"), [("bad", 1), ("missing", 2)])
def test_compile_prints_no_plan_when_there_is_none(
    files: dict[str, str], capsysbinary: pytest.CaptureFixture[bytes], name: str, code: int
) -> None:
    assert run("compile", files[name]) == code
    printed = capsysbinary.readouterr()
    assert printed.out == b""
    assert printed.err
    assert b"Traceback" not in printed.err


def test_a_config_comes_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode())))
    assert run("compile", "-") == 0
    assert json.loads(capsysbinary.readouterr().out)["fields"][0]["name"] == "t"
