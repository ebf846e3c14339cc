"""Exports: stored tasks and annotations to files, streamed. One module for each format, `formats` lists them.

    export = open_export("COCO", plan, Options(source="consensus", splits=splits.read("0.8,0.1,0.1")))
    for chunk in written(export, rows): ...
    export.report.body   # what was left out, and why

`json_tasks` and `json_min` are Label Studio's two JSON forms without any of this.
"""

from labeling.exports.export import Export, Options
from labeling.exports.fault import ExportFault
from labeling.exports.formats import FORMATS, fitting, objects_of, open_export
from labeling.exports.label_studio import json_min, json_tasks
from labeling.exports.writing import assembled, written

__all__ = [
    "FORMATS",
    "Export",
    "ExportFault",
    "Options",
    "assembled",
    "fitting",
    "json_min",
    "json_tasks",
    "objects_of",
    "open_export",
    "written",
]
