"""Exports: stored tasks and annotations to files, streamed. One module for each format."""

from labeling.exports.label_studio import json_min, json_tasks

__all__ = ["json_min", "json_tasks"]
