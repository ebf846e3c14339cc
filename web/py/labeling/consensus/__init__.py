"""Consensus: how much the people who labeled a task agree, and what they said together.

sheets.py reads annotations, compute.py compares them control by control, merge.py writes the merged result. registry.py
says which metric belongs to which type of control: answers.py (choices, ratings, texts) and regions.py (boxes.py,
spans.py, matched by matching.py). reliability/ has the coefficients of whole projects. Standard library only.
"""

from labeling.consensus.compute import Decision, compute, decide
from labeling.consensus.registry import METRICS

__all__ = ["METRICS", "Decision", "compute", "decide"]
