"""The app as Lambda runs it: nobody calls `world.use`, the environment names the table, the bucket and the queue."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.aws import Ministack

RUN = """
import json, sys
import app
def get(path):
    event = {
        "resource": path, "path": path, "httpMethod": "GET", "headers": {}, "multiValueHeaders": {}, "body": None,
        "queryStringParameters": None, "multiValueQueryStringParameters": None, "pathParameters": None,
        "stageVariables": None, "isBase64Encoded": False,
        "requestContext": {"resourcePath": path, "httpMethod": "GET", "path": path, "identity": {"sourceIp": ""}},
    }
    return app.app(event, None)["statusCode"]
class Context:
    aws_request_id = "1"
from chalicelib import world
said = {"health": get("/api/health"), "session": get("/api/session")}
ran = []
world.current().jobs.handle("test", lambda job: ran.append(job.body["n"]))
world.current().jobs.handle("broken", lambda job: 1 / 0)
messages = [
    {"messageId": kind, "receiptHandle": "gone", "attributes": {"ApproximateReceiveCount": "1"},
     "body": json.dumps({"id": "1", "kind": kind, "due": 0, "body": {"n": 5}})}
    for kind in ("test", "broken")
]
said["jobs"] = app.jobs({"Records": messages}, Context())
said["ran"] = ran
from chalicelib import keys, models, webhook_delivery
from chalicelib.auth import Caller
from chalicelib.handlers import projects, webhooks as hooks
from chalicelib.storage.ports import Put
here, owner = world.current(), Caller(1, "Olga", "owner")
body = {"title": "T", "label_config": "<View><Text name='t' value='$t'/></View>"}
project = projects.create(here, owner, models.read("NewProject", body))["id"]
hooks.create(here, owner, models.read("NewWebhook", {"url": "https://example.org/", "project": project}))
left = {"id": "0" * 32, "at": 0, "events": [{"action": "TASKS_CREATED", "tasks": [1]}]}
here.records.transact([Put(*keys.outbox(project, 0, "0" * 32), left)])
sent = []
here.jobs.enqueue = lambda kind, body, **_: sent.append([kind, body.get("project") == project])
said["tick"] = app.tick({"source": "aws.events"}, Context())
said["sent"] = sent[:1]
print(json.dumps(said))
"""


def environment_of(aws: Ministack, name: str) -> dict[str, str]:
    made = aws.resources(name)
    return {
        **os.environ,
        **aws.environment(),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "LABELKITE_TABLE": made["table"],
        "LABELKITE_BUCKET": made["bucket"],
        "LABELKITE_QUEUE": made["queue"],
        "LABELKITE_PUBLIC_URL": "https://label.example.org",
    }


def test_the_first_request_opens_what_the_environment_names_and_the_queue_runs_its_jobs(aws: Ministack) -> None:
    environment = environment_of(aws, "lambda")
    done = subprocess.run([sys.executable, "-c", RUN], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "health": 200,
        "session": 401,
        "jobs": {"batchItemFailures": [{"itemIdentifier": "broken"}]},
        "ran": [5],
        "tick": None,
        "sent": [["hooks-out", True]],
    }


def test_what_a_function_says_is_json_lines_that_are_metrics_too(aws: Ministack) -> None:
    environment = {**environment_of(aws, "lambda-logs"), "AWS_LAMBDA_FUNCTION_NAME": "team-a-api"}
    done = subprocess.run([sys.executable, "-c", RUN], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    *lines, _ = [json.loads(line) for line in done.stdout.splitlines()]
    told = {line.get("route") or line.get("kind") or line["level"]: line for line in lines}
    assert (told["/api/session"]["status"], told["test"]["job_failed"], told["broken"]["job_failed"]) == (401, 0, 1)
    assert told["broken"]["request"] == "job-1"
    assert "ZeroDivisionError" in told["warning"]["error"]
    for line in (told["/api/session"], told["broken"]):
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        assert (directive["Namespace"], line["function"]) == ("Labelkite", "team-a-api")
        assert all(metric["Name"] in line for metric in directive["Metrics"])
