"""Run by Label Studio's own SDK, in an environment of its own: a data scientist's session against a server, and what
came back as JSON. Arguments: the server's address, an API token."""

import json
import sys

from label_studio_sdk import LabelStudio

CONFIG = (
    '<View><Text name="t" value="$text"/>'
    '<Choices name="mood" toName="t"><Choice value="Calm"/><Choice value="Sad"/></Choices></View>'
)


def mood(choice):
    return [{"from_name": "mood", "to_name": "t", "type": "choices", "value": {"choices": [choice]}}]


client = LabelStudio(base_url=sys.argv[1], api_key=sys.argv[2])
said = {"who": client.users.whoami().id, "release": client.versions.get().edition}

project = client.projects.create(title="By the SDK", label_config=CONFIG, maximum_annotations=2)
client.projects.update(id=project.id, expert_instruction="Read it twice.")
client.projects.validate_label_config(project.id, label_config=CONFIG)
shown = client.projects.get(id=project.id)
said["project"] = {"id": shown.id, "title": shown.title, "instruction": shown.expert_instruction}
said["labels"] = sorted(shown.get_label_interface().get_control("mood").labels)
said["listed"] = project.id in [one.id for one in client.projects.list()]

imported = client.projects.import_tasks(
    id=project.id, request=[{"text": f"Text {n}"} for n in range(1, 41)], return_task_ids=True
)
said["imported"] = {"tasks": imported.task_count, "ids": len(imported.task_ids)}
one = client.tasks.create(project=project.id, data={"text": "One more"})
client.tasks.update(id=one.id, data={"text": "One more, respelt"})
said["one"] = client.tasks.get(id=one.id).data
said["pages"] = [task.data["text"] for task in client.tasks.list(project=project.id, page_size=25)]
query = {"filters": {"conjunction": "and", "items": [
    {"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": "Text 4"},
]}}  # fmt: skip
said["filtered"] = [task.data["text"] for task in client.tasks.list(project=project.id, query=json.dumps(query))]

first, second = imported.task_ids[:2]
made = client.predictions.create(task=first, result=mood("Sad"), score=0.4, model_version="m1")
client.predictions.update(id=made.id, task=first, result=mood("Sad"), score=0.5, model_version="m1")
client.projects.import_predictions(
    id=project.id, request=[{"task": second, "result": mood("Calm"), "score": 0.9, "model_version": "m1"}]
)
said["predictions"] = [
    [one.task, one.score, one.model_version, one.result[0]["value"]]
    for one in client.predictions.list(project=project.id)
]

annotation = client.annotations.create(id=first, result=mood("Calm"), lead_time=3.5)
other = client.annotations.create(id=first, result=mood("Sad"))
changed = client.annotations.update(id=other.id, result=mood("Calm"))
said["annotations"] = {
    "two": annotation.id != other.id,
    "listed": [[one.result[0]["value"]["choices"], one.lead_time] for one in client.annotations.list(id=first)],
    "changed": changed.result[0]["value"],
}
gone = client.annotations.create(id=second, result=mood("Calm"))
client.annotations.delete(id=gone.id)

exported = client.projects.exports.as_json(project.id)
said["exported"] = {
    "tasks": len(exported),
    "annotated": {task["id"]: len(task["annotations"]) for task in exported if task["annotations"]},
}
said["first"] = first

hook = client.webhooks.create(url="https://93.184.216.34/hook", project=project.id, send_for_all_actions=True)
said["hooks"] = [one.url for one in client.webhooks.list(project=project.id)]
client.webhooks.delete(id=hook.id)

client.tasks.delete(id=one.id)
said["left"] = len([task.id for task in client.tasks.list(project=project.id)])
client.projects.delete(id=project.id)
said["deleted"] = project.id not in [one.id for one in client.projects.list()]
json.dump(said, sys.stdout)
