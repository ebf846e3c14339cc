"""What AWS and botocore say when something cannot be, in a sentence of ours and with the way out."""

from __future__ import annotations

import difflib
import re
from typing import Any

from labelkite.deploy.account import DeployFailed, code_of

SIGN_IN = "Sign in with aws configure (an access key) or aws sso login; or name the profile to take: AWS_PROFILE=name."
ASK = (
    "Give whoever looks after the account what `labelkite deploy --name {name} --policy` prints (docs/deploy-aws.md, "
    "Rights), then run the same command again."
)
FORBIDDEN = (
    "Something forbids it in so many words: a policy of the organisation (SCP), a permissions boundary or a bucket's "
    "own policy. Ask whoever looks after the account to make an exception, then run the same command again."
)
ENDED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
UNKNOWN = frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure"})
WRONG = frozenset({"SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature"})
LATE = frozenset({"RequestTimeTooSkewed"})
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "403"})
BUSY = frozenset({"Throttling", "ThrottlingException", "TooManyRequestsException", "SlowDown", "RequestLimitExceeded"})
FULL = frozenset({"LimitExceeded", "LimitExceededException", "ServiceQuotaExceededException", "TooManyBuckets"})
NO_SIGN_IN = frozenset({
    "NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "TokenRetrievalError",
    "UnauthorizedSSOTokenError", "SSOTokenLoadError", "SSOError", "NoAuthTokenError", "LoginRefreshRequired",
})  # fmt: skip
NO_WAY = frozenset({
    "EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError",
    "ProxyConnectionError", "HTTPClientError", "SSLError", "ConnectionError",
})  # fmt: skip
RIGHT = re.compile(r"not authorized to perform: (\S+?)(?: on resource: \W*([^\s\"\\]+))?(?:\s|$)")


def explain(error: Exception, name: str, region: str = "") -> DeployFailed | None:
    """
    What to tell of an error of botocore's or of the store on AWS; None: it is neither. `name`: the deployment's.
    """
    if type(error).__module__.startswith("chalicelib.storage"):
        return denied(str(error), name) or DeployFailed(f"{error}", "Run the same command again.")
    if type(error).__module__.split(".")[0] != "botocore":
        return None
    kind = type(error).__name__
    if hasattr(error, "operation_name"):
        return _of_aws(error, name)
    if kind in NO_SIGN_IN:
        return DeployFailed(f"There are no credentials for AWS: {error}", SIGN_IN)
    if kind in ("ProfileNotFound", "ConfigNotFound", "ConfigParseError"):
        return DeployFailed(
            f"AWS_PROFILE or AWS's files do not fit: {error}", "aws configure list-profiles names them all."
        )
    if kind in NO_WAY:
        return DeployFailed(
            f"AWS cannot be reached: {error}", f"Look at the network, a proxy (HTTPS_PROXY){_near(region)}."
        )
    if kind in ("InvalidRegionError", "NoRegionError"):
        return DeployFailed(f"{region or 'None'} is no region of AWS.", "Write it like --region eu-central-1.")
    return DeployFailed(f"AWS cannot be asked: {error}", "See docs/deploy-aws.md, When something goes wrong.")


def denied(text: str, name: str) -> DeployFailed | None:
    """A reason in which AWS says that a right is missing; None: it says something else."""
    found = RIGHT.search(text)
    if found is None:
        return None
    where = f" on {found[2].rstrip('.,')}" if found[2] else ""
    hint = FORBIDDEN if "explicit deny" in text else ASK.format(name=name)
    return DeployFailed(f"A right is missing: {found[1].rstrip('.,')}{where}.", hint)


def _of_aws(error: Any, name: str) -> DeployFailed:
    code, said = code_of(error), str(error.response.get("Error", {}).get("Message", "")) or str(error)
    if code in ENDED:
        return DeployFailed(
            "Your sign-in at AWS has ended.", "Sign in again (aws sso login), or take a new access key."
        )
    if code in UNKNOWN:
        return DeployFailed(
            f"AWS does not know this access key ({code}).",
            f"It may be mistyped, deleted, or the region is not switched on for the account. {SIGN_IN}",
        )
    if code in WRONG:
        return DeployFailed(
            f"The secret does not belong to this access key ({code}).",
            "Run aws configure again and paste both anew; with a temporary key AWS_SESSION_TOKEN belongs to it.",
        )
    if code in LATE:
        return DeployFailed("The clock of this machine is wrong.", "Set it (within five minutes), then try again.")
    if code in DENIED:
        return denied(said, name) or DeployFailed(
            f"A right is missing: AWS refused {error.operation_name} ({said}).", ASK.format(name=name)
        )
    if code in BUSY:
        return DeployFailed(f"AWS has too much to do just now ({code}).", "Wait some minutes, then run it again.")
    if code in FULL:
        return DeployFailed(
            f"A limit of the account is reached: {said}",
            "Remove what is not needed, or ask for more in Service Quotas.",
        )
    return DeployFailed(
        f"AWS said no to {error.operation_name}: {code}: {said}", "See docs/deploy-aws.md, When something goes wrong."
    )


def _near(region: str) -> str:
    if not region:
        return ""
    from botocore.session import Session

    known = Session().get_available_regions("cloudformation")
    if region in known:
        return ""
    near = difflib.get_close_matches(region, known, 1)
    return f" and the region: {region} is none that is known here" + (f", did you mean {near[0]}?" if near else "")
