"""Signatures of addresses and upload forms that S3 checks (Signature Version 4).

Made here and not by botocore, which signs for the present second: the start of an address is rounded down, so that the
same file keeps its address for a while and the browser's cache finds it again.

Source: AWS, "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)" and "POST Policy".
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlsplit

from chalicelib.storage.aws.clients import Credentials

ALGORITHM = "AWS4-HMAC-SHA256"
LONGEST_S = 7 * 24 * 3600


def signed_url(
    url: str,
    query: Mapping[str, str],
    credentials: Credentials,
    *,
    region: str,
    start: int,
    expires_s: int,
    method: str = "GET",
) -> str:
    """*url* with a query that allows one *method* from *start* (seconds since 1970) for *expires_s* seconds."""
    if not 1 <= expires_s <= LONGEST_S:
        raise ValueError(f"an address is valid for 1 to {LONGEST_S} seconds, not {expires_s}")
    at = _stamp(start)
    asked = {
        **query,
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{credentials.access_key}/{_scope(at, region)}",
        "X-Amz-Date": at,
        "X-Amz-Expires": str(expires_s),
        "X-Amz-SignedHeaders": "host",
    }
    if credentials.token:
        asked["X-Amz-Security-Token"] = credentials.token
    text = "&".join(f"{_quote(name)}={_quote(value)}" for name, value in sorted(asked.items()))
    parts = urlsplit(url)
    canonical = f"{method}\n{parts.path}\n{text}\nhost:{parts.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    to_sign = f"{ALGORITHM}\n{at}\n{_scope(at, region)}\n{sha256(canonical.encode()).hexdigest()}"
    return f"{url}?{text}&X-Amz-Signature={_signature(credentials, at, region, to_sign)}"


def signed_form(
    bucket: str,
    fields: Mapping[str, str],
    conditions: Sequence[Any],
    credentials: Credentials,
    *,
    region: str,
    start: int,
    expires_s: int,
) -> dict[str, str]:
    """The fields of a form that may be posted to *bucket* until *start* + *expires_s*, with every condition kept."""
    at = _stamp(start)
    signed = {
        **fields,
        "x-amz-algorithm": ALGORITHM,
        "x-amz-credential": f"{credentials.access_key}/{_scope(at, region)}",
        "x-amz-date": at,
    }
    if credentials.token:
        signed["x-amz-security-token"] = credentials.token
    end = datetime.fromtimestamp(start + expires_s, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    equal = [{name: value} for name, value in signed.items()]
    policy = {"expiration": end, "conditions": [{"bucket": bucket}, *equal, *conditions]}
    encoded = base64.b64encode(json.dumps(policy).encode()).decode()
    return {**signed, "policy": encoded, "x-amz-signature": _signature(credentials, at, region, encoded)}


def _signature(credentials: Credentials, at: str, region: str, text: str) -> str:
    key = f"AWS4{credentials.secret_key}".encode()
    for part in (at[:8], region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def _scope(at: str, region: str) -> str:
    return f"{at[:8]}/{region}/s3/aws4_request"


def _stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%dT%H%M%SZ")


def _quote(text: str) -> str:
    return quote(text, safe="-_.~")
