"""Agreement over the tasks of a whole project, chance taken into account, and reliability of people: one a module.

All of them raise UndefinedAgreement where a coefficient does not exist; none of them returns 0 or NaN instead.
report.py puts all of it into plain JSON.
"""

from labeling.consensus.reliability.cohen import cohen_kappa
from labeling.consensus.reliability.dawid_skene import DawidSkene, dawid_skene
from labeling.consensus.reliability.fleiss import fleiss_kappa
from labeling.consensus.reliability.krippendorff import Level, krippendorff_alpha
from labeling.consensus.reliability.pairs import agreement_matrix, confusion, label_pairs, label_scores
from labeling.consensus.reliability.percent import percent_agreement
from labeling.consensus.reliability.ratings import Ratings, UndefinedAgreement
from labeling.consensus.reliability.report import reliability
from labeling.consensus.reliability.votes import Row, Votes, majority
from labeling.consensus.reliability.votes import read as read_votes
from labeling.consensus.reliability.wawa import Wawa, wawa

__all__ = [
    "DawidSkene", "Level", "Ratings", "Row", "UndefinedAgreement", "Votes", "Wawa", "agreement_matrix", "cohen_kappa",
    "confusion", "dawid_skene", "fleiss_kappa", "krippendorff_alpha", "label_pairs", "label_scores", "majority",
    "percent_agreement", "read_votes", "reliability", "wawa",
]  # fmt: skip
