"""Consensus: how much the people who labeled a task agree, and what they said together.

sheets.py reads annotations, compute.py compares them control by control, merge.py writes the merged result, people.py
counts what it says about each person. registry.py says which metric belongs to which type of control: of answers
(answers.py, scales.py, taxonomies.py, rankings.py, custom.py), of regions (regions.py, matched by matching.py: plane.py
and its shapes, spans.py, times.py, conversations.py, tracks.py) and of links between regions (relations.py).
reliability/ is about whole projects. Standard library only.
"""

from labeling.consensus.compute import Decision, compute, decide
from labeling.consensus.registry import METRICS

__all__ = ["METRICS", "Decision", "compute", "decide"]
