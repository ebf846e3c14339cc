"""
What a month costs, roughly, at three sizes: so that nobody is surprised. The bill is AWS's alone.

Units per annotation are those that `python -m bench aws-load` counts among many people (docs/benchmarks.md); prices are
those of us-east-1.
"""

from __future__ import annotations

from dataclasses import dataclass

PRICES_OF = "November 2026, us-east-1, on demand, in USD"
#: USD for one.
WRITE_UNIT, READ_UNIT = 0.625e-6, 0.125e-6
GATEWAY_REQUEST, LAMBDA_REQUEST, QUEUE_REQUEST = 1.00e-6, 0.20e-6, 0.40e-6
GB_SECOND = {"arm64": 0.0000133334, "x86_64": 0.0000166667}
GB_STORED, GB_TABLE, GB_RECOVERY, GB_OUT = 0.023, 0.25, 0.20, 0.085
EDGE_REQUEST, EDGE_FUNCTION, ALARM, LOG_GB = 1.0e-6, 0.10e-6, 0.10, 0.50
FREE_OUT_GB = 1000  # CloudFront's, each month; files come from S3 itself, which has 100

WRITES, READS = 35.6, 35.9
"""Units of an annotation with its draft and `next`, and of half a task's import: two annotations a task."""
REQUESTS, SECONDS = 4, 0.07
"""Requests to the API for an annotation (draft, submit, next, and a part of openings and renewals), seconds for one."""
TABLE_KB = 6
ALARMS = 8
TICKS = 30 * 24 * 60


@dataclass(frozen=True, slots=True)
class Size:
    name: str
    annotations: int
    """A month."""
    files_gb: float
    """Kept in the data bucket."""
    visits: int
    """First loads of the site a month; one is 15 MB with Python."""


SIZES = (
    Size("at rest: nobody labels", 0, 10, 0),
    Size("a team of 10, 20,000 annotations", 20_000, 50, 40),
    Size("300 people, 1,000,000 annotations", 1_000_000, 1_000, 1_500),
)

#: What docs/scaling.md shows: people, annotations a month (a person makes about 4,000), files, visits.
SCALES = (
    Size("10 people, 40,000 annotations", 40_000, 50, 100),
    Size("100 people, 400,000", 400_000, 500, 1_000),
    Size("1,000 people, 4 million", 4_000_000, 5_000, 10_000),
    Size("3,000 people, 12 million", 12_000_000, 15_000, 30_000),
    Size("10,000 people, 40 million", 40_000_000, 50_000, 100_000),
)


@dataclass(frozen=True, slots=True)
class Cost:
    size: Size
    parts: tuple[tuple[str, float], ...]
    """USD a month, by what for."""

    @property
    def total(self) -> float:
        return sum(amount for _, amount in self.parts)


def estimate(size: Size, architecture: str) -> Cost:
    """USD a month at a size, without tax and free tiers (but CloudFront's, which does not end)."""
    n = size.annotations
    calls = n * REQUESTS
    seconds = calls * SECONDS + n * 0.1 + TICKS * 0.05
    out_gb = n * 0.0005 + size.visits * 0.015
    table_gb = n * TABLE_KB / 1e6
    return Cost(
        size,
        (
            ("table", n * (WRITES * WRITE_UNIT + READS * READ_UNIT) + table_gb * (GB_TABLE + GB_RECOVERY)),
            ("functions", seconds * GB_SECOND[architecture] + (calls + n + TICKS) * LAMBDA_REQUEST),
            ("API Gateway", calls * GATEWAY_REQUEST),
            ("site", calls * EDGE_REQUEST + size.visits * 200 * (EDGE_REQUEST + EDGE_FUNCTION)
             + max(0.0, out_gb - FREE_OUT_GB) * GB_OUT),
            ("files", size.files_gb * GB_STORED),
            ("queue", (3 * n * 0.2 + 30 * 24 * 3600 / 20 * 5) * QUEUE_REQUEST),
            ("alarms and logs", ALARMS * ALARM + calls * 1e-6 * LOG_GB),
        ),
    )  # fmt: skip


def markdown(architecture: str) -> list[str]:
    """The rows of SCALES as docs/scaling.md has them; `python -m labelkite.deploy.costs` prints them."""
    costs = [estimate(size, architecture) for size in SCALES]
    names = [name for name, _ in costs[0].parts]
    lines = [f"| USD a month | {' | '.join(names)} | all |", f"|---|{'--:|' * (len(names) + 1)}"]
    for cost in costs:
        amounts = " | ".join(f"{amount:,.0f}" for _, amount in cost.parts)
        lines.append(f"| {cost.size.name} | {amounts} | {cost.total:,.0f} |")
    return lines


def table(architecture: str) -> list[str]:
    """Lines for people."""
    costs = [estimate(size, architecture) for size in SIZES]
    lines = [f"{'USD a month':<36}" + "".join(f"{name:>16}" for name, _ in costs[0].parts) + f"{'all':>10}"]
    for cost in costs:
        amounts = "".join(f"{amount:>16.2f}" for _, amount in cost.parts)
        lines.append(f"{cost.size.name:<36}{amounts}{cost.total:>10.2f}")
    return lines


if __name__ == "__main__":
    print("\n".join(markdown("arm64")))
