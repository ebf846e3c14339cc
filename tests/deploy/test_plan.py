"""What a plan says of a template: only what will be made, and the rights that will count. Without AWS."""

from __future__ import annotations

from typing import Any

from labelkite.cli_deploy import source_parameters
from labelkite.deploy import plan, template

TEXT = template.to_text(template.build())
GIVEN: dict[str, str | None] = {"Name": "team-a", "CodeKey": "code/1.zip"}
MAIL = "ana@example.org"


def resources(before: plan.Before | None = None, **asked: str | None) -> dict[str, str]:
    """Mark by name."""
    lines = plan._resources(TEXT, {**GIVEN, **asked}, before)
    return {line[2:].partition(" ")[0]: line[0] for line in lines}


def before(**parameters: str) -> plan.Before:
    known: dict[str, Any] = template.build()["Parameters"]
    values = {name: str(said.get("Default", "")) for name, said in known.items()}
    return plan.Before(TEXT, {**values, "Name": "team-a", "CodeKey": "code/1.zip", **parameters})


def test_what_a_condition_turns_off_is_not_in_the_plan() -> None:
    assert not {"Alarms", "Budget"} & resources().keys()
    assert resources()["Table"] == "+"
    mailed = resources(AlarmMail=MAIL)
    assert (mailed["Alarms"], "Budget" in mailed) == ("+", False)
    assert "Budget" not in resources(AlarmMail=MAIL, MonthlyBudgetUsd="0")
    assert "Budget" not in resources(MonthlyBudgetUsd="50")
    assert resources(AlarmMail=MAIL, MonthlyBudgetUsd="50")["Budget"] == "+"
    assert len(mailed) == len(resources()) + 1


def test_what_is_turned_on_or_off_later_comes_or_goes() -> None:
    on = resources(before(), AlarmMail=MAIL)
    assert on["Alarms"] == "+"
    assert on["ApiFails"] == "~"
    assert "Table" not in on
    off = resources(before(AlarmMail=MAIL, MonthlyBudgetUsd="50"), AlarmMail="")
    assert (off["Alarms"], off["Budget"], off["ApiFails"]) == ("-", "-", "~")
    assert resources(before(AlarmMail=MAIL), AlarmMail=None) == {}  # kept as it is


def test_rights_on_buckets_of_one_s_own_are_told_with_their_names() -> None:
    none = plan._rights(*plan._made(TEXT, GIVEN, None))
    assert not any("Source" in line or "if asked" in line for line in none)
    some = plan._rights(*plan._made(TEXT, {**GIVEN, **source_parameters(["s3://photos/2026/"], "eu-central-1")}, None))
    assert len(some) == len(none) + 4
    assert "ApiRole: s3:GetObject, s3:PutObject on arn:aws:s3:::photos/2026/*" in some
    assert "JobsRole: s3:GetBucketLocation, s3:ListBucket on arn:aws:s3:::photos" in some
