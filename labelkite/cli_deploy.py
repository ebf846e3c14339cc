"""`labelkite deploy`, `status`, `logs` and `destroy`: Labelkite on an AWS account of one's own."""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from labelkite.locations import NotBuilt

NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
#: Option, parameter of the template, what it means.
OPTIONS = (
    ("domain", "Domain", "a name of one's own for the site; needs --certificate"),
    ("certificate", "CertificateArn", "ARN of that name's certificate: ACM, in us-east-1"),
    ("public-url", "PublicUrl", "where people reach the site, if something of yours stands before CloudFront"),
    ("mail", "AlarmMail", "who is written to when something is wrong"),
    ("budget", "MonthlyBudgetUsd", "USD a month at 80 %% of which mail is sent; needs --mail"),
    ("log-days", "LogDays", "how long logs are kept (default 30)"),
    ("oidc-issuer", "OidcIssuer", "OpenID Connect provider to sign in with"),
    (
        "oidc-client-id",
        "OidcClientId",
        "of this site at the provider; its secret comes by LABELKITE_OIDC_CLIENT_SECRET",
    ),
    ("oidc-domains", "OidcDomains", "domains of mail addresses that may sign in, with commas"),
    ("oidc-name", "OidcName", "of the provider, on the button"),
)


def add_commands(subparsers: Any) -> None:
    deploy = _command(subparsers, "deploy", "put Labelkite on an AWS account, or bring it up to date", run_deploy)
    deploy.add_argument(
        "--arch", choices=("arm64", "x86_64"), help="processor of the functions (default arm64, cheaper)"
    )
    for name, _, meaning in OPTIONS:
        deploy.add_argument(f"--{name}", metavar="X", help=meaning)
    deploy.add_argument(
        "--source", action="append", metavar="S3",
        help="s3://bucket or s3://bucket/prefix/ of yours that projects may take as data; can be repeated",
    )  # fmt: skip
    deploy.add_argument("--wheels", type=Path, metavar="DIR", help="take the wheels for Lambda from here")
    deploy.add_argument("--plan", action="store_true", help="show what would be done, and stop")
    deploy.add_argument(
        "--policy", action="store_true",
        help="print the rights that whoever deploys needs (an IAM policy), and stop; asks AWS nothing",
    )  # fmt: skip
    deploy.add_argument("--yes", action="store_true", help="do not ask")
    status = _command(subparsers, "status", "show how a deployment on AWS is", run_status)
    status.add_argument("--owner-link", action="store_true", help="also make a new link for the owner")
    status.add_argument("--token", action="store_true", help="also make a new API token with an owner's rights")
    logs = _command(subparsers, "logs", "show what a deployment's functions have logged", run_logs)
    logs.add_argument("part", nargs="*", metavar="PART", help="api, jobs, tick, gateway (default: the first three)")
    logs.add_argument("--since", default="1h", metavar="SPAN", help="such as 15m, 2h, 3d (default 1h)")
    logs.add_argument("--follow", action="store_true", help="go on until it is stopped")
    _command(subparsers, "doctor", "check a deployment on AWS and say what is missing", run_doctor)
    destroy = _command(subparsers, "destroy", "remove a deployment from AWS", run_destroy)
    what = destroy.add_mutually_exclusive_group()
    what.add_argument("--keep-data", action="store_true", help="leave the table and the bucket with people's files")
    what.add_argument("--delete-data", action="store_true", help="delete them too, for good")
    destroy.add_argument("--yes", action="store_true", help="do not ask")


def _command(subparsers: Any, name: str, what: str, run: Any) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = subparsers.add_parser(
        name, help=what, description=f"{what[0].upper()}{what[1:]}."
    )
    command.add_argument(
        "--name", required=True, help="tells deployments of one account apart: small letters, digits, -"
    )
    command.add_argument(
        "--region", default="", help="AWS region (default: AWS_REGION, AWS_DEFAULT_REGION or the profile's)"
    )
    command.set_defaults(run=lambda arguments: _told(run, arguments))
    return command


