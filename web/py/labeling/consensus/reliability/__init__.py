"""Agreement over the tasks of a whole project, chance taken into account: one coefficient a module.

All of them raise UndefinedAgreement where the coefficient does not exist; none of them returns 0 or NaN instead.
"""

from labeling.consensus.reliability.cohen import cohen_kappa
from labeling.consensus.reliability.fleiss import fleiss_kappa
from labeling.consensus.reliability.krippendorff import Level, krippendorff_alpha
from labeling.consensus.reliability.percent import percent_agreement
from labeling.consensus.reliability.ratings import Ratings, UndefinedAgreement

__all__ = [
    "Level",
    "Ratings",
    "UndefinedAgreement",
    "cohen_kappa",
    "fleiss_kappa",
    "krippendorff_alpha",
    "percent_agreement",
]
