"""The template: what it promises about people's data, and who may do what. The emulator ignores some of it."""

from __future__ import annotations

import fnmatch
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labelkite import cli
from labelkite.deploy import rights, site, template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE: dict[str, Any] = template.build(("/assets/component-frame-1.js", "/assets/pyodide-1/"))
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
DATA = ("dynamodb:", "s3:", "sqs:")


def of_type(kind: str) -> dict[str, Any]:
    found = {name: one for name, one in RESOURCES.items() if one["Type"] == kind}
    assert found, kind
    return found


def properties(name: str) -> Any:
    return RESOURCES[name]["Properties"]


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, role in of_type("AWS::IAM::Role").items():
        for policy in role["Properties"]["Policies"]:
            for one in policy["PolicyDocument"]["Statement"]:
                yield name, one["Fn::If"][1] if "Fn::If" in one else one
    for name, policy in of_type("AWS::S3::BucketPolicy").items():
        for one in policy["Properties"]["PolicyDocument"]["Statement"]:
            yield name, one


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# -- rights


def test_no_right_has_a_wildcard_but_the_keys_of_one_bucket() -> None:
    allowed = [(name, one) for name, one in statements() if one["Effect"] == "Allow"]
    assert len(allowed) > 15
    for name, one in allowed:
        assert one.get("Principal") != "*", name
        for action in listed(one["Action"]):
            assert "*" not in action, f"{name}: {action}"
        for resource in listed(one["Resource"]):
            text = json.dumps(resource)
            assert text != '"*"', name
            if "*" in text:
                assert text in ('{"Fn::Sub": "${DataBucket.Arn}/*"}', '{"Fn::Sub": "${SiteBucket.Arn}/*"}'), (
                    f"{name}: {text}"
                )


def test_each_function_has_a_role_of_its_own_with_what_it_does_and_no_more() -> None:
    roles = {name: one["Properties"]["Role"]["Fn::GetAtt"][0] for name, one in of_type("AWS::Lambda::Function").items()}
    assert roles == {"ApiFunction": "ApiRole", "JobsFunction": "JobsRole", "TickFunction": "TickRole"}
    may: dict[str, set[str]] = {}
    for name, one in statements():
        if name.endswith("Role"):
            may.setdefault(name, set()).update(listed(one["Action"]))
    assert not any(action.startswith("s3:") for action in may["TickRole"])
    for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage"):
        assert [name for name, actions in may.items() if action in actions] == ["JobsRole"]
    every = set().union(*may.values())
    # Nobody who answers the internet may delete the table, read old versions or change who may do what.
    assert {action for action in every if action.startswith(("iam:", "lambda:", "kms:", "sts:"))} == set()
    assert every & {"dynamodb:DeleteTable", "dynamodb:Scan", "s3:DeleteBucket", "s3:DeleteObjectVersion"} == set()


