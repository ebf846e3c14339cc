"""
How long configs take to compile, on this Python and in the Pyodide that the site serves: ``python -m bench compile``.

With every check, to the plan and its canonical JSON. ``--no-pyodide`` leaves Pyodide out, which needs Node and a built
site. An edit is what the editor asks for after a key: compiled, with quick fixes, written as JSON for the page. The
configs made to hurt are each refused in a process of its own (``bench/hostile.py``).
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import runpy
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "web/py")]

from bench import hostile, machine  # noqa: E402
from config_compiler import compile_config, templates  # noqa: E402

SCRIPT = ROOT / "bench/compile_times.py"
LABEL_STUDIO = ROOT / ".cache/label-studio"
LABELS = "\n".join(f'    <Label value="Kind {n}" background="#e69f00"/>' for n in range(1, 9))
CHOICES = "\n".join(f'    <Choice value="Weather {n}"/>' for n in range(1, 6))
LINES_25 = f"""<View>
  <!-- {{"data": {{"image": "/samples/street.svg", "title": "A street"}}}} -->
  <Header value="Mark it"/>
  <RectangleLabels name="thing" toName="photo">
{LABELS}
  </RectangleLabels>
  <Image name="photo" value="$image" zoom="true"/>
  <Choices name="weather" toName="photo" required="true">
{CHOICES}
  </Choices>
  <Rating name="quality" toName="photo"/>
  <TextArea name="notes" toName="photo" placeholder="What else?"/>
</View>"""


def configs() -> Iterator[tuple[str, str]]:
    """Names and sources: the examples of the user's page as typical configs, then large and broken ones."""
    page = (ROOT / "docs" / "config.md").read_text("utf-8")
    for title, body in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE):
        for source in re.findall(r"```xml\n(.*?)```", body, re.DOTALL):
            yield title, source
    for name, source in large():
        yield name, source


def large() -> Iterator[tuple[str, str]]:
    for count in (100, 1000):
        yield f"{count:,} labels", _labels(count)
    yield "2,000 lines, 10,000 taxonomy choices", taxonomy()
    yield "the same, with a colour on each choice", taxonomy(' color="#336699"')
    yield "an error on every line", "<View>\n" + '  <Choises name="a" toName="b"/>\n' * 200 + "</View>"
    yield "19,998 Views", '<View><Text name="t" value="$t"/>' + "<View/>" * 19_998 + "</View>"


def _labels(count: int) -> str:
    labels = "".join(f'<Label value="Label {n}"/>\n' for n in range(count))
    return f'<View><Text name="t" value="$t"/><Labels name="l" toName="t">\n{labels}</Labels></View>'


def taxonomy(more: str = "") -> str:
    """20 groups of 20 parts of 24 items, eight on a line."""
    rows: list[str] = []
    for group in range(20):
        rows.append(f'<Choice value="Group {group}"{more}>')
        for part in range(20):
            rows.append(f'<Choice value="Part {group}.{part}"{more}>')
            choices = [
                f'<Choice value="Item {group}.{part}.{n}" alias="i{group}_{part}_{n}"{more}/>' for n in range(24)
            ]
            rows += ["".join(choices[at : at + 8]) for at in range(0, 24, 8)]
            rows.append("</Choice>")
        rows.append("</Choice>")
    inside = "\n".join(rows)
    head = '<View>\n<Header value="Sort it"/>\n<Text name="t" value="$t"/>\n<Taxonomy name="x" toName="t">'
    return f"{head}\n{inside}\n</Taxonomy>\n</View>"


def label_studio() -> dict[str, str]:
    """The templates of an installed Label Studio by their folder; none if there is none."""
    found = {}
    for path in sorted(LABEL_STUDIO.glob("lib/python*/site-packages/label_studio/annotation_templates/**/config.yml")):
        import yaml  # comes with chalice

        config = yaml.safe_load(path.read_text("utf-8")).get("config")
        if isinstance(config, str):
            found["-".join(path.parent.parts[-2:])] = config
    return found


def write(folder: Path) -> None:
    """The configs, where bench/compile_times.py finds them."""
    groups: dict[str, dict[str, str]] = {
        "single": {"25 lines": LINES_25, **dict(large())},
        "templates": {one.id: one.config for group in templates.groups() for one in group.templates},
        "label-studio": label_studio(),
        "edits": {
            "a heading, 25 lines": f"Mark it\n{LINES_25}",
            "a heading beside 10,000 choices": f"Sort it\n{taxonomy()}",
            "one of the 10,000 choices": f"Item 10.10.10\n{taxonomy()}",
        },
    }
    for group, sources in groups.items():
        (folder / group).mkdir()
        for name, source in sources.items():
            (folder / group / f"{name}.xml").write_text(source, "utf-8")


def measured(folder: Path, pyodide: bool) -> dict[str, dict[str, list[float]]]:
    """By interpreter and config: median and 95th percentile in ms."""
    found = {f"CPython {platform.python_version()}": json.loads(runpy.run_path(str(SCRIPT))["main"](str(folder)))}
    if pyodide:
        command = ["node", str(ROOT / "tests/parity/in_pyodide.mjs"), str(SCRIPT), str(folder), "author"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found["Pyodide"] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def rows(found: dict[str, dict[str, list[float]]]) -> list[list[str]]:
    names = list(next(iter(found.values())))
    table = []
    for group, title in (("templates", "the gallery's {} templates"), ("label-studio", "Label Studio's {} templates")):
        members = [name for name in names if name.startswith(f"{group}/")]
        if members:
            medians = [[times[name][0] for name in members] for times in found.values()]
            cells = [f"{statistics.median(each):.2f} (longest {max(each):.1f})" for each in medians]
            table.append([title.format(len(members)), *cells])
    for name in names:
        group, _, title = name.removesuffix(".xml").partition("/")
        if group in ("single", "edits"):
            cells = [f"{times[name][0]:.2f} (p95 {times[name][1]:.1f})" for times in found.values()]
            table.append([f"edit of {title}" if group == "edits" else title, *cells])
    return table


def verdicts() -> str:
    """How many of Label Studio's templates compile, and what the others lack."""
    found = label_studio()
    if not found:
        return "Label Studio is not installed in .cache/label-studio: its templates were left out."
    lines, warned = [], Counter[str]()
    for name, source in found.items():
        result = compile_config(source)
        errors = [f"{one.code} {one.message}" for one in result.diagnostics if one.severity == "error"]
        warned.update({one.code for one in result.diagnostics if one.severity == "warning"})
        if errors:
            lines.append(f"- {name}: {'; '.join(errors)}")
    told = ", ".join(f"{code} in {count}" for code, count in warned.most_common())
    head = f"{len(found) - len(lines)} of Label Studio's {len(found)} templates compile (warnings: {told or 'none'})."
    return "\n".join([head, *lines])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-pyodide", action="store_true")
    options = parser.parse_args()
    machine.say_header()
    start = time.perf_counter()
    compile_config('<View><Text name="t" value="$t"/></View>')
    first_ms = (time.perf_counter() - start) * 1000
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        found = measured(Path(folder), not options.no_pyodide)
    parts = [
        machine.table(("median, ms", *found), rows(found)),
        f"The first compile, with pydantic's import: {first_ms:.0f} ms.",
        verdicts(),
        machine.table(("hostile config", "ms", "more memory, MB", "said"), hostile.rows()),
    ]
    text = "\n\n".join(parts)
    print(text)
    machine.keep("compile", f"{machine.header()}\n\n{text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
