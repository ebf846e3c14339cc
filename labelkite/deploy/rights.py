"""
The policy that whoever runs `labelkite deploy` needs: what the command itself asks for, and what CloudFormation asks
for in their name.

It follows the template: each type of resource in it says here under which names AWS keeps such a thing. What has a name
of ours may be done with as one likes; where AWS gives random names, single actions are listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

MAX_CHARACTERS = 6_144
"""What AWS takes as one managed policy, not counting white space."""

#: Service of a type of resource, and the names of such things: account and region come in for `{at}`.
NAMED: Mapping[str, tuple[str, Sequence[str]]] = {
    "AWS::Budgets::Budget": ("budgets", ("arn:aws:budgets::*:budget/{own}",)),
    "AWS::CloudWatch::Alarm": ("cloudwatch", ("arn:aws:cloudwatch:{at}:alarm:{own}-*",)),
    "AWS::CloudWatch::Dashboard": ("cloudwatch", ("arn:aws:cloudwatch::*:dashboard/{own}",)),
    "AWS::DynamoDB::Table": ("dynamodb", ("arn:aws:dynamodb:{at}:table/{own}-*",)),
    "AWS::Events::Rule": ("events", ("arn:aws:events:{at}:rule/{own}-*",)),
    "AWS::Lambda::Function": ("lambda", ("arn:aws:lambda:{at}:function:{own}-*",)),
    "AWS::Lambda::Permission": ("lambda", ("arn:aws:lambda:{at}:function:{own}-*",)),
    "AWS::Logs::LogGroup": ("logs", ("arn:aws:logs:{at}:log-group:/labelkite/{name}/*",)),
    "AWS::S3::Bucket": ("s3", ("arn:aws:s3:::{own}-*",)),
    "AWS::S3::BucketPolicy": ("s3", ("arn:aws:s3:::{own}-*",)),
    "AWS::SNS::Topic": ("sns", ("arn:aws:sns:{at}:{own}-*",)),
    "AWS::SQS::Queue": ("sqs", ("arn:aws:sqs:{at}:{own}-jobs*",)),
}
#: Types whose things have random names.
RANDOM: Mapping[str, Sequence[str]] = {
    "AWS::CloudFront::CachePolicy": tuple(
        f"cloudfront:{verb}CachePolicy" for verb in ("Create", "Delete", "Get", "Update")
    ),
    "AWS::CloudFront::Distribution": (
        *(f"cloudfront:{verb}Distribution" for verb in ("Create", "Delete", "Get", "Update")),
        "cloudfront:GetDistributionConfig", "cloudfront:ListTagsForResource", "cloudfront:TagResource",
        "cloudfront:UntagResource",
    ),
    "AWS::CloudFront::Function": tuple(
        f"cloudfront:{verb}Function" for verb in ("Create", "Delete", "Describe", "Get", "Publish", "Update")
    ),
    "AWS::CloudFront::OriginAccessControl": tuple(
        f"cloudfront:{verb}OriginAccessControl" for verb in ("Create", "Delete", "Get", "Update")
    ),
    "AWS::CloudFront::ResponseHeadersPolicy": tuple(
        f"cloudfront:{verb}ResponseHeadersPolicy" for verb in ("Create", "Delete", "Get", "Update")
    ),
    "AWS::Lambda::EventSourceMapping": (
        *(f"lambda:{verb}EventSourceMapping" for verb in ("Create", "Delete", "Get", "Update")),
        "lambda:ListEventSourceMappings", "lambda:ListTags", "lambda:TagResource", "lambda:UntagResource",
    ),
}  # fmt: skip
#: Types with a statement of their own below.
OTHERS = frozenset({
    "AWS::IAM::Role", "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
})  # fmt: skip
#: What cannot be narrowed down to names of ours: lists, and settings of the whole account.
LOOKING = (
    "budgets:ViewBudget", "cloudformation:DescribeStacks", "cloudfront:CreateInvalidation", "cloudwatch:DescribeAlarms",
    "dynamodb:ListTables", "iam:SimulatePrincipalPolicy", "lambda:GetAccountSettings", "logs:DescribeLogGroups",
)  # fmt: skip
#: API Gateway sets up its log with these, in the name of who deploys.
GATEWAY_LOGS = tuple(
    f"logs:{one}"
    for one in (
        "CreateLogDelivery", "DeleteLogDelivery", "DescribeResourcePolicies", "GetLogDelivery", "ListLogDeliveries",
        "PutResourcePolicy", "UpdateLogDelivery",
    )
)  # fmt: skip
ROLES = tuple(
    f"iam:{one}"
    for one in (
        "CreateRole", "DeleteRole", "DeleteRolePolicy", "GetRole", "GetRolePolicy", "ListAttachedRolePolicies",
        "ListRolePolicies", "PutRolePolicy", "TagRole", "UntagRole", "UpdateAssumeRolePolicy", "UpdateRole",
    )
)  # fmt: skip


def policy(types: Iterable[str], name: str, region: str = "", sources: Iterable[str] = ()) -> dict[str, Any]:
    """
    The policy for deploying, looking after, backing up, restoring and removing one deployment.

    Args:
        types: of the template's resources. Raises ValueError for one that is not known here.
        region: empty: any.
        sources: `s3://bucket/prefix/` of one's own, whose CORS rules `labelkite doctor` reads.
    """
    wanted = set(types)
    unknown = sorted(wanted - NAMED.keys() - RANDOM.keys() - OTHERS)
    if unknown:
        raise ValueError(f"rights.py does not say what making {', '.join(unknown)} needs")
    own, at = f"labelkite-{name}", f"{region or '*'}:*"
    by_service: dict[str, set[str]] = {
        "cloudformation": {
            f"arn:aws:cloudformation:{at}:stack/{own}/*",
            f"arn:aws:cloudformation:{at}:changeSet/labelkite-*",
        },
        "s3": {
            f"arn:aws:s3:::labelkite-deploy-*-{region or '*'}",
            f"arn:aws:s3:::labelkite-deploy-*-{region or '*'}/*",
        },
    }
    for kind in wanted & NAMED.keys():
        service, names = NAMED[kind]
        by_service.setdefault(service, set()).update(one.format(own=own, at=at, name=name) for one in names)
    anywhere = {*LOOKING, *GATEWAY_LOGS, *(action for kind in wanted & RANDOM.keys() for action in RANDOM[kind])}
    role = f"arn:aws:iam::*:role/{own}-*"
    linked = "arn:aws:iam::*:role/aws-service-role/ops.apigateway.amazonaws.com/*"
    statements = [
        *(_allow(service, [f"{service}:*"], sorted(names)) for service, names in sorted(by_service.items())),
        _allow(
            "gateway", ["apigateway:*"], [f"arn:aws:apigateway:{region or '*'}::/{one}*" for one in ("apis", "tags/")]
        ),
        _allow("roles", list(ROLES), [role]),
        _allow("pass", ["iam:PassRole"], [role])
        | {"Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}},
        _allow("linked", ["iam:CreateServiceLinkedRole"], [linked]),
        _allow("anywhere", sorted(anywhere), ["*"]),
    ]
    if buckets := sorted({f"arn:aws:s3:::{urlsplit(one).netloc}" for one in sources}):
        statements.append(_allow("sources", ["s3:GetBucketCORS"], buckets))
    return {"Version": "2012-10-17", "Statement": statements}


def _allow(sid: str, actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
