"""
Configs broken by chance, compiled, completed, mended and laid out, for as long as one likes:

    python -m bench fuzz --minutes 60

Starts from the golden cases, the gallery, the examples of the tag tables and the user's page. Nothing may raise, hang,
take long, or say something different the second time; a plan must be one that the engine takes. What is found is
written to ``bench/results/fuzz``: the config, cut down, and what happened. ``--seed`` and the number of an input give
the input again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "web/py")]  # the checkout, not what is installed

from labeling import display, plan_index  # noqa: E402
from labeling.problems import Problem  # noqa: E402

from bench import machine  # noqa: E402
from bench.mutations import TOKEN, mutated  # noqa: E402
from config_compiler import compile_config, edits, templates  # noqa: E402
from config_compiler.complete import complete  # noqa: E402
from config_compiler.diagnostics import Diagnostic  # noqa: E402
from config_compiler.editor import compile_source, make_sample, put_sample  # noqa: E402
from config_compiler.fixes import with_fixes  # noqa: E402
from config_compiler.formatting import format_config  # noqa: E402
from config_compiler.hover import hover  # noqa: E402
from config_compiler.result_schema import result_schema  # noqa: E402
from config_compiler.spans import Lines  # noqa: E402
from config_compiler.tags import registry  # noqa: E402

FOLDER = machine.RESULTS / "fuzz"
HANG_S = 20
#: Processor time that one compile may take: some, and some for each character.
SLOW_S, SLOW_S_PER_CHARACTER = 0.1, 0.00002


class Wrong(Exception):
    """Something came out that may not come out; the message says what."""


class Hung(Exception):
    """It took longer than HANG_S."""


def seeds() -> list[str]:
    """Configs to start from."""
    found = [template.config for group in templates.groups() for template in group.templates]
    found += [tag.example for tag in registry.TAGS if tag.example]
    for path in sorted((machine.ROOT / "tests/golden").glob("*.case")):
        blocks = ("\n" + path.read_text("utf-8")).split("\n== ")[1:]
        found += [re.split(r"\n-- (?:problems|plan)", block.partition("\n")[2])[0] for block in blocks]
    found += re.findall(r"```xml\n(.*?)```", (machine.ROOT / "docs/config.md").read_text("utf-8"), re.DOTALL)
    return found


# what may not happen


def tried(source: str, random: Random) -> Iterator[tuple[str, Callable[[], object]]]:
    """Everything that is done with a config, by name."""
    yield "compile", lambda: compiled(source)
    yield "fixes", lambda: mended(source)
    yield "format", lambda: laid_out(source)
    offsets = [random.randrange(len(source) + 1) for _ in range(3)]
    yield "complete", lambda: offered(source, offsets)
    yield "hover", lambda: [json.dumps(hover(source, offset)) for offset in offsets]
    if random.random() < 0.05:
        yield "editor", lambda: edited(source)


def compiled(source: str) -> None:
    result = compile_config(source)
    lines = Lines(source)
    for one in result.diagnostics:
        _placed(one, source, lines)
    again = compile_config(source)
    if result.diagnostics != again.diagnostics:
        raise Wrong("other problems the second time")
    if result.plan is None:
        if not any(one.severity == "error" for one in result.diagnostics):
            raise Wrong("no plan and no error")
        return
    if again.plan is None or result.plan.to_json() != again.plan.to_json():
        raise Wrong("another plan the second time")
    plan = json.loads(result.plan.to_json())
    result_schema(plan)
    index = plan_index.index(plan)
    shown = display.resolve(index, plan["sample"]["data"])
    told = {one.code for one in result.diagnostics} & {"C078"}  # which says that the field cannot be found
    for problem in () if told or "<!--" in source or "<Repeater" in source else shown["problems"]:
        if "path" in _value_of(plan, problem):
            raise Wrong(f"the sample does not show: {problem}")


def _value_of(plan: dict[str, Any], problem: Problem) -> dict[str, Any]:
    """What the object of *problem* shows, if it is one; of text around a field nobody knows what it should be."""
    shown = (part.get("value") or {} for part in plan["objects"] if part["name"] == problem.get("object"))
    return next(shown, {"path": []})


def _placed(one: Diagnostic, source: str, lines: Lines) -> None:
    if not (one.message and one.hint):
        raise Wrong(f"{one.code} without message or hint")
    start, end = lines.offset(one.line, one.column), lines.offset(one.end_line, one.end_column)
    if not 0 <= start <= end <= len(source):
        raise Wrong(f"{one.code} stands at {start} to {end} of {len(source)}")
    if lines.place(start) != (one.line, one.column) or lines.place(end) != (one.end_line, one.end_column):
        raise Wrong(f"{one.code} stands at a place that is none")
    for text in (one.message, one.hint):
        if re.search(r"\{(?!\{|label|count|title|2,5)\w+\}(?!\})", text) and not re.search(r"\{\w+\}", source):
            raise Wrong(f"{one.code} has a gap: {text}")


def mended(source: str) -> None:
    """Every fix changes the config, at a place that is in it; the result compiles or says why not."""
    found = with_fixes(source, compile_config(source).diagnostics)
    for one in found[:5]:
        for fix in one.fixes[:3]:
            ends = [0]
            for edit in fix.edits:
                if not ends[-1] <= edit.start <= edit.end <= len(source):
                    raise Wrong(f"{one.code}: the fix {fix.title!r} overlaps itself or leaves the config")
                ends.append(edit.end)
            after = edits.apply(source, fix.edits)
            if after == source:
                raise Wrong(f"{one.code}: the fix {fix.title!r} changes nothing")
            compile_config(after)


def laid_out(source: str) -> None:
    found = format_config(source)
    if found.source is None:
        if not found.diagnostics:
            raise Wrong("the format says nothing")
        return
    before, after = compile_config(source), compile_config(found.source)
    if format_config(found.source).source != found.source:
        raise Wrong("laid out twice is not laid out once")
    if (before.plan is None) != (after.plan is None) or (before.plan and _meaning(before) != _meaning(after)):
        raise Wrong("laid out it means something else")


def _meaning(result: object) -> dict[str, object]:
    data: dict[str, object] = result.plan.to_data()  # type: ignore[attr-defined]
    del data["config_sha256"]
    return data


def offered(source: str, offsets: Sequence[int]) -> None:
    for offset in offsets:
        found = complete(source, offset)
        json.dumps(found)
        start, end = found["from"], found["to"]
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start <= offset <= end <= len(source)):
            raise Wrong(f"completion at {offset} replaces {start} to {end}")


def edited(source: str) -> None:
    for answer in (compile_source(source), make_sample(source), put_sample(source, {"a": "--"})):
        json.dumps(answer)


# running


def _hung(_number: int, _frame: FrameType | None) -> None:
    raise Hung(f"more than {HANG_S} s")


def fault_of(run: Callable[[], object], allowed_s: float) -> tuple[str, str, float]:
    """
    How *run* ended: a short name that is the same for the same fault ("": well), what happened, and its processor time
    in seconds. *allowed_s* is how much it may take.
    """
    signal.setitimer(signal.ITIMER_REAL, HANG_S)
    begun = time.process_time()
    try:
        run()
    except Wrong as fault:
        return re.sub(r"\d+|'[^']*'|\{.*", "#", str(fault))[:80], str(fault), 0
    except (Exception, RecursionError) as fault:
        last = traceback.extract_tb(fault.__traceback__)[-1]
        return f"{type(fault).__name__} {Path(last.filename).name}:{last.name}", traceback.format_exc(), 0
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    took = time.process_time() - begun
    return ("slow", f"took {took:.2f} s", took) if took > allowed_s else ("", "", took)


def shrunk(source: str, still: Callable[[str], bool], budget_s: float = 20) -> str:
    """A smaller config with the same fault: tokens, then lines, then characters are left out while it stays."""
    end = time.monotonic() + budget_s
    for parts in (TOKEN.findall(source), None):
        pieces: Sequence[str] = parts if parts is not None and "".join(parts) == source else list(source)
        size = max(1, len(pieces) // 2)
        while size and time.monotonic() < end:
            at = 0
            while at < len(pieces) and time.monotonic() < end:
                less = [*pieces[:at], *pieces[at + size :]]
                if still("".join(less)):
                    pieces = less
                else:
                    at += size
            size //= 2
        source = "".join(pieces)
    return source


class Findings:
    """Each fault once, with the first config that showed it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.seen: Counter[str] = Counter()

    def note(self, what: str, name: str, told: str, source: str, origin: str, still: Callable[[str], bool]) -> None:
        key = f"{what}: {name}"
        self.seen[key] += 1
        if self.seen[key] > 1:
            return
        small = source if name in ("slow", "Hung fuzz.py:_hung") else shrunk(source, still)
        self._folder.mkdir(parents=True, exist_ok=True)
        stem = f"{what}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"
        (self._folder / f"{stem}.xml").write_bytes(small.encode("utf-8", "surrogatepass"))
        (self._folder / f"{stem}.txt").write_text(f"{key}\n{origin}\n\n{told}\n", "utf-8", "backslashreplace")
        print(f"found {key} ({origin}): {stem}.xml, {len(small)} characters", flush=True)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def run(minutes: float, seed: int, folder: Path) -> tuple[int, Findings, list[float]]:
    """How many configs were tried, what was found, and the processor time of each compile with its checks."""
    signal.signal(signal.SIGALRM, _hung)
    given = seeds()
    findings = Findings(folder)
    end, number, took = time.monotonic() + minutes * 60, 0, []
    while time.monotonic() < end:
        random = Random(f"{seed}:{number}")
        source = mutated(random, random.choice(given), given)
        for what, attempt in tried(source, random):
            name, told, seconds = fault_of(attempt, 3 * (SLOW_S + SLOW_S_PER_CHARACTER * len(source)))
            if what == "compile" and not name:
                took.append(seconds)
            if name:
                still = partial(_same, what=what, name=name)
                findings.note(what, name, told, source, f"seed {seed}, input {number}", still)
        number += 1
    return number, findings, took


def _same(source: str, *, what: str, name: str) -> bool:
    """Whether *source* shows the fault too; for completion and hover at some offsets."""
    for place in range(1 if what not in ("complete", "hover") else 8):
        for other, attempt in tried(source, Random(place)):
            if other == what and fault_of(attempt, 1e9)[0] == name:
                return True
    return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same configs")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where findings go")
    options = parser.parse_args()
    machine.say_header()
    before = peak_mb()
    count, findings, took = run(options.minutes, options.seed, options.folder)
    rows = [
        ["minutes", f"{options.minutes:g}"],
        ["configs", f"{count:,}"],
        ["processor time of two compiles with the checks, median, ms", f"{1000 * machine.median(took):.2f}"],
        ["the longest, ms", f"{1000 * max(took):.0f}"],
        ["peak memory before and after, MB", f"{before:.0f}, {peak_mb():.0f}"],
        ["faults", f"{sum(findings.seen.values())} of {len(findings.seen)} kinds"],
    ]
    print(machine.table([f"fuzz, seed {options.seed}", ""], rows))
    for key, times in findings.seen.most_common():
        print(f"{times} x {key}")
    return 1 if findings.seen else 0


if __name__ == "__main__":
    sys.exit(main())
