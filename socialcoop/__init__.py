"""Learning to cooperate in repeated games with private types.

The companion package of an executable book. Three parts, one direction. The science: checks → games → polytopes →
equilibria → plays → strategies → people → engine → regret → social → imitation → commit → phase → bounds → sweeps →
comparison. The book, which draws what the science computes, and the teaching part, which asks about it, are loaded when
first used: ``socialcoop.book`` and ``socialcoop.teach``. Here are the everyday names of the first two; the others are
in their modules, such as ``socialcoop.strategies``.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from socialcoop import bounds, games, people, strategies
from socialcoop.commit import ImitateThenCommit, ThenCommit, best_commitment, best_constant, commitment_mixture
from socialcoop.comparison import rivals
from socialcoop.engine import expected_payoffs, history_distribution, play
from socialcoop.equilibria import coarse_correlated_equilibrium, nash_equilibria, pareto_optimal_nash, worst_pone
from socialcoop.games import Game
from socialcoop.imitation import HistoryTree, Imitator, ModelImitator, marginal_tv, missing_mass
from socialcoop.phase import choose_phase
from socialcoop.plays import Play
from socialcoop.regret import altruistic_regret, external_regret
from socialcoop.social import (
    Dataset,
    Population,
    SocialLearningProblem,
    check_strategy,
    compatibility,
    consistency,
    social_intelligence,
)
from socialcoop.strategies import (
    Codebook,
    Convention,
    FictitiousPlay,
    Fixed,
    GrimTrigger,
    Hedge,
    RegretMatching,
    Scripted,
    Seat,
    Strategy,
    TitForTat,
)
from socialcoop.sweeps import stress, sweep

if TYPE_CHECKING:
    from socialcoop.book import Control, Picture, explore
    from socialcoop.book import figures as plots

__version__ = version("socialcoop")

__all__ = [
    "Codebook",
    "Control",
    "Convention",
    "Dataset",
    "FictitiousPlay",
    "Fixed",
    "Game",
    "GrimTrigger",
    "Hedge",
    "HistoryTree",
    "ImitateThenCommit",
    "Imitator",
    "ModelImitator",
    "Picture",
    "Play",
    "Population",
    "RegretMatching",
    "Scripted",
    "Seat",
    "SocialLearningProblem",
    "Strategy",
    "ThenCommit",
    "TitForTat",
    "altruistic_regret",
    "best_commitment",
    "best_constant",
    "bounds",
    "check_strategy",
    "choose_phase",
    "coarse_correlated_equilibrium",
    "commitment_mixture",
    "compatibility",
    "consistency",
    "expected_payoffs",
    "explore",
    "external_regret",
    "games",
    "history_distribution",
    "marginal_tv",
    "missing_mass",
    "nash_equilibria",
    "pareto_optimal_nash",
    "people",
    "play",
    "plots",
    "rivals",
    "social_intelligence",
    "strategies",
    "stress",
    "sweep",
    "worst_pone",
]

_BOOK = {"Control": "Control", "Picture": "Picture", "explore": "explore", "plots": "figures", "book": ""}


def __getattr__(name: str) -> Any:
    """Return a part that takes longer to load, or a name of the book part."""
    if name == "teach":
        return import_module("socialcoop.teach")
    if name not in _BOOK:
        raise AttributeError(f"module 'socialcoop' has no attribute {name!r}")
    book = import_module("socialcoop.book")
    found = getattr(book, _BOOK[name]) if _BOOK[name] else book
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_BOOK, "teach"})
