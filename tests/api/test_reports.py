"""The report of a project: progress, pace, agreement, who errs on what; with people whose error rates are known."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from chalicelib import assigning, jobs, keys, label_numbers, models, report_days, report_tables, reports, tally
from chalicelib.auth import Caller
from chalicelib.forecast import forecast
from chalicelib.handlers import imports, projects, studio
from chalicelib.handlers import jobs as job_handlers
from chalicelib.handlers import people as people_handlers
from chalicelib.handlers import reports as handlers
from chalicelib.handlers.tasks import pages as task_pages
from chalicelib.http import Answer
from chalicelib.jobs import FINAL
from chalicelib.problems import Refusal
from chalicelib.storage.ports import Put

from tests.api import scoring
from tests.api.inside import Inside, opened
from tests.api.invariants import check
from tests.api.people import BOXES

DAY = 24 * 3600


@pytest.fixture
def inside(folder: Path) -> Iterator[Inside]:
    with opened(folder) as made:
        yield made


def report(inside: Inside, project: int) -> Any:
    """One that is made now."""
    said = handlers.report(inside.world, inside.owner, project, "")
    assert isinstance(said, dict)
    if said["job"]:
        scoring.wait(inside, said["job"])
        said = handlers.report(inside.world, inside.owner, project, "")
        assert isinstance(said, dict)
    return said["report"]


def person(found: Any, name: str) -> Any:
    return next(row for row in found["people"] if row["name"] == name)


def test_the_report_names_who_errs_on_what_and_the_spammer_is_paused(inside: Inside) -> None:
    rules = {"gold_every": 6, "pause_under": 0.3, "pause_after": 8, "then": "requeue"}
    project = scoring.project(inside, 145, gold=25, maximum_annotations=3, quality=rules)
    names = ("Ana", "Ben", "Cem", "Dea", "Spam")
    ana, ben, cem, dea, spam = (inside.person(project, name) for name in names)
    crowd = [
        (ana, scoring.right(0.9, 1)),
        (ben, scoring.swapping("Calm", "Sad", 0.5, 2)),
        (cem, scoring.right(0.95, 3)),
        (dea, scoring.right(0.95, 4)),
        (spam, scoring.always_wrong),
    ]
    scoring.in_turn(inside, project, crowd)
    own = scoring.standing_of(inside, project, spam)
    assert own.paused is not None
    assert own.paused["n"] == 8
    assert all(scoring.standing_of(inside, project, one).paused is None for one in (ana, cem, dea))
    scoring.wait(inside, own.job)
    scoring.in_turn(inside, project, crowd)  # what the spammer had done is asked again

    assert check(inside.world, project) == []
    found = report(inside, project)
    progress = found["progress"]
    assert (progress["annotations"], progress["verified"], progress["total"]) == (360, 25, 145)
    assert found["forecast"]["missing"] == 0
    says = person(found, "Ben")["errs"][0]
    assert says.startswith("Ben mixes up Calm and Sad (mood): says ")
    mixed = person(found, "Ben")["labels"][0]["mixed_up"]
    assert set(mixed["pair"]) == {"Calm", "Sad"}
    assert 0.3 < mixed["errors"] / mixed["of"] < 0.7
    for name in ("Ana", "Cem", "Dea"):
        assert person(found, name)["errs"] == []
        assert person(found, name)["labels"][0]["right"]["value"] > 0.8
    model = person(found, "Ben")["labels"][0]["dawid_skene"]
    glad = model["labels"].index("Glad")
    assert model["confusion"][glad][glad] > 0.95
    calm = model["labels"].index("Calm")
    assert 0.3 < model["confusion"][calm][calm] < 0.7
    by_label = {row["label"]: row["value"] for row in found["agreement"][0]["labels"]}
    assert by_label["Glad"] > max(by_label["Calm"], by_label["Sad"])
    top = next(row for row in found["agreement"][0]["confusion"] if row["a"] != row["b"])
    assert {top["a"], top["b"]} == {"Calm", "Sad"}
    assert person(found, "Spam")["discarded"] == "requeue"
    assert person(found, "Spam")["with_others"]["value"] is None, "discarded work is compared with nobody"


def test_regions_are_compared_too(inside: Inside) -> None:
    """Two boxes a task; Ben calls every tree a car, Cem leaves the trees out."""
    project = inside.project(0, label_config=BOXES, maximum_annotations=3)
    lines = "\n".join(f"https://example.org/{n}.png" for n in range(1, 9))
    imports.load(inside.world, inside.owner, project, f"image\n{lines}".encode(), "text/csv")
    kinds = {"Ana": ("Car", "Tree"), "Ben": ("Car", "Car"), "Cem": ("Car",), "Dea": ("Car", "Tree")}
    scoring.change(inside, project, maximum_annotations=4)
    for name, labels in kinds.items():
        one = inside.person(project, name)
        while (envelope := inside.next(one, project)) is not None:
            inside.submit(one, envelope, result=[box(n, label) for n, label in enumerate(labels)])
    found = report(inside, project)
    (control,) = found["agreement"]
    assert control["coefficients"] is None
    assert control["reason"]
    assert {row["label"]: row["value"] for row in control["labels"]}["Car"] > 0.5
    says = {name: person(found, name)["errs"] for name in kinds}
    assert says["Ana"] == says["Dea"] == []
    assert says["Ben"] == [
        "Ben mixes up Car and Tree (box): says Car where Tree is right in 8 of 8 answers (100 %), "
        "judged by the merged answers."
    ]
    assert says["Cem"] == [
        "Cem is unsure about Tree (box): leaves Tree out in 8 of 8 answers (100 %), judged by the merged answers."
    ]


def box(n: int, label: str) -> dict[str, Any]:
    shape = {"x": 10 + 40 * n, "y": 10, "width": 20, "height": 20, "rotation": 0}
    picture = {"original_width": 100, "original_height": 100, "image_rotation": 0}
    value = {**shape, "rectanglelabels": [label]}
    named = {"id": f"b{n}", "from_name": "box", "to_name": "img", "type": "rectanglelabels", "origin": "manual"}
    return {**named, **picture, "value": value}


def test_a_person_is_judged_by_known_answers_when_there_are_enough(inside: Inside) -> None:
    project = scoring.project(inside, 40, gold=36, quality={"gold_every": 1})
    ben = inside.person(project, "Ben")
    scoring.go(inside, project, ben, scoring.swapping("Calm", "Sad", 1.0, 1))
    found = person(report(inside, project), "Ben")["labels"][0]
    assert found["judged_by"] == "tasks with a known answer"
    assert found["says"] == (
        "Ben mixes up Calm and Sad (mood): says Sad where Calm is right in 12 of 12 answers (100 %); "
        "says Calm where Sad is right in 12 of 12 answers (100 %), judged by tasks with a known answer."
    )
    assert found["right"] == {"value": pytest.approx(1 / 3), "n": 36}


def test_coefficients_of_two_people_are_the_published_ones(inside: Inside) -> None:
    """Cohen (1960), table 2: 200 subjects, kappa .492."""
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    units = [(1, i, 2, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    votes = label_numbers.shared_votes(units, scoring.LABELS)
    found = label_numbers.coefficients(votes, "nominal")
    assert round(found["cohen"]["value"], 3) == 0.492
    assert found["percent"] == {"value": pytest.approx(0.7), "n": 200}
    assert found["krippendorff"]["level"] == "nominal"
    alone = label_numbers.shared_votes([(1, 0), (2, 1)], scoring.LABELS)
    for row in label_numbers.coefficients(alone, "nominal").values():
        assert row["value"] is None
        assert row["n"] == 0
        assert row["reason"]
    del inside


def test_ratings_are_compared_on_their_scale() -> None:
    """Krippendorff (2011), section E: ordinal 0.815."""
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
    units = [[x for p, row in enumerate(rows) if row[n] for x in (p, row[n] - 1)] for n in range(12)]
    votes = label_numbers.shared_votes(units, ["1", "2", "3", "4", "5"])
    found = label_numbers.coefficients(votes, "ordinal")["krippendorff"]
    assert (round(found["value"], 3), found["level"]) == (0.815, "ordinal")


def test_label_agreement_and_confusion_by_hand() -> None:
    units = [(1, 0, 2, 0), (1, 0, 2, 1), (1, 1, 2, 1), (1, 0, 2, 0, 3, 1)]
    votes = label_numbers.shared_votes(units, ["Calm", "Sad", "Glad"])
    from labeling.consensus.reliability import label_pairs

    pairs = label_pairs(votes)
    assert pairs == {("Calm", "Calm"): 2, ("Calm", "Sad"): 3, ("Sad", "Sad"): 1}
    rows = {row["label"]: (row["value"], row["n"]) for row in label_numbers.by_label(pairs, votes.labels)}
    assert rows == {"Calm": (4 / 7, 5), "Sad": (2 / 5, 4), "Glad": (None, 0)}


@pytest.mark.parametrize(
    ("missing", "days", "wanted"),
    [
        pytest.param(0, {}, {"days": 0, "date": "2026-11-22"}, id="done"),
        # a mean of 5 a day, s = 13.229, off by 1.44 s / √7 = 7.2: at most 12.2 a day, and maybe none at all
        pytest.param(
            70,
            {"2026-11-21": 35, "2026-11-01": 999},
            {"days": 14.0, "date": "2026-12-06", "early": "2026-11-28", "late": None},
            id="seven days, not those before",
        ),
        # 8, 10, 12: s = 2, off by 1.886 · 2 / √3 = 2.178: 7.82 to 12.18 a day
        pytest.param(
            100,
            {"2026-11-19": 8, "2026-11-20": 10, "2026-11-21": 12, "2026-11-22": 500},
            {"days": 10.0, "date": "2026-12-02", "early": "2026-12-01", "late": "2026-12-05"},
            id="three days, and today is not over",
        ),
        pytest.param(
            30,
            {"2026-11-19": 10, "2026-11-20": 10, "2026-11-21": 10},
            {"days": 3.0, "date": "2026-11-25", "early": "2026-11-25", "late": "2026-11-25"},
            id="always the same",
        ),
        pytest.param(10, {"2026-11-22": 10, "2026-11-21": 10}, {"days": None, "date": None}, id="too little to tell"),
        pytest.param(10, {"2026-11-22": 10}, {"days": None, "date": None, "over_days": 0}, id="today alone"),
        pytest.param(10, {"2026-11-01": 10}, {"days": None, "date": None}, id="nobody works any more"),
    ],
)
def test_the_forecast_is_what_is_missing_over_the_pace_of_the_last_days(
    missing: int, days: dict[str, int], wanted: dict[str, Any]
) -> None:
    counts = {day: {"labels": n} for day, n in days.items()}
    found = forecast(missing, counts, "2026-11-22")
    assert {name: found[name] for name in wanted} == wanted
    assert "missing / pace" in found["formula"]
    assert (found["date"] is None) == ("reason" in found)


def test_progress_throughput_and_forecast_follow_the_work(inside: Inside) -> None:
    project = scoring.project(inside, 40, maximum_annotations=2)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    scoring.go(inside, project, ana, lambda label: label, most=10)
    inside.clock.now += DAY
    scoring.go(inside, project, ben, lambda label: label, most=20)
    inside.clock.now += 2 * DAY
    found = report(inside, project)
    assert found["progress"]["tasks"] == {"new": 20, "working": 10, "agreed": 10}
    assert [(day["items"], day["people"]) for day in found["throughput"]] == [(10, 1), (20, 1)]
    said = found["forecast"]
    assert (said["missing"], said["pace_per_day"], said["over_days"]) == (50, {"value": 10.0, "n": 30}, 3)
    assert (date.fromisoformat(said["date"]) - date.fromisoformat(inside.clock.day)).days == 5
    assert said["late"] is None, "10, 20, 0 a day may also mean that nobody comes any more"


def test_the_newest_report_is_given_and_a_new_one_begun_when_something_changed(inside: Inside) -> None:
    project = scoring.project(inside, 5)
    ana = inside.person(project)
    first = handlers.report(inside.world, inside.owner, project, "")
    assert isinstance(first, dict)
    assert first["report"] is None
    scoring.wait(inside, first["job"])
    ready = handlers.report(inside.world, inside.owner, project, "")
    assert isinstance(ready, dict)
    assert ready["report"]["progress"]["total"] == 5
    assert ready["job"] is None
    scoring.go(inside, project, ana, lambda label: label, most=2)
    soon = handlers.report(inside.world, inside.owner, project, "")
    assert isinstance(soon, dict)
    assert soon["job"] is None, "not before a minute"
    inside.clock.now += 61
    later = handlers.report(inside.world, inside.owner, project, "")
    assert isinstance(later, dict)
    assert later["made_at"] == ready["made_at"]
    again = handlers.report(inside.world, inside.owner, project, "")
    assert isinstance(again, dict)
    record = inside.world.records.get(*keys.job(later["job"]))
    assert record is not None
    assert again["job"] == later["job"] or record.body["state"] in FINAL
    scoring.wait(inside, later["job"])
    newest = report(inside, project)
    assert newest["progress"]["annotations"] == 2
    inside.clock.now += 61
    still = handlers.report(inside.world, inside.owner, project, "")
    assert isinstance(still, dict)
    assert still["job"] is None, "nothing has changed"
    left, _ = inside.world.objects.list(f"reports/{project}/")
    kept = f"reports/{project}/tallies/"
    job = inside.world.records.get(*keys.report(project))
    assert job is not None
    assert [info.key for info in left] == [job.body["object"], f"{kept}000000-{later['job']}.json", job.body["tallies"]]


def test_stretches_add_up_to_the_whole_in_any_cut(inside: Inside) -> None:
    project = scoring.project(inside, 30, gold=4, maximum_annotations=2, quality={"gold_every": 4})
    people = [inside.person(project, name) for name in ("Ana", "Ben", "Cem")]
    answers = [scoring.right(0.8, n) for n in range(3)]
    scoring.in_turn(inside, project, list(zip(people, answers, strict=True)))
    from chalicelib import configs
    from chalicelib.handlers import tasks

    record = inside.world.records.get(*keys.project(project))
    assert record is not None
    config = configs.load(inside.world, project, 1)
    ids = [task["id"] for page in tasks.pages(inside.world, project) for task, _ in page]
    whole = tally.of_tasks(inside.world, record.body, config, ids).body()
    parts = [tally.of_tasks(inside.world, record.body, config, ids[n : n + 7]).body() for n in range(0, 30, 7)]
    assert plain(tally.added(parts).body()) == plain(whole)
    assert whole["units"]["mood"]


def plain(body: dict[str, Any]) -> dict[str, Any]:
    """With names of labels instead of their numbers, which depend on who is read first."""
    names = {control: list(numbers) for control, numbers in body["labels"].items()}
    units = {
        control: sorted(
            sorted((p, names[control][x]) for p, x in zip(unit[0::2], unit[1::2], strict=True)) for unit in rows
        )
        for control, rows in body["units"].items()
    }
    known = {
        control: {
            person: {tuple(names[control][int(x)] for x in key.split(",")): n for key, n in counts.items()}
            for person, counts in people.items()
        }
        for control, people in body["known"].items()
    }
    times = {name: {person: sorted(of) for person, of in body[name].items()} for name in ("active", "lead")}
    labels = {control: sorted(numbers) for control, numbers in body["labels"].items()}
    return {**body, "labels": labels, "units": units, "known": known, **times}


def test_the_tables_come_as_csv(inside: Inside) -> None:
    project = scoring.project(inside, 6, maximum_annotations=2)
    ana, ben = inside.person(project, "=Ana"), inside.person(project, "Ben, B.")
    scoring.in_turn(inside, project, [(ana, lambda label: label), (ben, lambda _: "Calm")])
    with pytest.raises(Refusal) as refused:
        handlers.report(inside.world, inside.owner, project, "people")
    assert refused.value.problems[0]["code"] == "no-report"
    report(inside, project)
    tables = {}
    for name in ("people", "confusion"):
        answer = handlers.report(inside.world, inside.owner, project, name)
        assert isinstance(answer, Answer)
        assert answer.headers["Content-Type"].startswith("text/csv")
        tables[name] = list(csv.DictReader(io.StringIO(answer.body)))
    assert [(row["name"], row["items"], row["with_others"]) for row in tables["people"]] == [
        ("'=Ana", "6", str(2 / 6)),
        ("Ben, B.", "6", str(2 / 6)),
    ]
    both = {(row["right"], row["said"]): row["n"] for row in tables["confusion"] if not row["person"]}
    assert both == {("Calm", "Calm"): "2", ("Calm", "Sad"): "2", ("Calm", "Glad"): "2"}
    with pytest.raises(Refusal) as refused:
        handlers.report(inside.world, inside.owner, project, "everything")
    assert refused.value.problems[0]["code"] == "bad-parameter"


def test_people_without_the_right_do_not_see_the_report(inside: Inside) -> None:
    project = scoring.project(inside, 1)
    ana = inside.person(project)
    with pytest.raises(Refusal) as refused:
        handlers.report(inside.world, ana, project, "")
    assert refused.value.status == 403


def with_tables(inside: Inside, project: int, who: Caller | None = None) -> Any:
    """The tables by id as lists of rows by column name, and what the work has cost."""
    report(inside, project)
    said = handlers.report(inside.world, who or inside.owner, project, "", "yes")
    assert isinstance(said, dict)
    tables = {}
    for one in said["tables"]:
        names = [column["name"] for column in one["columns"]]
        assert all(len(row) == len(names) for row in one["rows"]), one["id"]
        assert one["how"], one["id"]
        tables[one["id"]] = [dict(zip(names, row, strict=True)) for row in one["rows"]]
    return tables, said["cost"]


def told(inside: Inside, project: int, person: Caller, said: Mapping[int, str], *, ms: int) -> None:
    """The person answers every task they get by its number."""
    while (envelope := inside.next(person, project)) is not None:
        inside.submit(person, envelope, said[scoring.number_of(envelope)], active_ms=ms)


def test_every_table_of_a_small_project_is_as_counted_by_hand(inside: Inside) -> None:
    """Four texts, two people: they agree on 1 (Calm) and 2 (Sad), differ on 3 and 4; a day apart."""
    project = scoring.project(inside, 4, maximum_annotations=2, cost={"hourly_rate": 36.0, "currency": "EUR"})
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    first = inside.clock.day
    told(inside, project, ana, {1: "Calm", 2: "Sad", 3: "Calm", 4: "Calm"}, ms=10_000)
    inside.clock.now += DAY
    told(inside, project, ben, {1: "Calm", 2: "Sad", 3: "Sad", 4: "Sad"}, ms=20_000)
    tables, cost = with_tables(inside, project)
    assert [(row["day"], row["answers"], row["so_far"]) for row in tables["progress"]] == [
        (first, 4, 4),
        (inside.clock.day, 4, 8),
    ]
    assert {row["state"]: (row["tasks"], row["share"]) for row in tables["states"]} == {
        "Agreed": (2, 0.5),
        "Disagrees": (2, 0.5),
    }
    (pair,) = tables["pairs"]
    assert (pair["name_a"], pair["name_b"], pair["agreement"], pair["comparisons"]) == ("Ana", "Ben", 0.5, 4)
    # they agree on 2 of 4; by chance on 3/4 · 1/4 + 1/4 · 3/4 = 6/16: kappa = (8 - 6) / (16 - 6)
    assert pair["kappa_mood"] == pytest.approx(0.2)
    (agreed,) = tables["agreement"]
    assert (agreed["agreement"], agreed["percent"], agreed["cohen"]) == (0.5, 0.5, pytest.approx(0.2))
    both = {(row["right"], row["said"]): row["n"] for row in tables["confusion"] if row["person"] is None}
    assert both == {("Calm", "Calm"): 1, ("Sad", "Sad"): 1, ("Calm", "Sad"): 2}
    # Calm: 2 · 1 / (2 · 1 + 2)
    assert {row["label"]: (row["agreement"], row["pairs"]) for row in tables["labels"]} == {
        "Calm": (0.5, 3),
        "Sad": (0.5, 3),
    }
    days = {(row["name"], row["from"]): row for row in tables["people-over-time"]}
    assert set(days) == {("Ana", first), ("Ben", inside.clock.day)}
    assert (days["Ana", first]["answers"], days["Ana", first]["mean_s"]) == (4, 10.0)
    # 3 and 4 have no majority, so nothing to be like
    assert [(row["with_consensus"], row["compared"]) for row in days.values()] == [(1.0, 2), (1.0, 2)]
    assert [(row["from_s"], row["to_s"], row["answers"]) for row in tables["times"]] == [(10, 20, 4), (20, 30, 4)]
    assert [(row["name"], row["q1_s"], row["median_s"], row["q3_s"]) for row in tables["speed"]] == [
        ("Ana", 10.0, 10.0, 10.0),
        ("Ben", 20.0, 20.0, 20.0),
    ]
    # 36 an hour is 1 in 100 seconds: Ana 40 s, Ben 80 s
    assert {row["name"]: (row["hours"], row["cost"], row["cost_per_answer"]) for row in tables["cost"]} == {
        "Ana": (pytest.approx(40 / 3600), pytest.approx(0.4), pytest.approx(0.1)),
        "Ben": (pytest.approx(80 / 3600), pytest.approx(0.8), pytest.approx(0.2)),
        "All": (pytest.approx(120 / 3600), pytest.approx(1.2), pytest.approx(0.15)),
    }
    assert (cost["finished"], cost["per_finished"], cost["left"]) == (2, pytest.approx(0.6), 0)
    assert {row["label"]: (row["given"], row["final"]) for row in tables["classes"]} == {
        "Calm": (4, 1),
        "Sad": (4, 1),
        "Glad": (0, 0),
    }


def test_what_people_are_paid_is_shown_to_managers_alone(inside: Inside) -> None:
    project = scoring.project(inside, 1, cost={"hourly_rate": 36.0, "currency": "EUR"})
    told(inside, project, inside.person(project), {1: "Calm"}, ms=100_000)
    viewer = inside.person(project, "Vera")
    change = models.read("ChangePerson", {"role": "viewer"})
    people_handlers.change(inside.world, inside.owner, project, viewer.person, change)
    assert with_tables(inside, project)[1]["cost"] == pytest.approx(1.0)
    tables, cost = with_tables(inside, project, viewer)
    assert (cost["cost"], cost["hourly_rate"]) == (None, 0.0)
    assert cost["hours"] == pytest.approx(100 / 3600)
    assert {row["cost"] for row in tables["cost"]} == {None}
    assert projects.one(inside.world, viewer, project)["cost"] == {"hourly_rate": 0.0, "currency": ""}
    assert projects.one(inside.world, inside.owner, project)["cost"]["hourly_rate"] == 36.0


def test_a_new_report_reads_only_what_changed_since_the_last(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches of two rows of the list; each import of one task makes a row of its own."""
    monkeypatch.setattr(reports, "CHUNKS", 2)
    project = scoring.project(inside, 0)
    for n in range(1, 8):
        imports.load(inside.world, inside.owner, project, f"Text number {n}".encode(), "text/plain")
    ana = inside.person(project)
    scoring.go(inside, project, ana, lambda label: label, most=1)
    assert read_anew(inside, project) == 7
    inside.clock.now += 61
    scoring.go(inside, project, ana, lambda label: label, most=1)  # task 2: of the first stretch
    assert read_anew(inside, project) == 3, "the stretch of tasks 1 and 2, and the last, which may have grown"
    inside.clock.now += 61
    imports.load(inside.world, inside.owner, project, b"Text number 8\nText number 9", "text/plain")
    scoring.go(inside, project, ana, lambda label: label)
    found = report(inside, project)
    assert found["progress"]["tasks"] == {"agreed": 9}
    assert [row["given"] for row in found["classes"][0]["labels"]] == [3, 3, 3]
    gone = next(task["id"] for page in task_pages(inside.world, project) for task, _ in page)
    studio.remove_task(inside.world, inside.owner, gone)
    inside.clock.now += 61
    assert report(inside, project)["progress"]["tasks"] == {"agreed": 8}, "a task that was deleted counts no more"
    scoring.change(inside, project, agreement_threshold=0.9)
    inside.clock.now += 61
    assert read_anew(inside, project) == 9, "other rules, other tallies: all is read"