def _told(run: Any, arguments: argparse.Namespace) -> int:
    """Run a command; say in plain words why it cannot go on."""
    from labelkite.deploy import refusals
    from labelkite.deploy.account import DeployFailed
    from labelkite.deploy.package import PackageFailed

    try:
        if not NAME.fullmatch(arguments.name):
            raise DeployFailed(
                f"{arguments.name!r} is no name for a deployment.",
                "Take 1 to 20 small letters, digits and hyphens, the first a letter: --name team-a",
            )
        run(arguments)
    except (DeployFailed, PackageFailed, NotBuilt) as failed:
        sys.stderr.write(f"{failed}\n{failed.hint}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. What AWS has begun it goes on with; see labelkite status.\n")
        return 130
    except Exception as error:
        told = refusals.explain(error, arguments.name, arguments.region)
        if told is None:
            raise
        sys.stderr.write(f"{told}\n{told.hint}\n")
        return 1
    return 0


def run_deploy(arguments: argparse.Namespace) -> None:
    from labelkite.deploy import package, plan
    from labelkite.deploy.account import Account
    from labelkite.deploy.act import Deployment

    if arguments.policy:
        _say(policy_of(arguments))
        return
    account = Account(arguments.region)
    asked = parameters_of(arguments, account.region)
    _say(f"Account {account.id}, region {account.region}.")  # who cannot sign in hears it before anything is packed
    _say(f"Packing for {package.runtime()} ...")
    with tempfile.TemporaryDirectory(prefix="labelkite-") as folder:
        zipped = package.build(
            Path(folder) / "code.zip",
            arguments.arch or architecture_of(account, arguments.name),
            wheels=arguments.wheels,
        )
        planned = plan.make(account, arguments.name, zipped, asked)
        for line in planned.lines():
            _say(line)
        if arguments.plan:
            return
        if not arguments.yes and not _agreed(f"\nDeploy {arguments.name}? [y/N] "):
            _say("Nothing was done.")
            return
        _say("")
        deployment = Deployment(account, planned, _say)
        state = deployment.perform()
    _say(
        f"\nLabelkite runs at {state.outputs['Url']}\n\n"
        f"  Owner's link      {deployment.owner_link}\n"
        "                    (makes whoever opens it an owner: keep it to yourself)\n"
    )
    if arguments.domain:
        _say(f"  Let {arguments.domain} point to {state.outputs['DistributionDomain']} (CNAME or alias).\n")


def run_status(arguments: argparse.Namespace) -> None:
    from labelkite.deploy import act, look
    from labelkite.deploy.account import Account

    account = Account(arguments.region)
    for line in look.status(account, arguments.name):
        _say(line)
    if arguments.owner_link:
        _say(f"{'Owner':<16}{act.owner_link(account, look.state_of(account, arguments.name))}")
    if arguments.token:
        _say(f"{'Token':<16}{act.api_token(account, look.state_of(account, arguments.name))}")


def run_logs(arguments: argparse.Namespace) -> None:
    from labelkite.deploy import look
    from labelkite.deploy.account import Account, DeployFailed

    parts = tuple(part for part in look.PARTS if part in arguments.part) or look.PARTS[:3]
    unknown = sorted(set(arguments.part) - set(look.PARTS))
    if unknown:
        raise DeployFailed(f"There is no part {unknown[0]}.", f"There are {', '.join(look.PARTS)}.")
    account, start = Account(arguments.region), look.since_ms(arguments.since)
    look.logs(account, arguments.name, parts, start, _say, follow=arguments.follow)


def run_doctor(arguments: argparse.Namespace) -> None:
    from labelkite.deploy import doctor
    from labelkite.deploy.account import Account, DeployFailed

    wrong = 0
    for finding in doctor.examine(Account(arguments.region), arguments.name):
        _say(f"{'ok     ' if finding.is_good else 'MISSING'} {finding.what}")
        if not finding.is_good:
            wrong += 1
            _say(f"        {finding.hint}")
    if wrong:
        raise DeployFailed(f"{wrong} of these need a look.", "Each line says what to do; then run it again.")


def run_destroy(arguments: argparse.Namespace) -> None:
    from labelkite.deploy import remove
    from labelkite.deploy.account import Account

    account, name = Account(arguments.region), arguments.name
    for line in remove.plan(account, name, keep_data=arguments.keep_data, delete_data=arguments.delete_data):
        _say(line)
    if not arguments.yes and not _agreed(f"\nRemove {name}? [y/N] "):
        _say("Nothing was done.")
        return
    remove.destroy(account, name, _say, keep_data=arguments.keep_data)
    _say(f"{name} is gone.")


def policy_of(arguments: argparse.Namespace) -> str:
    """JSON to paste into IAM."""
    import json

    from labelkite.deploy import rights, template

    types = {one["Type"] for one in template.build()["Resources"].values()}
    if arguments.source:
        source_parameters(arguments.source, arguments.region)
    made = rights.policy(types, arguments.name, arguments.region, arguments.source or ())
    return json.dumps(made, indent=1)


