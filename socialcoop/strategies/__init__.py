"""Meta-strategies: the protocol, learners, rules, reactions, combinators, conventions, codes, and who spends regret."""

from socialcoop.strategies.agreement import Agreement
from socialcoop.strategies.axelrod import from_axelrod
from socialcoop.strategies.bandit import Exp3IX
from socialcoop.strategies.black_box import BlackBox
from socialcoop.strategies.codebook import Codebook, CodedConvention
from socialcoop.strategies.combinators import ByAgent, Merged, Tempered, Trembling
from socialcoop.strategies.conventions import Convention, JointSchedule, Signal, announcing_classes, schedule
from socialcoop.strategies.learners import FictitiousPlay, Hedge, RegretMatching
from socialcoop.strategies.protocol import Seat, Strategy
from socialcoop.strategies.reactive import Automaton, MemoryOne, WinStayLoseShift
from socialcoop.strategies.rules import Fixed, GrimTrigger, Scripted, Tabular, TitForTat
from socialcoop.strategies.secret_code import SecretCode
from socialcoop.strategies.spend_then_learn import SpendThenLearn, spare_regret
from socialcoop.strategies.spenders import BankedRegret, Grudge
from socialcoop.strategies.spiteful import Levels, Spiteful, SpitefulExaminer, level_starts
from socialcoop.strategies.varied import VariedTeam

__all__ = [
    "Agreement",
    "Automaton",
    "BankedRegret",
    "BlackBox",
    "ByAgent",
    "Codebook",
    "CodedConvention",
    "Convention",
    "Exp3IX",
    "FictitiousPlay",
    "Fixed",
    "GrimTrigger",
    "Grudge",
    "Hedge",
    "JointSchedule",
    "Levels",
    "MemoryOne",
    "Merged",
    "RegretMatching",
    "Scripted",
    "Seat",
    "SecretCode",
    "Signal",
    "SpendThenLearn",
    "Spiteful",
    "SpitefulExaminer",
    "Strategy",
    "Tabular",
    "Tempered",
    "TitForTat",
    "Trembling",
    "VariedTeam",
    "WinStayLoseShift",
    "announcing_classes",
    "from_axelrod",
    "level_starts",
    "schedule",
    "spare_regret",
]