def read_anew(inside: Inside, project: int) -> int:
    """Rows that the job of the next report reads."""
    said = handlers.report(inside.world, inside.owner, project, "")
    assert isinstance(said, dict)
    return int(scoring.wait(inside, said["job"])["progress"]["done"])


def test_kept_tallies_say_what_all_tasks_say_after_any_change(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "CHUNKS", 1)
    project = scoring.project(inside, 0, maximum_annotations=2)
    for n in range(4):
        imports.load(inside.world, inside.owner, project, f"Text {2 * n}\nText {2 * n + 1}".encode(), "text/plain")
    ids = [task["id"] for page in task_pages(inside.world, project) for task, _ in page]
    ana, bo = inside.person(project, "Ana"), inside.person(project, "Bo")
    compared(inside, project)

    scoring.go(inside, project, ana, lambda label: label, most=2)
    compared(inside, project)
    scoring.go(inside, project, bo, lambda _: scoring.LABELS[1], most=2)
    compared(inside, project)
    row = inside.world.records.get(*keys.project(project))
    assert row is not None
    before = compared(inside, project)["forecast"]["missing"]
    for task in ids[2:6]:
        assert assigning.assign(inside.world, row.body, task, [ana.person])
    assert compared(inside, project)["forecast"]["missing"] == before - 4, "one answer less for each of them"
    studio.remove_task(inside.world, inside.owner, ids[0])
    compared(inside, project)
    imports.load(inside.world, inside.owner, project, b"One more", "text/plain")
    compared(inside, project)


