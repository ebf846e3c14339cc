"""
How long configs take to compile on this Python: ``python bench/compile.py``.

Each config is compiled until the runs together took a second; the table shows the median and the slowest twentieth,
with every check, to plan and canonical JSON. The goal is a median of 2 ms over typical configs.
"""

from __future__ import annotations

import platform
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from config_compiler import compile_config  # noqa: E402


def configs() -> Iterator[tuple[str, str]]:
    """Names and sources: the examples of the user's page as typical configs, then large and broken ones."""
    page = (ROOT / "docs" / "config.md").read_text("utf-8")
    for title, body in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE):
        for source in re.findall(r"```xml\n(.*?)```", body, re.DOTALL):
            yield title, source
    for count in (100, 1000):
        yield f"{count:,} labels", _labels(count)
    yield "a taxonomy of 10,020 (goal 300 ms)", taxonomy()
    yield "an error on every line", "<View>\n" + '  <Choises name="a" toName="b"/>\n' * 200 + "</View>"
    yield "19,998 Views", '<View><Text name="t" value="$t"/>' + "<View/>" * 19_998 + "</View>"


def _labels(count: int) -> str:
    labels = "".join(f'<Label value="Label {n}"/>\n' for n in range(count))
    return f'<View><Text name="t" value="$t"/><Labels name="l" toName="t">\n{labels}</Labels></View>'


def taxonomy() -> str:
    """20 groups of 20 parts of 24 items."""
    rows: list[str] = []
    for group in range(20):
        rows.append(f'<Choice value="Group {group}">')
        for part in range(20):
            items = "\n".join(
                f'<Choice value="Item {group}.{part}.{n}" alias="i{group}_{part}_{n}"/>' for n in range(24)
            )
            rows.append(f'<Choice value="Part {group}.{part}">\n{items}\n</Choice>')
        rows.append("</Choice>")
    inside = "\n".join(rows)
    return f'<View><Text name="t" value="$t"/><Taxonomy name="x" toName="t">\n{inside}\n</Taxonomy></View>'


def compiled(source: str) -> None:
    result = compile_config(source)
    if result.plan:
        result.plan.to_json()


def times_ms(run: Callable[[str], None], source: str, budget_s: float = 1.0) -> list[float]:
    run(source)
    taken: list[float] = []
    while sum(taken) < budget_s * 1000 and len(taken) < 2000:
        start = time.perf_counter()
        run(source)
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken)


def main() -> None:
    start = time.perf_counter()
    compiled('<View><Text name="t" value="$t"/></View>')
    first_ms = (time.perf_counter() - start) * 1000
    print(f"Python {platform.python_version()}, first compile with pydantic's import: {first_ms:.0f} ms\n")
    print(f"{'config':<36}{'bytes':>9}{'median ms':>11}{'p95 ms':>9}")
    typical: list[float] = []
    for name, source in configs():
        taken = times_ms(compiled, source)
        median = statistics.median(taken)
        if len(source) < 3000:
            typical.append(median)
        print(f"{name[:35]:<36}{len(source.encode()):>9,}{median:>11.2f}{taken[int(len(taken) * 0.95)]:>9.2f}")
    print(f"\nmedian over {len(typical)} typical configs: {statistics.median(typical):.2f} ms (goal: 2 ms)")


if __name__ == "__main__":
    main()
