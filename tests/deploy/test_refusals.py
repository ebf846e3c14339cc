"""What AWS says, told with the way out; without AWS."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from labelkite.cli_deploy import check
from labelkite.deploy import refusals
from labelkite.deploy.account import Account, DeployFailed


def said(code: str, message: str = "said") -> tuple[str, str]:
    found = refusals.explain(ClientError({"Error": {"Code": code, "Message": message}}, "CreateStack"), "team-a")
    assert found is not None
    return str(found), found.hint


@pytest.mark.parametrize(
    ("code", "what", "hint"),
    [
        ("ExpiredToken", "Your sign-in at AWS has ended.", "Sign in again"),
        ("RequestExpired", "Your sign-in at AWS has ended.", "Sign in again"),
        ("UnrecognizedClientException", "AWS does not know this access key", "region is not switched on"),
        ("SignatureDoesNotMatch", "The secret does not belong to this access key", "AWS_SESSION_TOKEN"),
        ("RequestTimeTooSkewed", "The clock of this machine is wrong.", "Set it"),
        ("Throttling", "AWS has too much to do", "Wait"),
        ("LimitExceededException", "A limit of the account is reached: said", "Service Quotas"),
        ("SomethingNew", "AWS said no to CreateStack: SomethingNew: said", "docs/deploy-aws.md"),
    ],
)
def test_each_refusal_names_its_way_out(code: str, what: str, hint: str) -> None:
    told = said(code)
    assert told[0].startswith(what)
    assert hint in told[1]


def test_a_missing_right_is_told_by_its_name() -> None:
    message = (
        "User: arn:aws:iam::1:user/ana is not authorized to perform: dynamodb:CreateTable on resource: "
        "arn:aws:dynamodb:eu-central-1:1:table/labelkite-team-a-x because no identity-based policy allows it"
    )
    what, hint = said("AccessDeniedException", message)
    assert what == (
        "A right is missing: dynamodb:CreateTable on arn:aws:dynamodb:eu-central-1:1:table/labelkite-team-a-x."
    )
    assert "`labelkite deploy --name team-a --policy`" in hint
    assert (
        "Something forbids it" in said("AccessDenied", f"{message} with an explicit deny in a resource-based policy")[1]
    )
    assert said("AccessDenied", "Access Denied")[0] == "A right is missing: AWS refused CreateStack (Access Denied)."
    assert refusals.denied("Resource already exists", "team-a") is None


def test_a_region_that_is_none_is_guessed() -> None:
    error = EndpointConnectionError(endpoint_url="https://cloudformation.eu-centrl-1.amazonaws.com/")
    found = refusals.explain(error, "team-a", "eu-centrl-1")
    assert found is not None
    assert "did you mean eu-central-1?" in found.hint
    known = refusals.explain(error, "team-a", "eu-central-1")
    assert known is not None
    assert "did you mean" not in known.hint


def test_our_own_mistakes_are_not_hidden() -> None:
    assert refusals.explain(KeyError("Url"), "team-a") is None


def test_the_region_comes_from_the_option_then_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(DeployFailed, match="No region is given"):
        Account()
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert Account().region == "eu-west-1"
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    assert Account().region == "eu-central-1"
    assert Account("us-east-2").region == "us-east-2"


@pytest.mark.parametrize(
    ("given", "what", "hint"),
    [
        ({"LogDays": "12"}, "--log-days 12 is not possible.", "1, 3, 7, 14, 30"),
        ({"MonthlyBudgetUsd": "lots"}, "--budget lots is no number.", "--budget 50"),
        ({"CertificateArn": "arn:aws:acm:eu-central-1:123456789012:certificate/x"}, "is no certificate", "us-east-1"),
        ({"AlarmMail": "ana"}, "--mail ana is no mail address.", "ana@example.org"),
    ],
)
def test_an_option_that_the_template_does_not_take_is_said_at_once(given: dict[str, str], what: str, hint: str) -> None:
    with pytest.raises(DeployFailed) as failed:
        check(given)
    assert what in str(failed.value)
    assert hint in failed.value.hint
    check({"AlarmMail": "", "CertificateArn": "", "Domain": ""})  # as it was without
    check({"LogDays": "14", "MonthlyBudgetUsd": "49.5", "AlarmMail": "a@example.org"})