def compared(inside: Inside, project: int) -> Any:
    """The newest report, which one from nothing says too."""
    inside.clock.now += reports.OLD_S + 1
    kept = report(inside, project)
    record = inside.world.records.get(*keys.report(project))
    assert record is not None
    assert record.body["tallies"]
    body = {name: value for name, value in record.body.items() if name != "tallies"}
    inside.world.records.transact([Put(record.pk, record.sk, body, expect=record.version)])
    inside.clock.now += reports.OLD_S + 1
    anew = report(inside, project)
    assert kept.keys() == anew.keys()
    assert kept["forecast"]["missing"] == anew["forecast"]["missing"]
    for name in kept.keys() - {"made_at", "forecast"}:
        assert kept[name] == anew[name], name
    return anew


def test_two_readers_at_the_same_moment_begin_one_job(inside: Inside) -> None:
    project = scoring.project(inside, 3)
    place, row = keys.report(project), {"begun_at": 0.0, "stamp": ""}
    one, other = (jobs.begun_once(inside.world, "report", project, place, None, row, unit="tasks") for _ in range(2))
    assert one["job"] == other["job"]
    inside.finish_jobs(project)
    begun = [job for job in job_handlers.listed(inside.world, inside.owner, project)["jobs"] if job["kind"] == "report"]
    assert [job["id"] for job in begun] == [one["job"]]


