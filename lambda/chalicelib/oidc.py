"""Sign-in with an OpenID Connect provider: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0,
section 3.1; RFC 7636). Set up by the environment, loaded with the first sign-in; calls the issuer and nobody else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from chalicelib.problems import Refusal, refuse

ALGORITHMS = ("RS256", "ES256", "PS256", "RS384", "RS512", "ES384", "ES512", "EdDSA")
"""Signatures with a public key only; never a shared secret, never none."""
TIMEOUT_S = 10
MOST_BYTES = 1 << 20
KEEP_S = 3600
RELOAD_S = 60
"""An unknown key id makes us read the keys again, at most so often."""
LEEWAY_S = 60


@dataclass(frozen=True, slots=True)
class Settings:
    issuer: str
    client_id: str
    client_secret: str
    """Empty: a public client, PKCE alone."""
    domains: frozenset[str]
    """Domains of mail addresses that may sign in; empty: all."""
    name: str
    """On the button."""


@dataclass(frozen=True, slots=True)
class Begun:
    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    subject: str
    email: str
    """Lower case; only what the provider calls verified."""
    name: str


def settings() -> Settings | None:
    """None: no sign-in is set up."""
    issuer, client = os.environ.get("LABELKITE_OIDC_ISSUER", ""), os.environ.get("LABELKITE_OIDC_CLIENT_ID", "")
    if not issuer or not client:
        return None
    domains = os.environ.get("LABELKITE_OIDC_DOMAINS", "").replace(",", " ").lower().split()
    return Settings(
        issuer,
        client,
        os.environ.get("LABELKITE_OIDC_CLIENT_SECRET", ""),
        frozenset(domains),
        os.environ.get("LABELKITE_OIDC_NAME", "") or urlsplit(issuer).hostname or issuer,
    )


def failed(why: str) -> Refusal:
    return refuse(
        502,
        "sign-in-failed",
        f"The sign-in did not work: {why}.",
        hint="Try once more; if it goes on, tell the person who runs this server.",
    )


def begin(setup: Settings, redirect_uri: str) -> Begun:
    """Where to send the browser, and what must come back."""
    state, nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": setup.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    address = _provider(setup)["authorization_endpoint"]
    return Begun(f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", state, nonce, verifier)


def finish(setup: Settings, code: str, redirect_uri: str, verifier: str, nonce: str) -> Identity:
    """
    Who signed in.

    Raises:
        Refusal: 502 the provider did not answer or its answer does not hold, 403 an address that may not sign in.
    """
    provider = _provider(setup)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    headers = {}
    methods = provider.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if setup.client_secret and "client_secret_basic" in methods:
        pair = f"{quote(setup.client_id, safe='')}:{quote(setup.client_secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form["client_id"] = setup.client_id
        if setup.client_secret:
            form["client_secret"] = setup.client_secret
    answer = _fetch(provider["token_endpoint"], form, headers)
    if not isinstance(answer.get("id_token"), str):
        raise failed("the provider sent no id token")
    claims = _checked(setup, provider, answer["id_token"], nonce)
    if "email" not in claims and "userinfo_endpoint" in provider and isinstance(answer.get("access_token"), str):
        more = _fetch(provider["userinfo_endpoint"], None, {"Authorization": f"Bearer {answer['access_token']}"})
        if more.get("sub") != claims["sub"]:
            raise failed("its two answers are about different people")
        claims = {**more, **claims}
    return _identity(setup, claims)


def _identity(setup: Settings, claims: Mapping[str, Any]) -> Identity:
    email = str(claims.get("email") or "").strip().lower()
    if not email or claims.get("email_verified") not in (True, "true"):
        raise refuse(
            403,
            "address-unverified",
            "Your account has no mail address that the provider vouches for.",
            hint="Confirm your address there, then sign in again.",
        )
    if setup.domains and email.rpartition("@")[2] not in setup.domains:
        raise refuse(
            403,
            "address-elsewhere",
            f"Addresses such as {email} may not sign in here.",
            hint=f"Use an address of {', '.join(sorted(setup.domains))}.",
        )
    name = str(claims.get("name") or claims.get("preferred_username") or email.partition("@")[0])
    return Identity(str(claims["sub"]), email, name.strip()[:80])


def _checked(setup: Settings, provider: Mapping[str, Any], id_token: str, nonce: str) -> dict[str, Any]:
    """Claims of an id token whose signature, issuer, audience, times and nonce are right (Core, 3.1.3.7)."""
    jwt = _jose()
    try:
        header = jwt.get_unverified_header(id_token)
        key = _key(setup, provider, header.get("kid"))
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key,
            algorithms=ALGORITHMS,
            audience=setup.client_id,
            issuer=setup.issuer,
            leeway=LEEWAY_S,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as error:
        raise failed(f"the id token does not hold ({error})") from None
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise failed("the answer belongs to another sign-in")
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims.get("azp", setup.client_id) != setup.client_id or (len(audiences) > 1 and "azp" not in claims):
        raise failed("the id token is for another application")
    return claims


def _jose() -> Any:
    try:
        import jwt
    except ImportError:
        raise refuse(
            501,
            "sign-in-missing",
            "Sign-in is set up here, but what checks it is not installed.",
            hint="Tell the person who runs this server: pip install 'labelkite[oidc]'.",
        ) from None
    return jwt


_lock = threading.Lock()
_providers: dict[str, tuple[float, dict[str, Any]]] = {}
_keys: dict[str, tuple[float, Any]] = {}


def _provider(setup: Settings) -> dict[str, Any]:
    """The provider's description of itself (OpenID Connect Discovery 1.0), kept for an hour."""
    with _lock:
        kept = _providers.get(setup.issuer)
    if kept is not None and time.monotonic() - kept[0] < KEEP_S:
        return kept[1]
    found = _fetch(f"{setup.issuer.rstrip('/')}/.well-known/openid-configuration", None, {})
    if found.get("issuer") != setup.issuer:
        raise failed(f"the provider calls itself {str(found.get('issuer'))[:100]}, not {setup.issuer}")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(found.get(name), str):
            raise failed(f"the provider does not say its {name}")
        _require_safe(found[name])
    with _lock:
        _providers[setup.issuer] = (time.monotonic(), found)
    return found


