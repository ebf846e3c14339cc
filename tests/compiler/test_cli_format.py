"""`labelkite format`: what it writes and how it ends."""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import pytest

from labelkite import cli_config

LOOSE = '<View><Text name="t" value="$t"/></View>'
LAID_OUT = '<View>\n  <Text name="t" value="$t"/>\n</View>\n'


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    cli_config.add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args(["format", *arguments])
    code: int = args.run(args)
    return code


def test_files_are_laid_out_in_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = tmp_path / "one.xml", tmp_path / "other.xml"
    one.write_text(LOOSE)
    other.write_text(LAID_OUT)
    assert run(str(one), str(other)) == 0
    assert one.read_text() == other.read_text() == LAID_OUT
    assert capsys.readouterr().out == f"{one}: laid out\n"


def test_check_changes_nothing_and_tells_by_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "one.xml"
    file.write_text(LOOSE)
    assert run("--check", str(file)) == 1
    assert file.read_text() == LOOSE
    assert capsys.readouterr().out == f"{file}: would change\n"
    file.write_text(LAID_OUT)
    assert run("--check", str(file)) == 0


def test_a_config_that_is_no_xml_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "one.xml"
    file.write_text("<View>")
    assert run(str(file), str(tmp_path / "missing.xml")) == 2
    assert file.read_text() == "<View>"
    assert "C102" in capsys.readouterr().err


def test_standard_input_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LOOSE.encode())))
    assert run("-") == 0
    assert capsys.readouterr().out == LAID_OUT
