"""Sign-in with a certified provider over HTTP, and with one that lies."""

from __future__ import annotations

import http.server
import json
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from chalicelib import oidc, setup
from chalicelib.problems import Refusal
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.api.door import HOST, Door, Said
from tests.api.inside import Inside, opened
from tests.api.people import CHOICES

BACK = f"https://{HOST}/api/session/oidc/callback"
SECRET = "a secret: with % and / in it"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    script = Path(__file__).with_name("provider.mjs")
    process = subprocess.Popen(
        ["node", str(script), BACK], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())["issuer"]
    process.terminate()
    process.wait(10)
    process.stdout.close()


@dataclass
class Site:
    inside: Inside
    root: Door = field(default_factory=Door)
    project: int = 0

    def link(self, **more: Any) -> Any:
        return self.root.call("POST", f"/api/projects/{self.project}/invites", more, status=201)

    def sign_in(self, door: Door, email: str, back: str = "/") -> Said:
        """There and back, as a browser does it; what the site says at the end."""
        return self.come_back(door, self.at_provider(self.start(door, back), email))

    def start(self, door: Door, back: str = "/") -> str:
        said = door.ask("GET", f"/api/session/oidc?back={back}")
        assert said.status == 302, said
        return said.headers["location"]

    def at_provider(self, address: str, email: str) -> str:
        """Type an address, consent; where the provider sends the browser."""
        with httpx.Client(follow_redirects=False) as browser:
            answer = browser.get(address)
            for _ in range(12):
                if answer.is_redirect:
                    address = str(answer.url.join(answer.headers["location"]))
                    if address.startswith(BACK):
                        return address
                    answer = browser.get(address)
                    continue
                assert answer.status_code == 200, answer.text
                form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
                prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
                assert form is not None, answer.text
                assert prompt is not None, answer.text
                typed = {"prompt": prompt[1], "login": email, "password": "x"}
                answer = browser.post(answer.url.join(form[1]), data=typed)
        raise AssertionError("the provider goes round in circles")

    def come_back(self, door: Door, address: str) -> Said:
        parts = urlsplit(address)
        return door.ask("GET", f"{parts.path}?{parts.query}")