def _key(setup: Settings, provider: Mapping[str, Any], kid: str | None) -> Any:
    """The provider's key with this id; read again when it is new, as providers change their keys."""
    jwt = _jose()
    with _lock:
        kept = _keys.get(setup.issuer)
    for again in (False, True):
        if kept is None or (again and time.monotonic() - kept[0] >= RELOAD_S):
            kept = (time.monotonic(), jwt.PyJWKSet.from_dict(_fetch(provider["jwks_uri"], None, {})))
            with _lock:
                _keys[setup.issuer] = kept
        signing = [key for key in kept[1].keys if key.public_key_use in (None, "sig")]
        fitting = [key for key in signing if key.key_id == kid] if kid else signing
        if len(fitting) == 1:
            return fitting[0]
    raise failed("the id token is signed with an unknown key")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are not followed: the issuer is the only one we call."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


def _require_safe(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")):
        raise failed(f"{url[:100]} is not an https address")


def _fetch(url: str, form: Mapping[str, str] | None, headers: Mapping[str, str]) -> dict[str, Any]:
    _require_safe(url)
    data = None if form is None else urlencode(form).encode()
    request = urllib.request.Request(url, data, {"Accept": "application/json", **headers})
    try:
        with _opener.open(request, timeout=TIMEOUT_S) as answer:
            value = json.loads(answer.read(MOST_BYTES))
    except urllib.error.HTTPError as error:
        raise failed(f"the provider answered {error.code} ({_why(error)})") from None
    except (OSError, ValueError) as error:
        raise failed(f"the provider did not answer as expected ({type(error).__name__})") from None
    if not isinstance(value, dict):
        raise failed("the provider's answer is no JSON object")
    return value


def _why(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read(10_000)).get("error", "no reason"))[:80]
    except (OSError, ValueError, AttributeError):
        return "no reason"
