"""Presigned URLs of the embedded store: who holds one may read or write one object until it expires.

The address is a path on the serving host (`/objects/<key>?…`), without scheme and host: the same link works through
localhost, a name in the office network or a proxy, and stays inside the page's own origin.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import quote, urlencode

from chalicelib.storage.checks import check_object_key as check_key

PATH = "/objects/"

TILE = re.compile(r"(.+)_files/\d+/\d+_\d+\.\w+")
"""A tile of a Deep Zoom picture: it stands beside `<name>.dzi`, in `<name>_files/<level>/<column>_<row>.<type>`."""


class Refused(Exception):
    """A URL that gives no access. `code` is the problem's code: `bad-signature` or `expired`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Grant:
    """What one URL allows. `max_bytes` counts for PUT, `filename` for GET."""

    method: str
    key: str
    expires: int
    """Seconds since 1970."""
    content_type: str = ""
    filename: str = ""
    max_bytes: int = 0


class Signer:
    def __init__(self, secret: bytes) -> None:
        # A key of its own, so that no signature made elsewhere with the same secret can be a grant.
        self._key = hmac.digest(secret, b"labelkite presigned object, version 1", "sha256")

    def url(self, grant: Grant) -> str:
        check_key(grant.key)
        asked = {"method": grant.method, "expires": str(grant.expires)}
        if grant.content_type:
            asked["type"] = grant.content_type
        if grant.filename:
            asked["filename"] = grant.filename
        if grant.max_bytes:
            asked["max"] = str(grant.max_bytes)
        return f"{PATH}{quote(grant.key)}?{urlencode(asked, quote_via=quote)}&signature={self._signature(grant)}"

    def verify(self, method: str, key: str, query: Mapping[str, str], now: float) -> Grant:
        """Read a request's query back into the grant that was signed; one to read `<name>.dzi` is for its tiles too.

        Raises:
            Refused: the signature is missing or belongs to another request, or the time is over.
        """
        try:
            check_key(key)
            grant = Grant(
                query.get("method", ""),
                key,
                int(query.get("expires", "0")),
                query.get("type", ""),
                query.get("filename", ""),
                int(query.get("max", "0")),
            )
            signed = self._signature(grant)
        except ValueError as error:
            raise Refused("bad-signature", "this address was not made by this server") from error
        given = query.get("signature", "").encode()
        if not hmac.compare_digest(signed.encode(), given):
            tile = TILE.fullmatch(key)
            picture = replace(grant, key=f"{tile[1]}.dzi") if tile and grant.method == "GET" else None
            if picture is None or not hmac.compare_digest(self._signature(picture).encode(), given):
                raise Refused("bad-signature", "this address was not made by this server")
            grant = replace(grant, content_type="", filename="")
        if method != grant.method and not (method == "HEAD" and grant.method == "GET"):
            raise Refused("bad-signature", f"this address is for {grant.method} only")
        if now >= grant.expires:
            raise Refused("expired", "this address has expired")
        return grant

    def _signature(self, grant: Grant) -> str:
        fields = (grant.method, grant.key, grant.content_type, grant.filename, str(grant.expires), str(grant.max_bytes))
        for text in fields:
            if any(ord(letter) < 32 for letter in text):
                raise ValueError(f"no control characters in {text!r}")
        return hmac.new(self._key, "\n".join(fields).encode(), sha256).hexdigest()