@pytest.fixture
def site(folder: Path, provider: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("LABELKITE_OIDC_ISSUER", provider)
    monkeypatch.setenv("LABELKITE_OIDC_CLIENT_ID", "kite")
    monkeypatch.setenv("LABELKITE_OIDC_CLIENT_SECRET", SECRET)
    with opened(folder) as inside:
        made = Site(inside)
        made.root.join(setup.first_start(inside.world, "https://x").token, "Root")
        body = {"title": "Moods", "label_config": CHOICES}
        made.project = made.root.call("POST", "/api/projects", body, status=201)["id"]
        yield made


def test_nothing_is_offered_until_it_is_set_up(site: Site, monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    name = urlsplit(provider).hostname
    assert Door().call("GET", "/api/session/providers") == {"providers": [{"name": name, "url": "/api/session/oidc"}]}
    monkeypatch.delenv("LABELKITE_OIDC_ISSUER")
    assert Door().call("GET", "/api/session/providers") == {"providers": []}
    assert Door().ask("GET", "/api/session/oidc").code == "no-sign-in"


@pytest.mark.parametrize("client", ["kite", "kite-es256", "kite-public"])
def test_who_is_invited_by_address_is_let_in_by_signing_in(
    site: Site, monkeypatch: pytest.MonkeyPatch, client: str
) -> None:
    secret = {"kite": SECRET, "kite-es256": "secret", "kite-public": ""}[client]
    monkeypatch.setenv("LABELKITE_OIDC_CLIENT_ID", client)
    monkeypatch.setenv("LABELKITE_OIDC_CLIENT_SECRET", secret)
    site.link(email="ana@example.org", role="reviewer")
    ana = Door()
    said = site.sign_in(ana, "ana@example.org", back="/projects")
    assert (said.status, said.headers["location"]) == (303, "/projects")
    who = ana.call("GET", "/api/session")
    assert who["person"]["name"] == "ana"
    assert [(p["id"], p["role"]) for p in who["projects"]] == [(site.project, "reviewer")]
    elsewhere = Door()
    site.sign_in(elsewhere, "ana@example.org")
    assert elsewhere.call("GET", "/api/session")["person"] == who["person"]


def test_a_bound_link_opens_for_its_address_alone(site: Site) -> None:
    link = site.link(email="ana@example.org")
    preview = Door().call("POST", "/api/invites/preview", {"invite": link["token"]})
    assert preview["needs"] == "sign-in"
    body = {"invite": link["token"], "name": "Ana", "email": "ana@example.org"}
    assert Door().ask("POST", "/api/session", body).code == "sign-in-needed"
    site.link(email="ben@example.org")
    ben = Door()
    site.sign_in(ben, "ben@example.org")
    said = ben.ask("POST", "/api/session", body)
    assert said.code == "sign-in-needed"
    assert "signed in as ben@example.org" in said.body["problems"][0]["hint"]
    ana = Door()
    site.sign_in(ana, "ana@example.org")
    assert "needs" not in ana.call("POST", "/api/invites/preview", {"invite": link["token"]})
    ana.join(link["token"])


def test_who_is_not_invited_does_not_come_in(site: Site) -> None:
    door = Door()
    said = site.sign_in(door, "eve@example.org")
    assert (said.status, said.headers["location"]) == (303, "/join?sign-in=no-access")
    assert "kite_session" not in door.cookies


def test_an_address_that_nobody_vouches_for_does_not_count(site: Site) -> None:
    site.link(email="new@example.org")
    said = site.sign_in(Door(), "new@example.org")
    assert said.headers["location"] == "/join?sign-in=address-unverified"


def test_only_the_domains_that_are_allowed_sign_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABELKITE_OIDC_DOMAINS", "Example.com, example.net")
    site.link(email="ana@example.org")
    site.link(email="ana@example.net")
    assert site.sign_in(Door(), "ana@example.org").headers["location"] == "/join?sign-in=address-elsewhere"
    assert site.sign_in(Door(), "ana@example.net").headers["location"] == "/"


def test_the_owner_connects_an_account_and_comes_back_by_it(site: Site) -> None:
    said = site.root.ask("GET", "/api/session/oidc?connect=1")
    site.come_back(site.root, site.at_provider(said.headers["location"], "root@example.org"))
    elsewhere = Door()
    site.sign_in(elsewhere, "root@example.org")
    assert elsewhere.call("GET", "/api/session")["person"]["role"] == "owner"
    link = site.link()
    ana = Door()
    ana.join(link["token"], "Ana")
    said = ana.ask("GET", "/api/session/oidc?connect=1")
    back = site.come_back(ana, site.at_provider(said.headers["location"], "root@example.org"))
    assert back.headers["location"] == "/join?sign-in=address-taken"
    assert Door().ask("GET", "/api/session/oidc?connect=1").code == "not-joined"


def test_a_token_connects_no_account_so_a_narrow_one_never_becomes_a_session(site: Site) -> None:
    token = site.root.call("POST", "/api/tokens", {"name": "T", "scope": ["label"]}, status=201)["token"]
    thief = Door(token)
    assert thief.ask("GET", "/api/session/oidc?connect=1").code == "no-session"
    said = site.root.ask("GET", "/api/session/oidc?connect=1")  # the owner has begun, and somebody else's answer comes
    address = site.at_provider(said.headers["location"], "thief@example.org")
    thief.cookies = {"kite_signin": site.root.cookies["kite_signin"]}
    assert site.come_back(thief, address).headers["location"] == "/join?sign-in=sign-in-over"
    assert "kite_session" not in thief.cookies


def test_signing_in_in_a_shared_browser_does_not_join_two_people(site: Site) -> None:
    site.link(email="ben@example.org")
    browser = Door()
    browser.join(site.link()["token"], "Ana")
    ana = browser.cookies["kite_session"]
    site.sign_in(browser, "ben@example.org")
    assert browser.call("GET", "/api/session")["person"]["name"] == "ben"
    assert Door(cookies={"kite_session": ana}).ask("GET", "/api/session").status == 401


def test_an_ended_link_lets_nobody_in_by_signing_in(site: Site) -> None:
    link = site.link(email="ana@example.org")
    site.root.call("DELETE", f"/api/invites/{link['id']}", status=204)
    assert site.sign_in(Door(), "ana@example.org").headers["location"] == "/join?sign-in=no-access"


def test_who_was_removed_is_not_let_in_again_by_signing_in(site: Site) -> None:
    site.link(email="ana@example.org")
    ana = Door()
    site.sign_in(ana, "ana@example.org")
    person = ana.call("GET", "/api/session")["person"]["id"]
    site.root.call("DELETE", f"/api/projects/{site.project}/people/{person}", status=204)
    site.sign_in(ana, "ana@example.org")
    assert ana.call("GET", "/api/session")["projects"] == []


def test_the_answer_of_the_provider_works_once_and_in_its_own_browser_only(site: Site) -> None:
    site.link(email="ana@example.org")
    ana = Door()
    address = site.at_provider(site.start(ana), "ana@example.org")
    stranger = Door()
    site.start(stranger)
    assert site.come_back(stranger, address).headers["location"] == "/join?sign-in=sign-in-over"
    assert site.come_back(Door(), address).headers["location"] == "/join?sign-in=sign-in-over"
    assert site.come_back(ana, address).headers["location"] == "/"
    assert site.come_back(ana, address).headers["location"] == "/join?sign-in=sign-in-over"


def test_a_sign_in_must_end_within_ten_minutes(site: Site) -> None:
    site.link(email="ana@example.org")
    ana = Door()
    address = site.at_provider(site.start(ana), "ana@example.org")
    site.inside.clock.now += 601
    assert site.come_back(ana, address).headers["location"] == "/join?sign-in=sign-in-over"


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/%5Cevil.example", "evil", ""])
def test_the_browser_comes_back_to_this_site_only(site: Site, back: str) -> None:
    site.link(email="ana@example.org")
    assert site.sign_in(Door(), "ana@example.org", back=back).headers["location"] == "/"


def test_a_sign_in_is_in_the_audit_log(site: Site) -> None:
    site.link(email="ana@example.org")
    site.sign_in(Door(), "ana@example.org")
    rows = site.root.call("GET", "/api/audit")["entries"]
    assert ("ana", "signed in", {"email": "ana@example.org"}) in [(r["name"], r["action"], r["about"]) for r in rows]


# A provider that lies: it serves what the test says.

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Liar:
    issuer: str
    key: rsa.RSAPrivateKey
    claims: dict[str, Any]
    told: dict[str, Any] = field(default_factory=dict)
    """Path to answer, beside what a provider says."""
    token: str = ""

    def signed(self, **more: Any) -> str:
        return jwt.encode({**self.claims, **more}, self.key, algorithm="RS256", headers={"kid": "k"})


@pytest.fixture
def liar() -> Iterator[Liar]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            path = urlsplit(self.path).path
            body = json.dumps(made.told.get(path, {})).encode()
            if location := made.told.get("redirect " + path):
                self.send_response(302)
                self.send_header("Location", location)
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.answer()

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    issuer = f"http://127.0.0.1:{server.server_port}"
    oidc._providers.clear()  # the port may have been another test's
    oidc._keys.clear()
    key = KEY
    now = int(time.time())
    person = {"sub": "7", "email": "ana@example.org", "email_verified": True, "name": "Ana"}
    made = Liar(issuer, key, {"iss": issuer, "aud": "kite", "iat": now, "exp": now + 60, "nonce": "n", **person})
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    made.told = {
        "/.well-known/openid-configuration": {
            "issuer": issuer,
            **{f"{name}_endpoint": f"{issuer}/{name}" for name in ("authorization", "token")},
            "jwks_uri": f"{issuer}/jwks",
        },
        "/jwks": {"keys": [{**public, "kid": "k", "use": "sig"}]},
    }
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def finished(liar: Liar, token: str) -> oidc.Identity:
    liar.told["/token"] = {"id_token": token, "access_token": "a"}
    found = oidc.Settings(liar.issuer, "kite", "", frozenset(), "Liar")
    return oidc.finish(found, "code", BACK, "verifier", "n")


def test_a_right_token_tells_who_it_is(liar: Liar) -> None:
    assert finished(liar, liar.signed()) == oidc.Identity("7", "ana@example.org", "Ana")


OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
PAST = 1_700_000_000


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(lambda liar: jwt.encode(liar.claims, "", algorithm="none"), id="no signature"),
        pytest.param(
            lambda liar: jwt.encode(liar.claims, "x" * 32, algorithm="HS256", headers={"kid": "k"}),
            id="a shared secret",
        ),
        pytest.param(
            lambda liar: jwt.encode(liar.claims, OTHER, algorithm="RS256", headers={"kid": "k"}), id="another key"
        ),
        pytest.param(
            lambda liar: jwt.encode(liar.claims, OTHER, algorithm="RS256", headers={"kid": "other"}),
            id="a key that the provider does not have",
        ),
        pytest.param(
            lambda liar: jwt.encode(liar.claims, CURVE, algorithm="ES256", headers={"kid": "k"}), id="another kind"
        ),
        pytest.param(lambda liar: liar.signed(aud="other"), id="for another application"),
        pytest.param(lambda liar: liar.signed(aud=["kite", "other"]), id="for several, without saying for whom"),
        pytest.param(lambda liar: liar.signed(azp="other"), id="handed to another application"),
        pytest.param(lambda liar: liar.signed(iss="https://other.example"), id="another issuer"),
        pytest.param(lambda liar: liar.signed(nonce="m"), id="another sign-in"),
        pytest.param(lambda liar: liar.signed(exp=PAST), id="expired"),
        pytest.param(lambda liar: liar.signed(iat=int(time.time()) + 600), id="from the future"),
        pytest.param(
            lambda liar: jwt.encode({"nonce": "n"}, liar.key, algorithm="RS256", headers={"kid": "k"}),
            id="without an end",
        ),
        pytest.param(lambda liar: "nonsense", id="nonsense"),
        pytest.param(lambda liar: None, id="none at all"),
    ],
)
def test_a_token_that_does_not_hold_is_refused(liar: Liar, forged: Any) -> None:
    with pytest.raises(Refusal, match="The sign-in did not work") as refused:
        finished(liar, forged(liar))
    assert refused.value.status == 502