def test_a_report_whose_tallies_were_cleared_away_is_made_from_all_tasks(inside: Inside) -> None:
    project = scoring.project(inside, 3)
    scoring.go(inside, project, inside.person(project), lambda label: label)
    report(inside, project)
    left, _ = inside.world.objects.list(f"reports/{project}/tallies/")
    for info in left:
        inside.world.objects.delete(info.key)
    scoring.change(inside, project, title="Another name")
    inside.clock.now += 61
    assert report(inside, project)["progress"]["tasks"] == {"agreed": 3}


def test_a_project_of_months_is_told_in_weeks() -> None:
    days: report_days.Days = {
        (7, "2026-10-05"): Counter(n=1, timed=1, time_ms=1000),  # a Monday
        (7, "2026-10-11"): Counter(n=2, skipped=1),
        (7, "2026-10-12"): Counter(n=4),
        (7, "2026-06-01"): Counter(n=99),
    }
    whole = tally.Tally(days={"7": {"2026-10-05": [1, 500_000], "2026-10-11": [1, 1_000_000], "2020-01-01": [9, 0]}})
    found = report_days.of_people(days, whole, "2026-11-22")
    assert found["step"] == "week"
    assert [(row["from"], row["items"], row["skipped"], row["with_consensus"]["value"]) for row in found["rows"]] == [
        ("2026-10-05", 3, 1, 0.75),
        ("2026-10-12", 4, 0, None),
    ]


