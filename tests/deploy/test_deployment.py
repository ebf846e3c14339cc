"""What `labelkite deploy` has put on the emulator, seen from outside, and what a second deployment does to it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import zipfile
from pathlib import Path

import httpx
import pytest

from labelkite import locations
from labelkite.deploy import act, look, plan, zips
from labelkite.deploy.account import Account, DeployFailed
from labelkite.server.messages import CSP, component_security
from tests.api.people import BOXES, GIF, Browser, Project, texts
from tests.aws import REGION
from tests.deploy.running import Deployment

pytestmark = [pytest.mark.xdist_group("deploy"), pytest.mark.slow]


@pytest.fixture(scope="module")
def owner(deployed: Deployment) -> Browser:
    browser = Browser(deployed.url)
    browser.join(deployed.owner_link.partition("#")[2], "Olga")
    return browser


@pytest.fixture(scope="module")
def project(owner: Browser) -> Project:
    return owner.project(tasks=texts(3))


# -- the site


def test_the_page_comes_for_every_address_of_its_own_router(deployed: Deployment) -> None:
    page = (locations.site() / "index.html").read_bytes()
    for path in ("/", "/projects", "/projects/3/tasks/7/", "/join"):
        answer = httpx.get(deployed.url + path)
        assert (answer.status_code, answer.content) == (200, page), path
        assert answer.headers["cache-control"] == "no-cache"
    assert httpx.get(deployed.url + "/nothing.js").status_code == 404
    assert httpx.get(deployed.url + "/?list-type=2").content == page


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("identity", None), ("", None)],
)
def test_files_are_sent_as_the_browser_takes_them(deployed: Deployment, accepted: str, encoding: str | None) -> None:
    name = next(path.name for path in sorted((locations.site() / "assets").glob("*.js.br"))).removesuffix(".br")
    answer = httpx.get(f"{deployed.url}/assets/{name}", headers={"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    if encoding != "br":  # the client has no decoder for it
        assert answer.content == (locations.site() / "assets" / name).read_bytes()


def test_the_page_may_read_from_the_data_bucket_and_nowhere_else(deployed: Deployment) -> None:
    policy = httpx.get(deployed.url).headers["content-security-policy"]
    found = re.search(r"connect-src ([^;]*);", policy)
    assert found is not None
    assert found[1].split() == ["'self'", deployed.aws.url]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert httpx.get(deployed.url + "/api/health").headers["content-security-policy"] == CSP


def test_a_component_s_page_has_the_policy_that_the_local_server_gives_it(deployed: Deployment) -> None:
    from labelkite.deploy import site

    host = deployed.url.removeprefix("http://")
    policy = dict(component_security(host.encode(), site.components(locations.site())))[b"content-security-policy"]
    answer = httpx.get(deployed.url + "/component.html")
    assert answer.headers["content-security-policy"] == policy.decode()
    assert "/assets/pyodide-" in policy.decode()


def test_pyodide_is_open_to_frames_without_an_origin_and_the_rest_is_not(deployed: Deployment) -> None:
    folder = next((locations.site() / "assets").glob("pyodide-*"))
    opened = httpx.get(f"{deployed.url}/assets/{folder.name}/pyodide.mjs", headers={"origin": "null"})
    assert opened.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in httpx.get(deployed.url, headers={"origin": "null"}).headers


# -- the API


def test_the_api_answers_as_it_does_on_one_machine(deployed: Deployment, owner: Browser, project: Project) -> None:
    assert owner.call("GET", f"/api/projects/{project.id}/")["id"] == project.id
    missing = owner.http.get("/api/projects/77777")
    assert missing.json()["problems"][0]["code"] == "no-project"
    assert owner.http.get("/api/nothing").json()["problems"][0]["code"] == "no-route"
    assert owner.call("GET", "/api/health")["jobs"]["dead"] == 0
    assert owner.http.head("/api/health").content == b""
    assert owner.http.put("/api/health").status_code == 405
    described = httpx.get(deployed.url + "/api/openapi.json", headers={"accept-encoding": "gzip"})
    assert described.headers["content-encoding"] == "gzip"
    assert described.json()["paths"]


def test_a_session_s_cookie_holds_and_a_write_from_elsewhere_is_refused(owner: Browser, project: Project) -> None:
    assert owner.call("GET", "/api/session")["person"]["name"] == "Olga"
    foreign = owner.http.patch(
        f"/api/projects/{project.id}", json={"title": "X"}, headers={"Origin": "https://evil.example"}
    )
    assert foreign.json()["problems"][0]["code"] == "foreign-origin"


def test_who_goes_past_the_site_is_refused(deployed: Deployment) -> None:
    api = look.state_of(deployed.account, deployed.name).outputs["ApiId"]
    past = httpx.get(f"{deployed.aws.url}/api/health", headers={"host": f"{api}.execute-api.localhost"})
    assert past.status_code == 403
    assert past.json()["problems"][0]["hint"] == f"Use {deployed.url}."


def test_links_and_exports_name_the_site_and_a_job_runs_by_itself(owner: Browser, project: Project) -> None:
    link = owner.call("POST", f"/api/projects/{project.id}/invites", {}, status=201)
    assert link["url"].startswith(str(owner.http.base_url).rstrip("/"))
    job = owner.call(
        "POST", f"/api/projects/{project.id}/export/jobs", {"format": "JSON", "download_all_tasks": True}, status=201
    )
    for _ in range(300):
        said = owner.call("GET", f"/api/jobs/{job['id']}")
        if said["state"] not in ("queued", "running"):
            break
    assert said["state"] == "done", said
    assert len(httpx.get(said["result"]["url"]).json()) == 3


# -- signed addresses


def test_an_upload_goes_straight_to_the_bucket_and_comes_back_by_a_signed_address(
    deployed: Deployment, owner: Browser, project: Project
) -> None:
    wanted = [{"name": "dot.gif", "size": len(GIF), "type": "image/gif"}]
    given = owner.call("POST", f"/api/projects/{project.id}/uploads", wanted)[0]
    assert given["url"].startswith(deployed.aws.url)
    form = {"data": given["fields"], "files": {"file": ("dot.gif", GIF, "image/gif")}}
    assert httpx.post(given["url"], **form).status_code in (200, 201, 204)

    for name, value in (("key", given["fields"]["key"] + "x"), ("Content-Type", "text/html")):
        other = httpx.post(given["url"], data={**given["fields"], name: value}, files=form["files"])
        assert other.status_code == 403, name

    boxes = owner.project(BOXES)
    owner.call("POST", f"/api/projects/{boxes.id}/import", {"uploads": [_uploaded(owner, boxes)]}, status=201)
    person = Browser(deployed.url)
    person.join(boxes.invite, "Ana")
    envelope = person.next(boxes)
    address = re.search(rf"{deployed.aws.url}[^\"\\]+", json.dumps(envelope))
    assert address is not None, envelope
    assert httpx.get(address[0]).content == GIF
    signed = re.sub(r"X-Amz-Signature=(.)", lambda m: f"X-Amz-Signature={'0' if m[1] != '0' else '1'}", address[0])
    assert signed != address[0]
    assert httpx.get(signed).status_code == 403
    assert httpx.get(address[0].partition("?")[0]).status_code == 403


def _uploaded(owner: Browser, project: Project) -> str:
    wanted = [{"name": "dot.gif", "size": len(GIF), "type": "image/gif"}]
    given = owner.call("POST", f"/api/projects/{project.id}/uploads", wanted)[0]
    sent = httpx.post(given["url"], data=given["fields"], files={"file": ("dot.gif", GIF, "image/gif")})
    assert sent.status_code in (200, 201, 204), sent.text
    return str(given["key"])


# -- again


def test_a_second_deployment_of_the_same_changes_nothing_and_ends_no_session(
    deployed: Deployment, owner: Browser
) -> None:
    planned, told = deployed.again()
    assert (planned.resources, planned.send, planned.forget) == ((), (), ())
    assert [step.doing for step in planned.steps] == ["bucket", "code", "stack", "health", "link"]
    assert "  it is there already" in told  # the same zip, made by another process
    assert "  nothing to change" in told
    assert owner.call("GET", "/api/session")["person"]["name"] == "Olga"


def test_what_is_asked_changes_what_it_is_about_and_nothing_else(deployed: Deployment) -> None:
    s3, where = deployed.account.client("s3"), {"Bucket": deployed.account.deploy_bucket, "Key": "team-a/site.json"}
    noted = json.loads(s3.get_object(**where)["Body"].read())
    asset = next(key for key in noted["objects"] if key.endswith(".css"))
    for key in (asset, "sw.js.br"):  # as if the last build had had others
        noted["objects"][key] = "another"
    noted["objects"]["assets/old.js"] = "gone"
    s3.put_object(**where, Body=json.dumps(noted).encode())

    planned, _ = deployed.again(LogDays="7")
    names = ["ApiLog", "GatewayLog", "JobsLog", "TickLog"]
    assert planned.resources == tuple(f"~ {name} (AWS::Logs::LogGroup)" for name in names)
    groups = deployed.account.client("logs").describe_log_groups(logGroupNamePrefix="/labelkite/team-a/")["logGroups"]
    assert {one["retentionInDays"] for one in groups} == {7}

    assert [one.key for one in planned.send] == [asset, "sw.js.br"]
    distribution, cloudfront = (
        look.state_of(deployed.account, "team-a").outputs["Distribution"],
        deployed.account.client("cloudfront"),
    )
    newest = cloudfront.list_invalidations(DistributionId=distribution)["InvalidationList"]["Items"][0]["Id"]
    batch = cloudfront.get_invalidation(DistributionId=distribution, Id=newest)["Invalidation"]["InvalidationBatch"]
    assert batch["Paths"]["Items"] == ["/sw.js*"]
    kept = json.loads(s3.get_object(**where)["Body"].read())
    assert list(kept["gone"]) == ["assets/old.js"]

    planned, _ = deployed.again()  # what is not asked for stays as it was
    assert planned.resources == ()
    assert look.state_of(deployed.account, "team-a").parameters["LogDays"] == "7"


# -- what fails


@pytest.fixture
def planned(deployed: Deployment) -> plan.Plan:
    return plan.make(deployed.account, deployed.name, deployed.package, {})


def test_a_change_that_aws_cannot_make_is_put_back_and_the_reason_is_told(
    deployed: Deployment, planned: plan.Plan
) -> None:
    before = look.state_of(deployed.account, deployed.name).parameters
    nowhere = {**planned.parameters, "CodeKey": "code/nowhere.zip", "LogDays": "14"}
    told: list[str] = []
    with pytest.raises(DeployFailed) as failed:
        act.Deployment(deployed.account, dataclasses.replace(planned, parameters=nowhere), told.append).perform()
    assert "put back what was there" in str(failed.value)
    assert "Function (AWS::Lambda::Function): " in str(failed.value)
    state = look.state_of(deployed.account, deployed.name)
    assert (state.status, state.parameters) == ("UPDATE_ROLLBACK_COMPLETE", before)
    assert before["LogDays"] != "14"
    assert act.healthy(deployed.url, 0) == ""


def test_code_that_does_not_answer_is_taken_back_before_any_page_is_sent(
    deployed: Deployment, planned: plan.Plan, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(planned.package.place) as good, zipfile.ZipFile(broken, "w", zipfile.ZIP_DEFLATED) as bad:
        for entry in good.infolist():
            if "entry" not in entry.filename:
                bad.writestr(entry, good.read(entry))
        bad.writestr("entry.py", "raise RuntimeError('this code is broken')\n")
    digest = hashlib.sha256(broken.read_bytes()).hexdigest()
    made = dataclasses.replace(planned.package, place=broken, sha256=digest)
    worse = dataclasses.replace(planned, package=made, parameters={**planned.parameters, "CodeKey": made.key})
    told: list[str] = []
    with pytest.raises(DeployFailed) as failed:
        act.Deployment(deployed.account, worse, told.append, health_s=1).perform()
    assert "What was there before is back." in str(failed.value)
    assert not any("Send the pages" in line for line in told)
    assert look.state_of(deployed.account, deployed.name).parameters["CodeKey"] == planned.package.key
    assert act.healthy(deployed.url, 10) == ""
    deployed.allow_plain_http()


def test_an_upload_that_breaks_off_leaves_the_old_page_whole_and_the_next_run_finishes_it(
    deployed: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3, outputs = deployed.account.client("s3"), look.state_of(deployed.account, deployed.name).outputs
    bucket, where = outputs["SiteBucket"], {"Bucket": deployed.account.deploy_bucket, "Key": "team-a/site.json"}
    noted = json.loads(s3.get_object(**where)["Body"].read())
    pages = ["component.html", "index.html", "index.html.br", "index.html.gz", "sw.js"]
    noted["objects"] |= dict.fromkeys(pages, "another")  # as if the last build had had others
    s3.put_object(**where, Body=json.dumps(noted).encode())
    s3.put_object(Bucket=bucket, Key="index.html", Body=b"old page", ContentType="text/html")
    # Somebody who may do everything but send this one page; the emulator holds people to the rule of TLS, root not.
    policy = s3.get_bucket_policy(Bucket=bucket)["Policy"]
    s3.delete_bucket_policy(Bucket=bucket)
    rights = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/sw.js"},
    ]
    iam = deployed.account.client("iam")
    iam.create_user(UserName="hindered")
    key = iam.create_access_key(UserName="hindered")["AccessKey"]
    document = json.dumps({"Version": "2012-10-17", "Statement": rights})
    iam.put_user_policy(UserName="hindered", PolicyName="most", PolicyDocument=document)
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
        patch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
        hindered = Account(REGION)
        planned = plan.make(hindered, deployed.name, deployed.package, {})
        told: list[str] = []
        with pytest.raises(DeployFailed) as failed:
            act.Deployment(hindered, planned, told.append, health_s=20).perform()
    said = str(failed.value)
    assert "A right is missing" in said
    assert "1 of 5 pages have arrived; index.html, which names all others, goes last" in said
    assert "people still see the pages of before" in said
    assert "run the same command again" in failed.value.hint
    plain = {"accept-encoding": "identity"}
    assert httpx.get(deployed.url, headers=plain).content == b"old page"

    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    planned, _ = deployed.again()
    sent = [one.key for one in planned.send if one.key in pages]
    assert sent == ["component.html", "sw.js", "index.html", "index.html.br", "index.html.gz"]
    assert {"/", "/component.html*", "/index.html*", "/sw.js*"} <= set(planned.forget)
    assert httpx.get(deployed.url, headers=plain).content == (locations.site() / "index.html").read_bytes()
    assert deployed.again()[0].send == ()


def test_zips_that_nobody_needs_go_and_the_one_before_stays(deployed: Deployment) -> None:
    s3, bucket = deployed.account.client("s3"), deployed.account.deploy_bucket
    for key in ("code/of-team-z.zip", "code/before-of-team-z.zip", "code/nobody-s.zip"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"zip")
    # Another deployment of the account has its own, and the one before.
    zips.note(deployed.account, "team-z", "code/of-team-z.zip", "code/before-of-team-z.zip")
    _, told = deployed.again()
    assert any("zips of earlier versions were removed" in line for line in told)

    def there() -> set[str]:
        return {one["Key"] for one in s3.list_objects_v2(Bucket=bucket, Prefix="code/")["Contents"]}

    assert {"code/of-team-z.zip", "code/before-of-team-z.zip", deployed.package.key} <= there()
    assert "code/nobody-s.zip" not in there()

    for number in (1, 2, 3):  # three further versions of the other one
        s3.put_object(Bucket=bucket, Key=f"code/{number}.zip", Body=b"zip")
        zips.note(deployed.account, "team-z", f"code/{number}.zip", f"code/{number - 1}.zip")
    zips.note(deployed.account, "team-z", "code/3.zip", "code/3.zip")  # once more the same
    zips.clear(deployed.account)
    assert there() & {"code/of-team-z.zip", "code/1.zip", "code/2.zip", "code/3.zip"} == {"code/2.zip", "code/3.zip"}
    zips.forget(deployed.account, "team-z")
    zips.clear(deployed.account)
    assert "code/3.zip" not in there()
    assert deployed.package.key in there()
    assert not zips.remove_bucket_if_empty(deployed.account)


# -- looking


def test_status_and_logs_tell_how_it_is(deployed: Deployment) -> None:
    said = deployed.command("status")
    assert re.search(r"^API +answers$", said.out, flags=re.M), said.out + said.err
    assert deployed.url in said.out
    token = deployed.command("status", "--token").out.splitlines()[-1].split()[1]
    listed = httpx.get(f"{deployed.url}/api/projects", headers={"Authorization": f"Token {token}"})
    assert listed.status_code == 200, listed.text
    logged = deployed.command("logs", "api", "--since", "1d")
    assert re.search(r"^\d\d-\d\d \d\d:\d\d:\d\d api ", logged.out, flags=re.M), logged.err
    assert deployed.command("logs", "--since", "soon").err.startswith("'soon' is no span of time.")
    elsewhere = dataclasses.replace(deployed, name="nobody").command("status")
    assert (elsewhere.code, elsewhere.err.splitlines()[0][:35]) == (1, "There is no deployment nobody in ac")
    assert elsewhere.err.splitlines()[1].startswith("Here are: team-a")