def test_a_second_answer_about_somebody_else_is_refused(liar: Liar) -> None:
    liar.claims = {name: value for name, value in liar.claims.items() if not name.startswith("email")}
    liar.told["/.well-known/openid-configuration"]["userinfo_endpoint"] = f"{liar.issuer}/userinfo"
    liar.told["/userinfo"] = {"sub": "8", "email": "ben@example.org", "email_verified": True}
    with pytest.raises(Refusal, match="different people"):
        finished(liar, liar.signed())


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param({"issuer": "https://other.example"}, "calls itself", id="another issuer"),
        pytest.param({"token_endpoint": "http://example.org/t"}, "not an https address", id="plain http elsewhere"),
        pytest.param({"jwks_uri": None}, "does not say its jwks_uri", id="no keys"),
    ],
)
def test_a_provider_that_describes_itself_wrongly_is_refused(liar: Liar, spoil: Any, said: str) -> None:
    liar.told["/.well-known/openid-configuration"].update(spoil)
    with pytest.raises(Refusal, match=said):
        finished(liar, liar.signed())


def test_redirects_of_the_provider_are_not_followed(liar: Liar) -> None:
    liar.told["redirect /token"] = "http://127.0.0.1:1/elsewhere"
    with pytest.raises(Refusal, match="the provider answered 302"):
        finished(liar, liar.signed())


def test_a_new_key_of_the_provider_is_found(liar: Liar, monkeypatch: pytest.MonkeyPatch) -> None:
    finished(liar, liar.signed())
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OTHER.public_key()))
    liar.told["/jwks"]["keys"].append({**public, "kid": "new", "use": "sig"})
    token = jwt.encode(liar.claims, OTHER, algorithm="RS256", headers={"kid": "new"})
    with pytest.raises(Refusal, match="unknown key"):
        finished(liar, token)  # the keys were read a moment ago
    monkeypatch.setattr(oidc, "RELOAD_S", 0)
    assert finished(liar, token).subject == "7"


def test_what_the_browser_is_sent_with_follows_the_standard(liar: Liar) -> None:
    found = oidc.Settings(liar.issuer, "kite", "", frozenset(), "Liar")
    one, two = oidc.begin(found, BACK), oidc.begin(found, BACK)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(one.url).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert (asked["response_type"], asked["redirect_uri"]) == ("code", BACK)
    assert len(asked["code_challenge"]) == 43
    assert one.verifier not in one.url
    assert len({one.state, two.state, one.nonce, two.nonce, one.verifier, two.verifier}) == 6
