"""The tables of a report: what charts are drawn from, what CSV files hold, and the line that says how it is computed.

A table is made from the stored report and the project's settings when it is asked for, so that an hourly rate counts at
once. Cells are texts, numbers or None; what a number is says the kind of its column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import fsum
from typing import Any, Final, Literal

from chalicelib.tasks import STATES

Json = dict[str, Any]
Cell = str | int | float | bool | None
Kind = Literal["text", "id", "day", "count", "share", "score", "number", "seconds", "hours", "money"]
"""share: 0 to 1, read as a percentage. score: an agreement or a coefficient, at most 1. number: any other."""
NOTHING = "(nothing)"
"""Stands for no label in tables: what somebody missed, or marked alone."""
MS = 1000


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    label: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """`how`: one line on how it is computed. `empty`: what must happen before it has rows. `says`: in a sentence."""

    id: str
    title: str
    how: str
    empty: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    says: str = ""

    def body(self) -> Json:
        return asdict(self)


Make = Callable[[Json, Mapping[str, Any]], Table]


def _progress(report: Json, _: Mapping[str, Any]) -> Table:
    days = report["throughput"]
    wanted = report["progress"]["annotations"] + report["forecast"]["missing"]
    rows = [[d["day"], d["items"], d["skipped"], d["people"], d["so_far"]] for d in days]
    return Table(
        "progress",
        "Answers day by day",
        "Answers and skips as they were sent, by day (UTC). So far: answers that count at the end of the day, counted "
        "back from those that count now.",
        "As soon as somebody submits an answer, its day stands here.",
        (
            Column("day", "Day", "day"), Column("answers", "Answers", "count"), Column("skipped", "Skipped", "count"),
            Column("people", "People", "count"), Column("so_far", "Answers so far", "count"),
        ),
        rows,
        f"{report['progress']['annotations']} of {wanted} answers are there." if wanted else "",
    )  # fmt: skip


def _forecast(report: Json, _: Mapping[str, Any]) -> Table:
    said = report["forecast"]
    pace = said["pace_per_day"]
    row = [said["missing"], pace["value"], said["over_days"], said["early"], said["date"], said["late"]]
    return Table(
        "forecast",
        "When all answers are there",
        said["formula"] + ".",
        "",
        (
            Column("missing", "Still wanted", "count"), Column("pace", "Answers a day", "number"),
            Column("over_days", "Whole days", "count"), Column("early", "At the earliest", "day"),
            Column("date", "Expected", "day"), Column("late", "At the latest", "day"),
            Column("why", "Why there is none"),
        ),
        [[*row, said.get("reason")]],
    )  # fmt: skip


STATE_NAMES: Final = {
    "new": "Waiting", "working": "In work", "agreed": "Agreed", "disagree": "Disagrees", "verified": "Verified",
    "dropped": "Dropped",
}  # fmt: skip


def _states(report: Json, _: Mapping[str, Any]) -> Table:
    counts = report["progress"]["tasks"]
    total = sum(counts.values())
    rows = [[STATE_NAMES[name], counts[name], counts[name] / total] for name in STATES if counts.get(name)]
    return Table(
        "states",
        "Tasks by state",
        "Every task once, as it stood when the report was made. Agreed: enough answers, and their agreement reaches "
        "the threshold of the settings. Verified: a reviewer has decided, or the answer was known.",
        "Tasks stand here once there is data: Data, then drop files.",
        (Column("state", "State"), Column("tasks", "Tasks", "count"), Column("share", "Share", "share")),
        rows,
    )


def _agreement(report: Json, _: Mapping[str, Any]) -> Table:
    rows: list[list[Cell]] = []
    for control in report["agreement"]:
        by = control["coefficients"] or {}
        found = [by.get(name, {}) for name in ("percent", "cohen", "fleiss", "krippendorff")]
        agreement = control["agreement"]
        rows.append([
            control["control"], control["type"], agreement["value"], agreement["n"],
            *(one.get("value") for one in found),
            found[3].get("level") if found[3].get("value") is not None else None,
            found[0].get("n"), agreement.get("reason"),
        ])  # fmt: skip
    return Table(
        "agreement",
        "Agreement on each question",
        "Mean over tasks with two answers or more of the agreement of their answers, each two compared as "
        "docs/consensus.md says for this kind. Cohen, Fleiss, Krippendorff: from all things that two people gave one "
        "label each.",
        "Agreement needs tasks that two people have answered: Settings, Labeling, People per task.",
        (
            Column("control", "Question"), Column("type", "Kind"), Column("agreement", "Agreement", "score"),
            Column("tasks", "Tasks", "count"), Column("percent", "Same label", "share"),
            Column("cohen", "Cohen’s kappa", "score"), Column("fleiss", "Fleiss’ kappa", "score"),
            Column("krippendorff", "Krippendorff’s alpha", "score"), Column("level", "Level"),
            Column("things", "Things", "count"), Column("why", "Why there is none"),
        ),
        rows if any(row[2] is not None for row in rows) else [],
    )  # fmt: skip


def _labels(report: Json, _: Mapping[str, Any]) -> Table:
    rows = [
        [control["control"], row["label"], row["value"], row["n"]]
        for control in report["agreement"]
        for row in control["labels"]
    ]
    return Table(
        "labels",
        "Agreement on each label",
        "When one person gives this label, how often another one gives it to the same thing: 2 b / (2 b + o), b pairs "
        "of people who both gave it, o pairs of whom one did (specific agreement, Fleiss 1981).",
        "Labels are compared as soon as two people have labeled the same thing.",
        (
            Column("control", "Question"), Column("label", "Label"), Column("agreement", "Another agrees", "share"),
            Column("pairs", "Pairs", "count"),
        ),
        rows,
    )  # fmt: skip


def _confusion(report: Json, _: Mapping[str, Any]) -> Table:
    """Of each person what they said where what is right, and of all together (person empty) pairs of two people."""
    rows: list[list[Cell]] = [
        [control["control"], None, "", row["a"], row["b"], row["n"], "two people"]
        for control in report["agreement"]
        for row in control["confusion"]
    ]
    rows += [
        [control["control"], person["id"], person["name"], row["right"], row["said"], row["n"], control["judged_by"]]
        for person in report["people"]
        for control in person["labels"]
        for row in control["confusion"]
    ]
    return Table(
        "confusion",
        "Labels that are taken for each other",
        "Things that two people labeled, by what the one and the other said, each pair of people once. The file also "
        "has, of each person, what they said where what is right.",
        "Labels are compared as soon as two people have labeled the same thing.",
        (
            Column("control", "Question"), Column("person", "Id", "id"), Column("name", "Person"),
            Column("right", "Right"), Column("said", "Said"), Column("n", "Times", "count"),
            Column("judged_by", "Judged by"),
        ),
        rows,
    )  # fmt: skip


def _pairs(report: Json, _: Mapping[str, Any]) -> Table:
    controls = sorted({kappa["control"] for pair in report["pairs"] for kappa in pair["kappas"]})
    rows: list[list[Cell]] = []
    for pair in report["pairs"]:
        kappas = {kappa["control"]: kappa["kappa"]["value"] for kappa in pair["kappas"]}
        agreement = pair["agreement"]
        rows.append([
            pair["a"], pair["name_a"], pair["b"], pair["name_b"], agreement["value"], agreement["n"],
            *(kappas.get(control) for control in controls),
        ])  # fmt: skip
    return Table(
        "pairs",
        "Who agrees with whom",
        "Mean of the scores of all comparisons of two people’s answers, over tasks and questions that both answered. "
        "Kappa (Cohen 1960): the same of one question beyond chance.",
        "Two people have to answer the same tasks: Settings, Labeling, People per task.",
        (
            Column("a", "Id", "id"), Column("name_a", "One"), Column("b", "Id of the other", "id"),
            Column("name_b", "The other"),
            Column("agreement", "Agreement", "score"), Column("comparisons", "Comparisons", "count"),
            *(Column(f"kappa_{control}", f"Kappa of {control}", "score") for control in controls),
        ),
        rows,
    )  # fmt: skip


def _people(report: Json, _: Mapping[str, Any]) -> Table:
    scores: dict[str, tuple[str, Kind]] = {
        "skip_rate": ("Skipped", "share"), "with_others": ("Like the others", "score"),
        "with_consensus": ("Like the consensus", "score"), "gold": ("Known answers", "score"),
        "attention": ("Attention", "score"), "themselves": ("Like themselves", "score"),
    }  # fmt: skip
    rows: list[list[Cell]] = []
    for row in report["people"]:
        time = row["time"]
        low, high = row["quartiles_ms"] or (None, None)
        rows.append([
            row["id"], row["name"], row["items"], row["skipped"], time["median_ms"], time["mean_ms"], time["n"],
            *(value for name in scores for value in (row[name]["value"], row[name]["n"])),
            bool(row["paused"]), " ".join(row["errs"]), low, high,
        ])  # fmt: skip
    return Table(
        "people",
        "People",
        "Each number and its n as docs/quality.md says; times in ms, where the page measured them active time, else "
        "lead time cut at five medians.",
        "Nobody has answered yet.",
        (
            Column("id", "Id", "id"), Column("name", "Name"), Column("items", "Answers", "count"),
            Column("skipped", "Skips", "count"), Column("median_ms", "Median ms", "count"),
            Column("mean_ms", "Mean ms", "count"), Column("timed", "Timed", "count"),
            *(
                column for name, (label, kind) in scores.items()
                for column in (Column(name, label, kind), Column(f"{name}_n", f"{label}: from", "count"))
            ),
            Column("paused", "Paused"), Column("errs", "Errs on"), Column("q1_ms", "First quartile ms", "count"),
            Column("q3_ms", "Third quartile ms", "count"),
        ),
        rows,
    )  # fmt: skip


def _people_over_time(report: Json, _: Mapping[str, Any]) -> Table:
    names = {row["id"]: row["name"] for row in report["people"]}
    step = report["people_days"]["step"]
    rows: list[list[Cell]] = []
    for row in report["people_days"]["rows"]:
        mean = row["mean_ms"]["value"]
        merged, gold = row["with_consensus"], row["gold"]
        rows.append([
            row["id"], names.get(row["id"], ""), row["from"], row["items"], row["skipped"],
            mean / MS if mean is not None else None, merged["value"], merged["n"], gold["value"], gold["n"],
        ])  # fmt: skip
    return Table(
        "people-over-time",
        "People over time",
        f"By {step} (UTC{', weeks by their Monday' if step == 'week' else ''}), the last 90 days: answers sent; "
        "mean time "
        "(not cut); mean agreement of the answers of those days with the merged answers of their tasks as they are "
        "now; mean score on known answers.",
        "As soon as somebody submits an answer, their first day stands here.",
        (
            Column("person", "Id", "id"), Column("name", "Person"), Column("from", step.capitalize(), "day"),
            Column("answers", "Answers", "count"), Column("skipped", "Skipped", "count"),
            Column("mean_s", "Mean time", "seconds"), Column("with_consensus", "Like the consensus", "score"),
            Column("compared", "Compared", "count"), Column("gold", "Known answers", "score"),
            Column("known", "Known", "count"),
        ),
        rows,
    )  # fmt: skip


def _times(report: Json, _: Mapping[str, Any]) -> Table:
    total = sum(row["n"] for row in report["times"])
    return Table(
        "times",
        "Time for one answer",
        "All answers and skips with a time, in classes of seconds: active time where the page measured it (pauses of "
        "more than 30 s and hidden tabs left out), else lead time.",
        "Times come with answers that are given on the labeling page, or with lead_time through the API.",
        (
            Column("from_s", "From", "seconds"), Column("to_s", "To under", "seconds"),
            Column("answers", "Answers", "count"), Column("share", "Share", "share"),
        ),
        [[row["from_s"], row["to_s"], row["n"], row["n"] / total] for row in report["times"]],
    )  # fmt: skip


def _speed(report: Json, _: Mapping[str, Any]) -> Table:
    rows: list[list[Cell]] = []
    for row in report["people"]:
        if row["quartiles_ms"]:
            low, high = row["quartiles_ms"]
            rows.append([row["id"], row["name"], low / MS, row["time"]["median_ms"] / MS, high / MS, row["time"]["n"]])
    return Table(
        "speed",
        "Time for one answer, by person",
        "Median, and first to third quartile: half of a person’s answers took a time within the bar (Hyndman and Fan "
        "1996, definition 7). Lead times are not cut here.",
        "Times come with answers that are given on the labeling page, or with lead_time through the API.",
        (
            Column("person", "Id", "id"), Column("name", "Person"), Column("q1_s", "First quartile", "seconds"),
            Column("median_s", "Median", "seconds"), Column("q3_s", "Third quartile", "seconds"),
            Column("answers", "Timed", "count"),
        ),
        rows,
    )  # fmt: skip


def _cost(report: Json, rate: Mapping[str, Any]) -> Table:
    """The last row, without a person, is that of all together."""
    an_hour = float(rate["hourly_rate"])
    rows: list[list[Cell]] = []
    for row in report["people"]:
        hours = hours_of(row)
        if hours is not None:
            rows.append(_cost_row(row["id"], row["name"], row["items"], row["skipped"], hours, an_hour))
    if rows:
        sums = [fsum(_float(row[n]) for row in rows) for n in (2, 3, 4)]
        rows.append(_cost_row(None, "All", int(sums[0]), int(sums[1]), sums[2], an_hour))
    return Table(
        "cost",
        "Time and cost",
        "Hours: mean time (lead times cut at five medians) × answers and skips, so those without a time count as the "
        "mean. Cost: hours × the hourly rate of the settings. For one: cost / answers, the time of skips included.",
        "Times come with answers that are given on the labeling page, or with lead_time through the API.",
        (
            Column("person", "Id", "id"), Column("name", "Person"), Column("answers", "Answers", "count"),
            Column("skipped", "Skipped", "count"), Column("hours", "Hours", "hours"), Column("cost", "Cost", "money"),
            Column("cost_per_answer", "For one answer", "money"),
        ),
        rows,
    )  # fmt: skip


def hours_of(person: Json) -> float | None:
    """Of a person of a report; None where no time was sent."""
    mean = person["time"]["mean_ms"]
    return None if mean is None else mean * (person["items"] + person["skipped"]) / 3_600_000


def _cost_row(id_: int | None, name: str, items: int, skipped: int, hours: float, an_hour: float) -> list[Cell]:
    cost = hours * an_hour if an_hour else None
    return [id_, name, items, skipped, hours, cost, cost / items if cost is not None and items else None]


def _float(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def costs(report: Json, rate: Mapping[str, Any]) -> Json:
    """
    `{"hourly_rate", "currency", "hours", "cost", "per_answer", "finished", "per_finished", "left"}`: what everything
    has cost; for each task that is agreed or verified; and what the missing answers will at the same mean. None where
    no time or rate is known.
    """
    table = _cost(report, rate)
    said: Json = {name: rate[name] for name in ("hourly_rate", "currency")}
    counts = report["progress"]["tasks"]
    finished = counts.get("agreed", 0) + counts.get("verified", 0)
    said |= {"finished": finished, "hours": None, "cost": None, "per_answer": None, "per_finished": None, "left": None}
    if not table.rows:
        return said
    *_, hours, cost, each = table.rows[-1]
    left = each * report["forecast"]["missing"] if isinstance(each, int | float) else None
    per_finished = cost / finished if isinstance(cost, int | float) and finished else None
    return said | {"hours": hours, "cost": cost, "per_answer": each, "per_finished": per_finished, "left": left}


def _classes(report: Json, _: Mapping[str, Any]) -> Table:
    rows: list[list[Cell]] = []
    for control in report["classes"]:
        given = sum(row["given"] for row in control["labels"])
        final = sum(row["final"] for row in control["labels"])
        for row in control["labels"]:
            rows.append([
                control["control"], row["label"], row["given"], row["given"] / given if given else None,
                row["final"], row["final"] / final if final else None,
            ])  # fmt: skip
    return Table(
        "classes",
        "Class balance",
        "Each label of each answer that counts (every region, every option of several), and of what tasks come to: the "
        "verified answer, else what two people or more merge to (nothing without a majority), else the only answer.",
        "As soon as somebody answers, the labels are counted here.",
        (
            Column("control", "Question"), Column("label", "Label"), Column("given", "In answers", "count"),
            Column("given_share", "Share of answers", "share"), Column("final", "In results", "count"),
            Column("final_share", "Share of results", "share"),
        ),
        rows if any(row[2] for row in rows) else [],
    )  # fmt: skip


MAKERS: Final[dict[str, Make]] = {
    "progress": _progress,
    "forecast": _forecast,
    "states": _states,
    "agreement": _agreement,
    "labels": _labels,
    "confusion": _confusion,
    "pairs": _pairs,
    "people": _people,
    "people-over-time": _people_over_time,
    "times": _times,
    "speed": _speed,
    "cost": _cost,
    "classes": _classes,
}
"""Table by id, in the order of the page and of the archive of all."""


def table(name: str, report: Json, rate: Mapping[str, Any]) -> Table:
    return MAKERS[name](report, rate)


def every(report: Json, rate: Mapping[str, Any]) -> Iterable[Table]:
    """`rate`: the project's settings of the group `cost`."""
    for make in MAKERS.values():
        yield make(report, rate)
