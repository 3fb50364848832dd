"""Learning to cooperate in repeated games with private types.

The companion package of an executable book. Data flows one way: games → equilibria → strategies →
play → regret → social → bounds → picture → plots → explore.
"""

from socialcoop import bounds, games, plots
from socialcoop.equilibria import (
    Profile,
    coarse_correlated_equilibrium,
    nash_equilibria,
    pareto_optimal_nash,
    worst_pone,
)
from socialcoop.explore import Control, Explorable, explore
from socialcoop.games import Game
from socialcoop.picture import Picture
from socialcoop.play import Play, expected_payoffs, history_distribution, play
from socialcoop.regret import external_regret, external_regret_path
from socialcoop.social import Consistency, WorstPartner, clopper_pearson, consistency, worst_failures, zoo
from socialcoop.strategies import (
    FictitiousPlay,
    Fixed,
    GrimTrigger,
    Hedge,
    RegretMatching,
    Scripted,
    Seat,
    Strategy,
    Tabular,
    TitForTat,
)

__all__ = [
    "Consistency",
    "Control",
    "Explorable",
    "FictitiousPlay",
    "Fixed",
    "Game",
    "GrimTrigger",
    "Hedge",
    "Picture",
    "Play",
    "Profile",
    "RegretMatching",
    "Scripted",
    "Seat",
    "Strategy",
    "Tabular",
    "TitForTat",
    "WorstPartner",
    "bounds",
    "clopper_pearson",
    "coarse_correlated_equilibrium",
    "consistency",
    "expected_payoffs",
    "explore",
    "external_regret",
    "external_regret_path",
    "games",
    "history_distribution",
    "nash_equilibria",
    "pareto_optimal_nash",
    "play",
    "plots",
    "worst_failures",
    "worst_pone",
    "zoo",
]