def architecture_of(account: Any, name: str) -> Any:
    """What an update keeps; arm64 for a new deployment."""
    from labelkite.deploy.stack import Stack

    state = Stack(account, name).state()
    return (state.parameters.get("Architecture") if state is not None else None) or "arm64"


def parameters_of(arguments: argparse.Namespace, region: str) -> dict[str, str]:
    """The template's parameters that the options set. Raises DeployFailed for what does not go together."""
    import os

    from labelkite.deploy.account import DeployFailed

    given = {
        parameter: str(value)
        for name, parameter, _ in OPTIONS
        if (value := getattr(arguments, name.replace("-", "_"))) is not None
    }
    if given.get("Domain") and not given.get("CertificateArn"):
        raise DeployFailed(
            "A domain needs a certificate.",
            "Make one in ACM in us-east-1 (docs/deploy-aws.md has the steps), then add --certificate with its ARN.",
        )
    check(given)
    if float(given.get("MonthlyBudgetUsd", 0)) and not given.get("AlarmMail"):
        raise DeployFailed("A budget needs somebody to write to.", "Add --mail with an address.")
    if secret := os.environ.get("LABELKITE_OIDC_CLIENT_SECRET"):
        given["OidcClientSecret"] = secret
    if arguments.source is not None:
        given |= source_parameters(arguments.source, region)
    return given


def check(given: Mapping[str, str]) -> None:
    """What the options say is what the template takes. Raises DeployFailed, before anything is packed or asked."""
    from labelkite import locations
    from labelkite.deploy import template
    from labelkite.deploy.account import DeployFailed

    known = template.read(locations.infra() / "parameters.yaml", {})["Parameters"]
    options = {parameter: name for name, parameter, _ in OPTIONS}
    for parameter, value in given.items():
        option, rule = f"--{options.get(parameter, parameter)}", known[parameter]
        allowed = [str(one) for one in rule.get("AllowedValues", ())]
        if allowed and value not in allowed:
            raise DeployFailed(f"{option} {value} is not possible.", f"Take one of {', '.join(allowed)}.")
        if rule["Type"] == "Number" and not re.fullmatch(r"\d+(\.\d+)?", value):
            raise DeployFailed(f"{option} {value} is no number.", f"Write it like {option} 50.")
    certificate = given.get("CertificateArn", "")
    if certificate and not re.fullmatch(r"arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/\S+", certificate):
        raise DeployFailed(
            f"{certificate} is no certificate that CloudFront takes.",
            "It has to be made in Certificate Manager (ACM) in us-east-1, wherever the rest is; its ARN begins with "
            "arn:aws:acm:us-east-1: (docs/deploy-aws.md, A domain of one's own).",
        )
    if "@" not in (given.get("AlarmMail") or "@"):
        raise DeployFailed(f"--mail {given['AlarmMail']} is no mail address.", "Write it like --mail ana@example.org.")


def source_parameters(sources: list[str], region: str) -> dict[str, str]:
    """Rights, and origins for the page's policy, of buckets that projects may read."""
    from labelkite.deploy.account import DeployFailed

    buckets, objects, origins = [], [], []
    for source in [] if sources == [""] else sources:  # "" alone takes them all back
        parts = urlsplit(source)
        if parts.scheme != "s3" or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", parts.netloc):
            raise DeployFailed(f"{source} is no bucket.", "Write it as s3://bucket or s3://bucket/prefix/")
        buckets.append(f"arn:aws:s3:::{parts.netloc}")
        folder = parts.path.strip("/")  # an allowed prefix ends at a slash (docs/sources.md)
        objects.append(f"arn:aws:s3:::{parts.netloc}/{folder}/*" if folder else f"arn:aws:s3:::{parts.netloc}/*")
        origins.append(f"https://{parts.netloc}.s3.{region}.amazonaws.com")
    return {
        "SourceBuckets": ",".join(filter(None, sources)),
        "SourceBucketArns": ",".join(sorted(set(buckets))),
        "SourceObjectArns": ",".join(sorted(set(objects))),
        "SourceOrigins": " ".join(sorted(set(origins))),
    }


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        _say("Nobody is there to ask; add --yes.")
        return False
    return input(question).strip().lower() in ("y", "yes")


def _say(text: str) -> None:
    print(text, flush=True)