def test_quartiles_lie_between_the_nearest_values() -> None:
    """Hyndman and Fan's definition 7, as R's quantile() has it for 1, 2, 3, 4: 1.75 and 3.25."""
    assert report_days.quartiles([4, 1, 3, 2]) == (1.75, 3.25)
    assert report_days.quartiles([5]) == (5, 5)
    assert report_days.quartiles([]) is None


def test_all_tables_come_in_one_archive_that_says_what_they_are(inside: Inside) -> None:
    project = scoring.project(inside, 3, maximum_annotations=2)
    ana, ben = inside.person(project, "Ana"), inside.person(project, "Ben")
    scoring.in_turn(inside, project, [(ana, lambda label: label), (ben, lambda _: "Calm")])
    report(inside, project)
    answer = handlers.report(inside.world, inside.owner, project, "all")
    assert isinstance(answer, Answer)
    assert answer.stream is not None
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.stream))) as archive:
        files = {name: list(csv.DictReader(io.StringIO(archive.read(name).decode()))) for name in archive.namelist()}
    about = files.pop("tables.csv")
    assert [row["file"] for row in about] == list(files)
    assert all(row["how it is computed"] for row in about)
    assert {name.removesuffix(".csv") for name in files} == set(report_tables.MAKERS)
    assert [row["name"] for row in files["people.csv"]] == ["Ana", "Ben"]