def test_only_cloudfront_may_read_the_site_and_only_this_distribution() -> None:
    allowed = [one for name, one in statements() if name == "SiteBucketPolicy" and one["Effect"] == "Allow"]
    assert [one["Action"] for one in allowed] == ["s3:GetObject", "s3:ListBucket"]
    for one in allowed:
        assert one["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert "${Distribution}" in json.dumps(one["Condition"]["StringEquals"]["aws:SourceArn"])
    assert [one["Effect"] for name, one in statements() if name == "DataBucketPolicy"] == ["Deny"]


def test_the_policy_for_whoever_deploys_knows_every_type_and_no_other_and_fits() -> None:
    types = {one["Type"] for one in RESOURCES.values()}
    assert types == rights.NAMED.keys() | rights.RANDOM.keys() | rights.OTHERS
    policy = rights.policy(types, "a" * 20, "ap-southeast-2", ["s3://photos/2026/", "s3://scans"])
    assert len(json.dumps(policy, separators=(",", ":"))) <= rights.MAX_CHARACTERS
    with pytest.raises(ValueError, match="AWS::EC2::Instance"):
        rights.policy({*types, "AWS::EC2::Instance"}, "team-a")
    for one in policy["Statement"]:
        # What can be named is named: nobody gets a whole service of the account, and no right over people.
        if one["Resource"] == ["*"]:
            assert not any("*" in action for action in one["Action"]), one["Sid"]
        for action in one["Action"]:
            assert not re.match(r"iam:.*(User|Group|AccessKey|AttachRolePolicy|\*)", action), action
        for name in one["Resource"]:
            assert name == "*" or "labelkite" in name or one["Sid"] in ("gateway", "linked", "sources"), name


def test_names_that_the_template_gives_are_within_the_policy() -> None:
    """A resource with a name of its own has to be found below a name that the policy allows."""
    named = {
        "AWS::Budgets::Budget": lambda one: one["Budget"]["BudgetName"],
        "AWS::CloudWatch::Dashboard": lambda one: one["DashboardName"],
        "AWS::Lambda::Function": lambda one: one["FunctionName"],
        "AWS::Logs::LogGroup": lambda one: one["LogGroupName"],
        "AWS::SQS::Queue": lambda one: one["QueueName"],
    }
    for kind, of in named.items():
        patterns = [
            one.format(own="labelkite-x", at="r:a", name="x").rpartition(":")[2] for one in rights.NAMED[kind][1]
        ]
        for one in of_type(kind).values():
            name = of(one["Properties"])["Fn::Sub"].replace("${Name}", "x")
            assert any(
                fnmatch.fnmatchcase(name, pattern.removeprefix("budget/").removeprefix("dashboard/"))
                for pattern in patterns
            ), name
    given = {"BucketName", "TopicName", "TableName", "AlarmName", "RoleName"}
    own = {name: one["Properties"].keys() & given for name, one in RESOURCES.items() if "Properties" in one}
    assert {name for name, found in own.items() if found} == {"DataBucket"}  # the rest is named after the stack


# -- data


@pytest.mark.parametrize("name", ["DataBucket", "SiteBucket"])
def test_buckets_are_private_encrypted_for_tls_only_and_outlive_the_stack(name: str) -> None:
    bucket = properties(name)
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert "SSEAlgorithm" in json.dumps(bucket["BucketEncryption"])
    aborts = [rule for rule in bucket["LifecycleConfiguration"]["Rules"] if "AbortIncompleteMultipartUpload" in rule]
    assert [(one["Status"], one["AbortIncompleteMultipartUpload"]) for one in aborts] == [
        ("Enabled", {"DaysAfterInitiation": 1})
    ]
    denied = [one for found, one in statements() if found == f"{name}Policy" and one["Effect"] == "Deny"]
    assert [(one["Action"], one["Principal"], one["Condition"]) for one in denied] == [
        ("s3:*", "*", {"Bool": {"aws:SecureTransport": "false"}})
    ]
    assert len(denied[0]["Resource"]) == 2
    assert (RESOURCES[name]["DeletionPolicy"], RESOURCES[name]["UpdateReplacePolicy"]) == (
        "RetainExceptOnCreate",
        "Retain",
    )


def test_files_have_versions_that_end_and_only_the_site_may_ask_from_a_page() -> None:
    bucket = properties("DataBucket")
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert any(rule.get("NoncurrentVersionExpiration") for rule in bucket["LifecycleConfiguration"]["Rules"])
    (rule,) = bucket["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == [template.PUBLIC_URL]
    assert rule["AllowedMethods"] == ["GET", "HEAD", "POST"]
    assert "CorsConfiguration" not in properties("SiteBucket")


def test_the_table_can_be_put_back_to_any_second_and_drops_what_has_ended() -> None:
    table = properties("Table")
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert [one["AttributeName"] for one in table["KeySchema"]] == ["pk", "sk"]
    assert RESOURCES["Table"]["DeletionPolicy"] == "RetainExceptOnCreate"


# -- functions and the queue


def test_functions_have_their_memory_their_time_and_a_log_that_ends() -> None:
    for name, one in of_type("AWS::Lambda::Function").items():
        function = one["Properties"]
        assert function["MemorySize"] == 1024
        assert function["Timeout"] == (120 if name == "JobsFunction" else 29)
        assert function["LoggingConfig"]["LogGroup"]["Ref"] == name.replace("Function", "Log")
    for group in of_type("AWS::Logs::LogGroup").values():
        assert group["Properties"]["RetentionInDays"] == {"Ref": "LogDays"}


def test_functions_are_told_all_that_the_store_reads_from_the_environment() -> None:
    from chalicelib.storage.aws import ENVIRONMENT

    for one in of_type("AWS::Lambda::Function").values():
        told = one["Properties"]["Environment"]["Variables"]
        assert {name for name in ENVIRONMENT if name.startswith("LABELKITE_")} <= told.keys()


def test_the_queue_waits_six_times_as_long_as_its_function_and_has_a_second_one() -> None:
    from chalicelib.storage.aws.resources import RECEIVES

    queue = properties("JobsQueue")
    assert queue["VisibilityTimeout"] == 6 * properties("JobsFunction")["Timeout"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == RECEIVES
    name = queue["QueueName"]["Fn::Sub"]
    assert properties("JobsDeadQueue")["QueueName"]["Fn::Sub"] == f"{name}-dead"
    assert properties("JobsFromQueue")["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert properties("TickRule")["ScheduleExpression"] == "rate(1 minute)"


# -- the edge


def behaviours() -> list[Any]:
    config = properties("Distribution")["DistributionConfig"]
    return [*config["CacheBehaviors"], config["DefaultCacheBehavior"]]


def test_everything_goes_by_tls_and_every_answer_has_its_policy() -> None:
    config = properties("Distribution")["DistributionConfig"]
    assert config["HttpVersion"] == "http2and3"
    for one in behaviours():
        assert one["ViewerProtocolPolicy"] in ("redirect-to-https", "https-only")
        headers = properties(one["ResponseHeadersPolicyId"]["Ref"])["ResponseHeadersPolicyConfig"]
        security = headers["SecurityHeadersConfig"]
        functions = json.dumps(one.get("FunctionAssociations", []))
        assert "ContentSecurityPolicy" in security or "ComponentResponse" in functions
        assert all(said["Override"] for said in security.values())
    api = next(one for one in behaviours() if one.get("PathPattern") == "/api/*")
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert "FunctionAssociations" not in api
    assert {"GET", "POST", "PUT", "PATCH", "DELETE"} <= set(api["AllowedMethods"])


def test_what_is_stored_compressed_is_what_the_edge_asks_for(tmp_path: Path) -> None:
    code = properties("SiteRequest")["FunctionCode"]
    found = re.search(r"PACKED = /\\\.\(([a-z|]+)\)\$/", code)
    assert found is not None, code[:300]
    assert tuple(found[1].split("|")) == site.PACKED
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("page")
    (tmp_path / "assets/a.js").write_text("plain")
    (tmp_path / "assets/b.wasm.gz").write_bytes(b"packed only")
    (tmp_path / "assets/c.png").write_bytes(b"picture")
    told = {one.key: one.encoding for one in site.objects(tmp_path)}
    assert told == {
        "assets/a.js": "", "assets/a.js.br": "", "assets/a.js.gz": "",
        "assets/b.wasm": "gzip", "assets/b.wasm.br": "gzip", "assets/b.wasm.gz": "gzip",
        "assets/c.png": "", "index.html": "", "index.html.br": "", "index.html.gz": "",
    }  # fmt: skip
    assert [one.key for one in site.objects(tmp_path)][-3:] == ["index.html", "index.html.br", "index.html.gz"]


def test_functions_of_the_edge_are_small_enough_and_use_what_it_knows() -> None:
    for one in of_type("AWS::CloudFront::Function").values():
        code = one["Properties"]["FunctionCode"]
        assert len(code.encode()) < 10_240
        assert "__" not in code
        assert not re.search(r"`|\brequire\(|\bfetch\(", code)


# -- documents and tools


def test_every_parameter_says_what_it_is_and_stands_in_the_guide() -> None:
    guide = (ROOT / "docs/deploy-aws.md").read_text()
    for name, one in TEMPLATE["Parameters"].items():
        assert one["Description"], name
        assert f"`{name}`" in guide, f"{name} is not in docs/deploy-aws.md"


def test_the_guide_s_table_of_messages_has_those_that_the_commands_say() -> None:
    guide = (ROOT / "docs/deploy-aws.md").read_text()
    table = guide.partition("| the message begins with |")[2].partition("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines()[2:]]
    said = [message for row in rows for message in re.findall(r"`([^`]+)`", row)]
    assert len(said) > 20
    code = "\n".join(
        path.read_text()
        for folder in ("labelkite/deploy", "lambda/chalicelib/storage")
        for path in sorted((ROOT / folder).rglob("*.py"))
    )
    code += (ROOT / "labelkite/cli_deploy.py").read_text()
    changing = r"…|'?[Tt]eam[-_]\w'?|\d+|lots|dynamodb:\w+|python|eu-west-1|UPDATE_\w+|projects|--[a-z-]+"
    for message in said:
        pieces = [piece.strip() for piece in re.split(changing, message)]
        assert any(len(piece) >= 12 and piece in code for piece in pieces), message


def test_the_guide_says_what_every_option_of_the_command_does() -> None:
    guide = (ROOT / "docs/deploy-aws.md").read_text()
    for command in ("deploy", "status", "logs", "doctor", "destroy"):
        asked = cli.parser()._subparsers._group_actions[0].choices[command]  # type: ignore[union-attr, index]
        for action in asked._actions:
            for option in action.option_strings:
                assert option in ("-h", "--help") or f"{option}" in guide, f"{command} {option}"


def test_the_template_fits_into_one_request() -> None:
    assert len(template.to_text(TEMPLATE).encode()) < template.MAX_BYTES
    assert template.to_text(TEMPLATE) == template.to_text(
        template.build(("/assets/component-frame-1.js", "/assets/pyodide-1/"))
    )


def test_cfn_lint_has_nothing_to_say(tmp_path: Path) -> None:
    linter = ROOT / ".cache/cfn-lint/bin/cfn-lint"
    assert linter.exists(), "make .cache/cfn-lint/.ready"
    written = tmp_path / "template.json"
    written.write_text(json.dumps(TEMPLATE, indent=1))
    # W1030: lists of ARNs and the certificate are empty unless they are asked for.
    done = subprocess.run([linter, "--ignore-checks", "W1030", "--", written], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_node_takes_the_functions_of_the_edge(tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node is not None
    for name, one in of_type("AWS::CloudFront::Function").items():
        path = tmp_path / f"{name}.js"
        path.write_text(one["Properties"]["FunctionCode"])
        assert subprocess.run([node, "--check", path]).returncode == 0, name
