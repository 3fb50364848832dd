"""Every bad argument of every public function is refused by an error that names the argument."""

import inspect
import re

import numpy as np
import pytest
from imitation_oracles import Shares
from test_reference import PUBLIC

import socialcoop as sc

NAN, INF, HUGE = float("nan"), float("inf"), 10**12
MASKED = np.ma.array(1, mask=True)
EMPTY, HALVES = np.zeros((0, 0)), np.full((1, 1, 2), 0.5)
MATRICES = [["1", "0"], ["0", "0"]], [[1j, 0], [0, 0]], [[1], [0, 0]], [[INF, 0], [0, 1]], [[10**400, 0], [0, 1]]

# kind of argument: (bad values for every argument of the kind, odder ones for the first in the table only)
KINDS = {
    "integer": ((-1, 1.5, True, "2", None), (NAN, [1], 1j, np.bool_(True), MASKED)),  # at least 0
    "count": ((0, -1, 1.5, True, "2", None), (NAN, [1], 1j, np.bool_(True), MASKED)),  # at least 1
    "agent": ((2, -1, 1.5, None), (True, "2")),
    "unit": ((-0.1, 1.1, NAN, "0.5", None), (INF, True, [0.5], 1j, np.complex128(0.5), 10**400, MASKED)),  # in [0, 1]
    "open unit": ((0, 1, NAN, "0.5", None), (INF, True, [0.5], 1j, 10**400)),
    "half-open unit": ((0, 1.1, NAN, "0.5", None), (INF, True, [0.5], 1j, 10**400)),
    "from 0": ((-0.1, NAN, "0.5", None), (INF, True, [0.5], 1j, 10**400)),
    "seed": ((-1, 1.5, "one"), (True, [1], np.random.RandomState(0))),
    "fixed seed": ((-1, 1.5, "one", None, np.random.default_rng(0)), ()),
    "game": ((None, "chicken", sc.Game), (3, np.eye(2))),
    "strategy": ((None, "Hedge", sc.Hedge), (0, [sc.Hedge()])),
    "play": ((None, np.zeros((3, 2, 1), np.uint8), sc.Play), (3,)),
    "problem": ((None, "problem", sc.SocialLearningProblem), (0,)),
    "types": (
        (None, (0,), (0, 2), (-1, 0), (0.0, 1.0), "ab"),
        (0, (), (0, 1, 0), (0, 10**30), (True, False), [[0], [0, 1]]),
    ),
    "members": ((None, [], [None], [sc.Hedge], sc.Hedge()), (0, "Hedge", (), [sc.Hedge(), 0], np.zeros(2))),
    "choice": (("guess", None, ["mixture"]), (1, np.array(["mixture", "pure"]))),
    "names": ((5, ["only one"], [1, 2]), ("ab", [None, None])),
    "actions": (
        (None, 0, "01", [0.0, 1.0], [-1, 0], [True]),
        (["0"], [[0], [0, 1]], 1j, [10**30], np.zeros((1, 1, 1), int)),
    ),
    "list": ((None, 1, "ab", [], [None], [1.0], [True]), ((), {1}, iter([1]), ["1"], [[1]], np.ones((1, 2), int))),
    "joint": (  # a distribution over joint actions (N, N)
        (None, [0.5, 0.5], EMPTY, np.full((2, 2), 0.3), [[-0.5, 0.5], [0.5, 0.5]], [[NAN, 0], [0, 1]]),
        (1, "ab", [], [[]], [[0.5, 0.5]], [[0.5], [0.5]], np.zeros((2, 2)), *MATRICES, np.full((1, 2, 2), 0.25)),
    ),
    "payoffs": (
        (None, "abc", 3, [], [1, 0], [[1, 0]], np.zeros((1, 1, 2, 2)), np.zeros((0, 2, 2)), np.zeros((1, 0, 0))),
        (np.zeros((1, 257, 257)), [[NAN, 0], [0, 1]], [[-0.1, 0], [0, 1]], [[1.1, 0], [0, 1]], *MATRICES),
    ),
    "square": (
        (None, 1, "ab", [], [1.0, 0.0], [[1.0]], [[1.0, 0.0]], np.zeros((2, 3)), np.eye(3), np.zeros((1, 2, 2))),
        ([[NAN, 0], [0, 1]], *MATRICES),
    ),
    "column": (
        (None, 0.5, [0.5, 0.5], [[0.5]], np.zeros((3, 2)), [[NAN], [0]]),
        ([["1"], ["0"]], [[1j], [0]], "ab"),
    ),
    "mixed": (
        (None, -1, 0.5, True, "a", [], [0.5, 0.4], [0.5, 0.6], [-0.5, 1.5], [NAN, 1]),
        ([[]], [INF, 0], ["0.5", "0.5"], [[1], [0.5, 0.5]], HALVES),
    ),
    "shares": (
        (1, "ab", [], [0.5, 0.6], [-0.5, 1.5], [NAN, 1], [INF, 0]),
        (0, ["0.5", "0.5"], [[0.5, 0.5]], [[1], [0.5, 0.5]]),
    ),
    "code": (
        (0, "01", [0, 1], [[0.0], [1.0]], [[0], [0]], [[0], [1, 1]], [[-1], [0]]),
        (0.5, [["0"]], [[True], [False]], [[[0]]]),
    ),
    "challenges": (
        (None, 0, "01", [0, 0], [[0.0]], [[1]], [[-1]], [[True]]),
        ([["0"]], [[0], [0, 0]], np.zeros((1, 1, 1), dtype=int)),
    ),
    "sample": (
        (None, 1, "ab", [], [1.0], [[1.0, 2.0]], [NAN, 1], [INF, 1]),
        (["1", "2"], [1j, 2], [[1], [1, 2]], [10**400, 1]),
    ),
    "tables": (  # behaviour after each history
        (None, "ab", [], [None], [[[0.5, 0.5]]], [[[[0.5, 0.6]]]], [[[[NAN, 1]]]]),
        (0, (), [0.5], ["ab"], [[[[-1, 2]]]], [[[["0.5", "0.5"]]]], [[[[0.5, 0.5j]]]]),
    ),
    "owed": ((-0.1, 1.1, NAN, "ab", [0.5, 0.5], np.zeros((3, 3))), ([[1], [0, 1]], 1j, INF)),
    "pair": (
        (None, 0.1, (0.1,), (-0.1, 0), (0, NAN)),
        ("ab", [], (0, 0, 0), (1.1, 0), (NAN, 0), (0, -0.1), (0, INF), (0, "1"), ([0], 0)),
    ),
}
# arguments that are of the same kind wherever they are called so
KIND_OF = {
    **{name: name for name in ("agent", "game", "strategy", "play", "problem", "types", "members", "seed")},
    **{"strategy1": "strategy", "strategy2": "strategy", "fallback": "strategy?", "dataset": "play", "owed": "owed?"},
    **{"epsilon": "from 0", "tv": "from 0", "confidence": "open unit", "delta": "half-open unit", "joint": "joint"},
    **{"n_actions": "count", "n_types": "count", "challenges": "count", "max_nodes": "count"},
}
SIZE = ("integer", HUGE, 10**30)  # as many as memory holds
FROM_1 = ("count", HUGE, 10**30)
GAP = ("", -1.1, 1.1, NAN, "0.5", None)  # in [-1, 1]

game = sc.games.battle_of_the_sexes()
some = sc.play(sc.Fixed(0), sc.Fixed(0), game, (0, 1), 2, 3, seed=0)
problem = sc.SocialLearningProblem(game, sc.Population([sc.Hedge()]), 3)
data = problem.sample(4, seed=0)
empty = (problem.sample(0, seed=0), problem.sample(4, seed=0, stages=0))
project_play = sc.play(sc.Fixed(0), sc.Fixed(0), sc.games.project(), (0, 0), 3)
unequal_plays = {"one": project_play, "two": sc.play(sc.Fixed(0), sc.Fixed(0), sc.games.project(), (0, 0), 2)}
copier = sc.Imitator(sc.SocialLearningProblem(sc.games.team_lead(), sc.Hedge(), 3).sample(2, seed=0))
tree = sc.HistoryTree(problem, 2)
coin, many_sided = [HALVES], sc.Fixed(np.full(65, 1 / 65))

stage = {"game": game, "types": (0, 1)}
meeting = {"strategy1": sc.Hedge(), "strategy2": sc.Hedge(), "game": game, "types": (0, 1), "horizon": 3}
judged = {"strategy": sc.Hedge(), "game": game, "horizon": 3, "epsilon": 0.1}
told = {"horizon": 10, "phase": 5, "epsilon": 0.1, "delta": 0.1, "tv": 0.1}
bad_told = {"horizon": "count", "phase": ("integer", 11, HUGE), "delta": "unit"}
recorded = {"dataset": data, "phases": [1, 3], "horizon": 10}
bad_recorded = {"dataset": ("play", *empty), "phases": ("list", [0], [4], [1, HUGE]), "horizon": "count"}
judged_by = {"strategy": sc.Hedge(), "records": data, "horizon": 10}
unseen = sc.Dataset(data.actions, data.types, game, np.zeros(data.actions.shape, bool))
bad_judges = ("play", *empty, unseen)
bad_recorded["commit"] = "choice", "last", "Pure"
imitated = {"strategy": sc.Hedge(), "game": game, "agent": 0, "phase": 2}
compared = {"p": coin, "q": coin, "episodes": 5}
bad_compared = {
    "p": "tables",
    "q": ("tables", [np.full((2, 1, 2), 0.5)], [np.full((1, 1, 3), 1 / 3)], [HALVES, np.full((1, 2, 2), 0.5)]),
    "episodes": "integer",
    "type_weights": ("", "ab", [], [0.5, 0.5], [0.9], [-1.0], [NAN], ["1"], [[1.0]], [1j]),
}
gridded = {"problem": problem, "phases": [1], "episodes": [2], "plays": 4, "datasets": 2, "n_jobs": 1}
stressed = {"problem": problem, "assistants": {"a": sc.Fixed(0)}, "episodes": [5], "amounts": [0, 1]}
stressed |= {"changes": {"one": {}}, "plays": 4, "datasets": 2}
broken = sc.sweeps.Stress(("one",), ("a", "b"), (2, 3), (0.1,), np.zeros((2, 2, 2)), np.zeros((1, 2, 2, 1, 2)))
bad_broken = {
    "change": ("", None, "two", 0, ["one"]),
    "assistant": ("", None, "c", 0, ["a"]),
    "episodes": ("", None, 4, "2", [2]),
    "amount": ("", None, 0.2, "0.1", [0.1]),
}

met = {"problem": problem, "trained": lambda records: {"no data": sc.Fixed(0)}, "episodes": [2]}
met |= {"plays": 4, "datasets": 2, "n_jobs": 1}
found = sc.comparison.Rivals(("a", "b"), (2, 3), np.arange(8).reshape(2, 2, 2))

METHODS = {
    "Game.normalised": sc.Game.normalised,
    "Game.from_bimatrix": sc.Game.from_bimatrix,
    "Game.stage": game.stage,
    "Game.bimatrix": game.bimatrix,
    "Game.pair": game.pair,
    "Play.payoffs": some.payoffs,
    "strategies.MemoryOne.generous_tit_for_tat": sc.strategies.MemoryOne.generous_tit_for_tat,
    "strategies.MemoryOne.zero_determinant": sc.strategies.MemoryOne.zero_determinant,
    "Convention.codewords": sc.Convention().codewords,
    "Convention.agreed": sc.Convention().agreed,
    "Convention.plan": sc.Convention().plan,
    "strategies.Agreement.departure": sc.Convention().departure,
    "strategies.JointSchedule.steps": sc.strategies.JointSchedule(np.eye(2) / 2).steps,
    "strategies.CodedConvention.acts": sc.strategies.CodedConvention(sc.Convention(), 1).acts,
    "Dataset.split": data.split,
    "Dataset.from_arrays": sc.Dataset.from_arrays,
    "Codebook.answers": sc.Codebook(1).answers,
    "strategies.SecretCode.answers": sc.strategies.SecretCode(2).answers,
    "SocialLearningProblem.sample": problem.sample,
    "SocialLearningProblem.sample_types": problem.sample_types,
    "Imitator.followed": sc.Imitator(data).followed,
    "ModelImitator.cooled": sc.ModelImitator(data, Shares()).cooled,
    "comparison.Rivals.interval": found.interval,
    "comparison.Rivals.margin": found.margin,
    "sweeps.Stress.means": broken.means,
    "sweeps.Stress.interval": broken.interval,
    "sweeps.Stress.lost": broken.lost,
    "HistoryTree.tv": tree.tv,
    "HistoryTree.marginal_tv": tree.marginal_tv,
    "HistoryTree.missing_mass": tree.missing_mass,
    "HistoryTree.sample_tv": tree.sample_tv,
}

# name: (good arguments, {argument: kind, or (kind, further bad values)}); a "?" after a kind allows None, arguments
# that are left out are of the kind their name says, and a name may carry a remark after a space
TABLE = {
    "Game": (
        {"payoffs": np.eye(2)},
        {
            "payoffs": "payoffs",
            "name": ("", 3, None, ["a"]),
            "actions": "names",
            "types": ("", 5, "a", [], [1], ["one", "two"]),
        },
    ),
    "Game.normalised": (
        {"payoffs": [[-3.0, 4.0], [9.0, 0.5]]},
        {
            "payoffs": (
                "",
                None,
                "abc",
                3,
                [],
                [1, 0],
                [[1, 0]],
                np.zeros((1, 1, 2, 2)),
                np.zeros((0, 2, 2)),
                *MATRICES,
            ),
            "name": ("", 3, None, ["a"]),
            "actions": "names",
            "types": ("", 5, "a", [], [1], ["one", "two"]),
        },
    ),
    "Game.from_bimatrix": (
        {"row_payoffs": [[1, 0], [0, 0.5]], "column_payoffs": [[0.25, 0], [0, 1]]},
        {
            "row_payoffs": ("square", [[1.1, 0], [0, 1]]),
            "column_payoffs": ("square", [[-0.1, 0], [0, 1]]),
            "name": ("", 3, None, ["a"]),
            "actions": "names",
            "types": ("", 5, "a", [], [1, 2], ["one"]),
        },
    ),
    "Game.stage": ({}, {}),
    "Game.bimatrix": ({}, {}),
    "Game.pair": ({}, {}),
    "Play": (
        {"actions": some.actions, "types": some.types, "game": game},
        {
            "actions": ("", None, "a", some.actions[0], some.actions[:, :1], some.actions + 0.5, some.actions + 2),
            "types": ("", None, (0, 1), np.zeros((2, 2), int), np.full((3, 2), 2), np.full((3, 2), 0.5)),
            "observed": ("", True, "yes", some.actions, np.ones((3, 2), bool), np.ones((1, 2, 3), int), [[True], []]),
        },
    ),
    "Dataset": (
        {"actions": some.actions, "types": some.types, "game": game},
        {
            "actions": ("", None, "a", some.actions[0], some.actions[:, :1], some.actions + 0.5, some.actions + 2),
            "types": ("", None, (0, 1), np.zeros((2, 2), int), np.full((3, 2), 2), np.full((3, 2), 0.5)),
            "observed": ("", True, "yes", some.actions, np.ones((3, 2), bool), np.ones((1, 2, 3), int), [[True], []]),
        },
    ),
    "Play.payoffs": ({}, {}),
    "Hedge": ({}, {"rate": ("from 0?", [[1], [1, 2]])}),
    "RegretMatching": ({}, {}),
    "FictitiousPlay": ({}, {}),
    "strategies.Exp3IX": ({}, {"rate": "from 0?"}),
    "Fixed": ({}, {"mixed": "mixed"}),
    "Scripted": ({"actions": [0]}, {"actions": ("actions", [], [[]])}),
    "TitForTat": ({}, {"opening": "integer"}),
    "GrimTrigger": ({}, {"cooperate": "integer", "punish": "integer"}),
    "strategies.Tabular": ({}, {"tables": ("", None, 5, "ab", [None], [0.5], [[[0.5, 0.5]]], [[[[0.5, 0.6]]]])}),
    "strategies.Automaton": (
        {"actions": [0, 1], "moves": [[0, 1], [1, 1]]},
        {
            "actions": ("", None, 0, "01", [], [0, 2], [0, -1], [0, 0.5], [0, True], [0, [0.5]], [0, [0.5, 0.6]]),
            "moves": ("", None, 0, "01", [], [0, 1], [[0, 2], [0, 0]], [[0, -1], [0, 0]], [[0.0, 1.0]] * 2, [[0, 1]]),
            "start": ("", None, -1, 2, 0.5, True, "0", [0, 2], [[0]], [0.0], [[0], [0, 1]]),
        },
    ),
    "strategies.MemoryOne": (
        {"replies": np.full((2, 2, 2), 0.5)},
        {
            "replies": ("", None, 0, "ab", [], [0.5, 0.5], np.eye(2), np.full((2, 2, 2), 0.4), np.full((1, 2, 2), 0.5)),
            "opening": ("", None, -1, 2, 0.5, True, "0", [], [0.5, 0.6], [1, 0, 0], [NAN, 1], [-1, 2], [[1], [0, 1]]),
        },
    ),
    "strategies.MemoryOne.generous_tit_for_tat": (
        {"generosity": 0.3},
        {"generosity": "unit", "n_actions": ("count", 257, HUGE), "cooperate": ("integer", 2)},
    ),
    "strategies.MemoryOne.zero_determinant": (
        {"game": sc.games.prisoners_dilemma(), "types": (0, 0), "chi": 3, "baseline": 0.2},
        {
            "game": ("game", sc.games.coordination(3)),
            "chi": ("", None, NAN, INF, "3", True, [3], 1j, 0),
            "baseline": ("", None, NAN, INF, "0.2", True, [0.2], 1j, 0.1, 0.7),
            "phi": ("half-open unit?", 0, 0.4, -0.1),
            "opening": ("integer", 2),
        },
    ),
    "strategies.WinStayLoseShift": ({}, {"aspiration": "unit?", "opening": "integer"}),
    "strategies.ByAgent": (
        {"first": sc.Hedge(), "second": sc.Fixed(0)},
        {"first": "strategy", "second": "strategy"},
    ),
    "check_strategy": ({"strategy": sc.Hedge(), "game": game}, {"horizon": "count"}),
    "strategies.BlackBox": (
        {"start": lambda *seat: lambda own, other: 0},
        {"start": ("", None, 3, "a"), "name": ("", 3, ["a"], b"a")},
    ),
    "strategies.Tempered": ({"strategy": sc.Hedge(), "temperature": 0.5}, {"temperature": "from 0"}),
    "strategies.Merged": ({"strategy": sc.Hedge()}, {}),
    "strategies.Trembling": ({"strategy": sc.Hedge(), "rate": 0.1}, {"rate": "unit"}),
    "strategies.schedule": ({"joint": [0.5, 0.5], "horizon": 4}, {"joint": ("shares", None), "horizon": SIZE}),
    "Convention": ({}, {"select": ("", None, 0, "best", ["welfare"], True), "code": "code"}),
    "Convention.codewords": ({}, {}),
    "Convention.agreed": (stage, {}),
    "Convention.plan": ({"game": game, "horizon": 3}, {"horizon": SIZE}),
    "strategies.Agreement.departure": ({"play": some}, {}),
    "strategies.Signal": (
        {"code": [0, 1], "answer": [0, 1]},
        {"code": ("actions", [[0]]), "answer": ("actions", [[0]])},
    ),
    "strategies.JointSchedule": ({"joint": np.eye(2) / 2}, {}),
    "strategies.JointSchedule.steps": ({"game": game, "horizon": 3}, {"horizon": SIZE}),
    "strategies.announcing_classes": ({}, {}),
    "strategies.BankedRegret": ({"joint": np.eye(2) / 2, "epsilon": 0.1}, {}),
    "strategies.Grudge": ({"actions": [0, 1], "epsilon": 0.1}, {"actions": ("actions", [[0]])}),
    "strategies.SpendThenLearn": (
        {"slots": [0], "waste": 1, "epsilon": 0.3},
        {
            "slots": ("actions", [], [[]]),
            "waste": ("", None, -1, 0.5, "a", [0.5], [[0]], True, 1j),
            "patient": ("", None, 2, "yes", [True]),
        },
    ),
    "strategies.spare_regret": (
        {"horizon": 9, "slots": 2, "epsilon": 0.3, "delta": 0.1},
        {"slots": "count", "horizon": ("integer",)},
    ),
    "strategies.Spiteful": ({"phase": 8, "epsilon": 0.1}, {"phase": ("count", 6)}),
    "strategies.SpitefulExaminer": (
        {"phase": 8, "epsilon": 0.1, "begins": 8},
        {
            "phase": ("count", 6),
            "begins": ("count", 7),
            "answers": "count",
            "key": ("integer", 2**63),
        },
    ),
    "strategies.Levels": (
        {"phase": 8, "starts": [2, 4], "epsilon": 0.1},
        {"phase": "count", "starts": ("actions", [0], [4, 4], [4, 2], [8], [[2]])},
    ),
    "strategies.level_starts": (
        {"horizon": 9, "phase": 3, "levels": 2},
        {"horizon": "count", "phase": ("count", 10), "levels": "count"},
    ),
    "strategies.VariedTeam": (
        {},
        {
            "change": "choice",
            "stay": "unit?",
            "small_talk": "integer",
            "patience": "integer",
            "key": ("integer", 2**63),
            "opposite": ("", None, 2, "yes", [True]),
        },
    ),
    "strategies.CodedConvention": (
        {"convention": sc.Convention()},
        {
            "convention": ("strategy", sc.Hedge(), sc.Convention),
            "wordings": ("count", 257, HUGE),
            "key": ("integer", 2**63),
        },
    ),
    "strategies.CodedConvention.acts": ({"game": game}, {}),
    "Codebook": (
        {"challenges": 2},
        {
            "challenges": ("count", 256, HUGE),
            "key": ("integer", 2**63, 10**30),
            "words": ("count?", 256, HUGE),
        },
    ),
    "Codebook.answers": (
        {"challenges": np.zeros((3, 2), dtype=int), "game": game},
        {"challenges": "challenges"},
    ),
    "strategies.SecretCode": (
        {"length": 1},
        {
            "length": ("integer", 53, HUGE),
            "key": ("integer", 2**63, 10**30),
            "code": ("actions?", [], [[0, 1]], [0], [0, 2], [0, 1, 1]),
        },
    ),
    "strategies.SecretCode.answers": (
        {"words": [[0], [1]]},
        {
            "words": (
                "",
                None,
                0,
                "01",
                [0, 1],
                [[0.0], [1.0]],
                [[2], [0]],
                [[-1], [0]],
                [["0"], ["1"]],
                [[0]],
                [[0], [0, 1]],
            )
        },
    ),
    "nash_equilibria": (stage, {}),
    "pareto_optimal_nash": (stage, {}),
    "worst_pone": (stage, {}),
    "coarse_correlated_equilibrium": (
        stage,
        {
            "weights": ("", None, 1, (1,), (1, 2, 3), (NAN, 1), (INF, 1), "ab", ("1", "2"), [[1], [1, 2]]),
            "sense": "choice",
        },
    ),
    "equilibria.reaches_pone": (stage | {"payoffs": [[0.5], [0.5]], "epsilon": 0.1}, {"payoffs": "column"}),
    "equilibria.coarse_correlated_gain": (
        stage | {"joint": np.eye(2) / 2},
        {"joint": ("joint", [[1.0]], np.full((3, 3), 1 / 9))},
    ),
    "equilibria.coarse_correlated_payoffs": (stage, {}),
    "plays.stages_until_settled": (
        {"play": some, "actions": [0]},
        {"actions": ("actions", [[0]], [2]), "share": "half-open unit", "least": "count"},
    ),
    "play": (
        meeting,
        {"types": ("types", [[0, 1], [0, 1]], [[0], [1]]), "horizon": SIZE, "episodes": SIZE},
    ),
    "play of no stages": (meeting | {"horizon": 0}, {"episodes": ("", HUGE, 10**30)}),
    "play of no episodes": (meeting | {"episodes": 0}, {"horizon": ("", 10**30)}),
    "history_distribution": (meeting, {"types": ("types", [[0, 1]]), "horizon": (*SIZE, 13)}),
    "expected_payoffs": (meeting, {"types": ("types", [[0, 1]]), "horizon": "integer"}),
    "expected_payoffs of too many histories": (
        {"strategy1": many_sided, "strategy2": many_sided, "game": sc.games.coordination(65), "types": (0, 0)},
        {"horizon": ("", 2, HUGE, 10**30)},
    ),
    "external_regret": ({"play": some}, {}),
    "regret.external_regret_path": ({"play": some}, {}),
    "regret.counted_regret": (
        {"game": game, "counts": np.ones((2, 2))},
        {
            "counts": (
                *("", None, "ab", 1, [1, 1], np.ones((3, 3)), np.zeros((2, 2)), [[-1, 2], [1, 1]], [[NAN, 1], [1, 1]]),
                *(np.stack([np.ones((2, 2)), np.zeros((2, 2))]), [["1", "0"], ["0", "0"]]),
            )
        },
    ),
    "altruistic_regret": ({"play": some}, {}),
    "consistency": (
        judged,
        {
            "horizon": "integer",
            "method": ("choice", ["auto"]),
            "partners": ("members?", 5),
            "episodes": "count",
        },
    ),
    "consistency by simulation": (
        judged | {"method": "estimate"},
        {"partners": "members?", "episodes": ("count", HUGE), "horizon": ("", HUGE), "confidence": "open unit"},
    ),
    "consistency of a convention": (judged | {"strategy": sc.Convention(), "method": "exact"}, {"max_nodes": "count"}),
    "compatibility": (
        {"strategy1": sc.Hedge(), "strategy2": sc.Hedge(), "game": game, "horizon": 3, "epsilon": 0.1},
        {"horizon": FROM_1, "episodes": FROM_1},
    ),
    "social_intelligence": (
        {"members": [sc.Hedge()], "game": game, "horizon": 3, "epsilon": 0.1},
        {"horizon": FROM_1, "episodes": FROM_1},
    ),
    "social_intelligence of a convention": (
        {"members": [sc.Convention()], "game": game, "horizon": 3, "epsilon": 0.1},
        {"horizon": ("", HUGE, 10**30)},
    ),
    "social.worst_failures": (
        {"strategy": sc.Hedge(), "game": game, "horizon": 3, "epsilons": [0.1]},
        {
            "horizon": ("integer", HUGE),
            "epsilons": ("", None, 0.1, [-0.1], [NAN], [INF], "ab", ["0.1"], [[0.1]], [[1], [1, 2]], [1j], [10**400]),
        },
    ),
    "social.usual_partners": ({}, {}),
    "social.clopper_pearson": (
        {"failures": 1, "trials": 3, "confidence": 0.9},
        {"failures": ("integer", 4), "trials": "count"},
    ),
    "social.mean_interval": ({"sample": [0.0, 1.0]}, {"sample": "sample"}),
    "social.misread": ({"dataset": data}, {"actions": "unit", "types": "unit"}),
    "social.hide_types": ({"dataset": data}, {}),
    "social.merge_synonyms": ({"dataset": data}, {}),
    "Population": ({"members": [sc.Hedge(), sc.Fixed(0)]}, {"weights": ("shares", 1.0, [1], [1, 0, 0])}),
    "SocialLearningProblem": (
        {"game": game, "people": sc.Hedge(), "horizon": 3, "types": None},
        {"people": ("strategy", sc.Population), "types": ("joint?", [[1]], np.full((3, 3), 1 / 9)), "horizon": SIZE[0]},
    ),
    "Dataset.split": ({"share": 0.5}, {"share": ("open unit", 0.01)}),
    "Dataset.from_arrays": (
        {"ai": [[0, 1]], "partner": [[0, 0]], "game": game, "types": [[0, 0]]},
        {
            "ai": ("", None, 3, "a", [0, 1], [[0, 2]], [[0, 0.5]], [["x", 0]], [[0, 1], [0, 1]], [[-1, 0]]),
            "partner": ("", None, 3, "a", [0, 1], [[0, 2]], [[0, 0.5]], [["x", 0]], [[0]], [[0, 1, 1]]),
            "types": ("", 3, "a", [0, 0], [[0, 2]], [[0, 0.5]], [["x", 0]], [[0, 0], [0, 0]], [[None, 0]]),
        },
    ),
    "SocialLearningProblem.sample": ({"episodes": 3}, {"episodes": SIZE, "stages": ("integer?", 4, HUGE)}),
    "SocialLearningProblem.sample_types": ({"episodes": 3}, {"episodes": SIZE}),
    "Imitator": ({"dataset": data}, {"phase": ("integer?", 4, HUGE), "unseen": "strategy?"}),
    "Imitator.followed": ({"play": data}, {}),
    "imitation.BackOffImitator": ({"dataset": data}, {"order": "integer", "minimum": "count"}),
    "ModelImitator": (
        {"dataset": data, "estimator": Shares()},
        {
            "dataset": ("play", *empty),
            "estimator": ("", None, 3, "MLPClassifier", Shares, object(), [Shares()], sc.Hedge()),
            "context": "integer",
            "opening": "integer",
            "temperature": "from 0",
            "apart": ("", None, 2, "yes", [True]),
        },
    ),
    "ModelImitator.cooled": ({"temperature": 0.5}, {"temperature": "from 0"}),
    "HistoryTree": ({"problem": problem, "phase": 2}, {"phase": ("count", 4, HUGE)}),
    "HistoryTree of many histories": (
        {"problem": sc.SocialLearningProblem(sc.games.coordination(16), sc.Population([sc.Hedge()]), HUGE)},
        {"phase": ("", 4, 40, HUGE)},
    ),
    "HistoryTree.tv": ({"strategy": sc.Imitator(data)}, {}),
    "HistoryTree.marginal_tv": ({"episodes": 5}, {"episodes": "integer"}),
    "HistoryTree.missing_mass": ({"episodes": 5}, {"episodes": "integer"}),
    "HistoryTree.sample_tv": (
        {"episodes": 5, "datasets": 3},
        {"episodes": ("integer", 2**63, 10**30), "datasets": SIZE},
    ),
    "marginal_tv": (compared, bad_compared),
    "missing_mass": (compared, bad_compared),
    "imitation.behaviour_tables": (imitated, {"phase": (*SIZE, 13), "horizon": ("integer?", 1)}),
    "imitation.meeting_tv": (
        {"problem": problem, "partner": sc.Fixed(0), "phase": 2},
        {"partner": "strategy", "phase": ("count", 4, HUGE)},
    ),
    "ThenCommit": (
        {"strategy": sc.Hedge(), "phase": 2},
        {"phase": "count", "commit": ("choice", "imitation"), "since": ("integer", 2, HUGE)},
    ),
    "ThenCommit that counts nothing": (
        {"strategy": sc.Hedge(), "phase": 2, "since": 1},
        {"commit": ("choice", "careful", "last", "hyperbolic", "universal")},
    ),
    "ImitateThenCommit": (
        {"dataset": data, "phase": 2},
        {
            "phase": ("count", 4, HUGE),
            "commit": ("choice", "imitation", "Mixture"),
            "since": ("integer", 2, HUGE),
        },
    ),
    "ImitateThenCommit without stages": ({"dataset": empty[1]}, {"phase": ("", 0, 1)}),
    "commit.CommitWhenSurprised": (
        {"strategy": sc.Hedge(), "partner": sc.Hedge()},
        {"partner": "strategy", "threshold": "unit", "phase": "count?"},
    ),
    "commit.CommitWhenUnsure": (
        {"strategy": sc.Hedge(), "model": sc.Hedge()},
        {"model": "strategy", "threshold": "unit", "start": "count"},
    ),
    "commitment_mixture": (
        {"z": np.eye(2) / 2},
        {"z": "joint", "commit": ("choice", "hyperbolic", "imitation")},
    ),
    "best_constant": ({"problem": problem}, {}),
    "best_commitment": ({"game": game, "partner_type": 1}, {"partner_type": ("integer", game.n_types, HUGE)}),
    "phase.predicted_regret": (recorded, bad_recorded),
    "choose_phase": (recorded, bad_recorded),
    "phase.predicted_earnings": (
        judged_by | {"phase": 2},
        {"records": bad_judges, "phase": ("count", 4, 11, HUGE), "horizon": "count", "since": ("integer?", 2, HUGE)},
    ),
    "phase.choose_window": (
        judged_by | {"phases": [1, 3]},
        {"records": bad_judges, "phases": ("list", [0], [4], [1, HUGE]), "horizon": "count"},
    ),
    "sweep": (
        gridded,
        {
            "problem": ("problem", [problem], {}, {"a": None}, {"a": problem, "b": 0}, sc.sweeps.Sweep),
            "phases": ("list", [0], [4], [1, HUGE]),
            "episodes": ("list", [-1], [HUGE], [10**30]),
            "commits": ("list", ["best"], [["mixture"]]),
            "partner": "strategy?",
            "met_types": ("joint?", [1, 0], [[1]], np.eye(3) / 3),
            "spoil": ("", 0, "misread", [sc.social.misread]),
            "plays": (*FROM_1, 1),
            "datasets": (*FROM_1, 1),
            "seed": "fixed seed",
            "n_jobs": ("", 0, -2.0, 1.5, True, "2", None, NAN, [1], 1j),
            "progress": ("", None, 2, "yes", [True]),
        },
    ),
    "stress": (
        stressed,
        {
            "problem": ("problem", sc.SocialLearningProblem(game, sc.Hedge(), 0)),
            "assistants": ("", None, 0, {}, [sc.Fixed(0)], sc.Imitator, {"a": None}, {"a": "table"}, {1: sc.Fixed(0)}),
            "episodes": ("list", [-1], [HUGE], [10**30]),
            "amounts": ("", None, 0.5, "01", [], [2], ["0.5"], [None], [True], [NAN], [[0.5]]),
            "changes": (
                *("", None, 0, "partner", {}, [{}], {"one": 0}, {"one": {"phases": [2]}}, {"one": {1: 2}}, {2: {}}),
                *({"one": float}, {"one": {"partner": 0}}, {"one": {"spoil": 0}}, {"one": {"problem": game}}),
                {"one": {"met_types": [1, 0]}},
            ),
            "plays": (*FROM_1, 1),
            "datasets": (*FROM_1, 1),
            "seed": "fixed seed",
            "n_jobs": ("", 0, -2.0, 1.5, True, "2", None, NAN, [1], 1j),
        },
    ),
    "sweeps.Stress.means": (
        {"change": "one", "episodes": 2},
        {name: bad_broken[name] for name in ("change", "episodes")},
    ),
    "sweeps.Stress.interval": ({"change": "one", "assistant": "a", "episodes": 2, "amount": 0.1}, bad_broken),
    "sweeps.Stress.lost": ({"change": "one", "assistant": "a", "episodes": 2, "amount": 0.1}, bad_broken),
    "rivals": (
        met,
        {
            "problem": ("problem", sc.SocialLearningProblem(game, sc.Hedge(), 0)),
            "trained": (
                *("", None, 0, {"no data": sc.Fixed(0)}, "no data", sc.Fixed(0)),
                *(lambda records: {}, lambda records: sc.Fixed(0), lambda records: [sc.Fixed(0)], lambda records: None),
            ),
            "episodes": ("list", [-1], [HUGE], [10**30]),
            "partner": "strategy?",
            "plays": (*FROM_1, 1),
            "datasets": (*FROM_1, 1),
            "seed": "fixed seed",
            "n_jobs": ("", 0, -2.0, 1.5, True, "2", None, NAN, [1], 1j),
            "progress": ("", None, 2, "yes", [True]),
            "store": ("", 3, 1.5, [], np.zeros(2)),
        },
    ),
    "comparison.Rivals.interval": (
        {"assistant": "a", "episodes": 2},
        {"assistant": ("", None, "c", 0, ["a"]), "episodes": ("", None, 4, "2", [2])},
    ),
    "comparison.Rivals.margin": (
        {"assistant": "a", "other": "b", "episodes": 2},
        {"assistant": ("", None, "c", 0, ["a"]), "other": ("", None, "c", 0), "episodes": ("", None, 4, "2", [2])},
    ),
    "games.coordination": ({}, {"n_actions": ("count", 257, HUGE)}),
    "games.stag_hunt": ({}, {"safe": "unit"}),
    "games.battle_of_the_sexes": ({}, {"second_best": "unit"}),
    "games.prisoners_dilemma": ({}, {}),
    "games.chicken": ({}, {}),
    "games.matching_pennies": ({}, {}),
    "games.rock_paper_scissors": ({}, {"tie": "unit"}),
    "people.rock_paper_scissors": ({}, {}),
    "people.dilemmas": ({}, {}),
    "games.conversation": ({}, {"n_actions": ("count", 1, 257, HUGE), "words": ("count?", 4, HUGE)}),
    "games.hidden_taste": ({}, {"bonus": "unit"}),
    "games.hidden_favourite": ({}, {"lam": "open unit", "bonus": ("unit", 0.1)}),
    "games.hidden_levels": (
        {},
        {
            "lam": "open unit",
            "levels": ("count", 100, 13),
            "options": ("count", 100),
            "surplus": ("", None, NAN, 0.5, -1, "0.1", [0.1]),
            "bonus": "unit",
        },
    ),
    "games.inefficient_cce": ({}, {}),
    "games.merged": ({"game": game}, {}),
    "games.varied_team": (
        {},
        {
            "ways": ("count", 64, HUGE),
            "wordings": ("count", 20, HUGE),
            "outside": "unit",
            "key": ("integer?", 12, HUGE),
        },
    ),
    "games.project": ({}, {"wordings": ("count", 43, HUGE), "outside": "unit"}),
    "games.team_lead": (
        {},
        {
            "preferences": ("", None, 5, "tone", (), ("taste",), ("tone", "tone"), [["tone"]], [1]),
            "compromise": "unit",
            "alone": "unit",
        },
    ),
    "games.random_game": (
        {"n_actions": 2},
        {"n_actions": ("count", 257, HUGE), "n_types": FROM_1, "levels": ("count?", 1, 10**30)},
    ),
    "bounds.hedge_epsilon": ({"horizon": 100, "n_actions": 2, "delta": 0.01}, {"horizon": "count"}),
    "bounds.survival": (
        {"horizon": 3, "episodes": [0, 5], "challenges": 2, "n_actions": 4},
        {"horizon": SIZE, "episodes": ("integer", 2**62, 10**30, [-1], [1.0], ["1"], [True], [[1], [1, 2]])},
    ),
    "bounds.survival_bound": (
        {"horizon": 3, "episodes": 5, "challenges": 2, "n_actions": 4},
        {"horizon": "count", "episodes": "count", "challenges": ("count", 4, HUGE, 10**30), "n_actions": ("count", 1)},
    ),
    "bounds.episodes_to_survive": (
        {"probability": 0.5, "horizon": 3, "challenges": 2, "n_actions": 4},
        {"probability": ("unit", 1), "horizon": (*FROM_1, 200)},
    ),
    "bounds.lemma_3_6": (
        {"phase": 2, "episodes": 10, "n_actions": 2, "n_types": 2},
        {"phase": "count", "episodes": "count"},
    ),
    "bounds.coverage": ({"reachable": 10, "episodes": 10}, {"reachable": "count", "episodes": "count"}),
    "bounds.theorem_3_7": (told, bad_told),
    "bounds.corrected_theorem": (told | {"gap": 0.5}, bad_told | {"gap": GAP}),
    "bounds.changed_theorem": (
        {"horizon": 9, "phase": 3, "tv": 0.1, "gap": 0.5, "recorded": (0.01, 0.1), "met": (0.02, 0.2)},
        {
            "horizon": "count",
            "phase": bad_told["phase"],
            "gap": GAP,
            "recorded": "pair",
            "met": "pair",
            "change": "unit",
        },
    ),
    "bounds.hyperbolic_theorem": (told, bad_told | {"phase": ("count", 11, HUGE), "value": "unit"}),
    "bounds.price_of_hidden_types": ({"lam": 0.5}, {"lam": "half-open unit"}),
    "bounds.universal_stop": (told, bad_told | {"phase": ("count", 11, HUGE)}),
    "bounds.lower_bound_four_actions": ({"lam": 0.5}, {"lam": "open unit"}),
    "bounds.price_with_levels": ({"lam": 0.5, "levels": 2}, {"lam": "half-open unit", "levels": "count"}),
    "bounds.price_at": (
        {"lam": 0.5, "value": 0.8, "epsilon": 0.1},
        {"lam": "open unit", "value": ("unit", 0.05), "epsilon": "unit"},
    ),
    "bounds.record_bound": ({"reachable": 10, "episodes": 10}, {"reachable": "count", "episodes": "integer"}),
    "bounds.code_bound": ({"codes": 10, "episodes": 10}, {"codes": "count", "episodes": "integer"}),
    "bounds.one_assistant": (compared, bad_compared),
    "bounds.correlation_gap": (
        {"z": np.eye(2) / 2, "payoffs": np.eye(2)},
        {
            "z": "joint",
            "payoffs": "square",
        },
    ),
    "book.transcript": (
        {"play": project_play},
        {
            "play": ("play", some),
            "names": ("", None, 3, "ab", ("one",), ("one", 2), ("a", "b", "c")),
            "stages": ("", 3, "ab", [0], [4], [1.5], [True], [None], [[1]]),
            "remarks": ("", "ab", 3, {1: 2}, [1]),
            "episode": ("integer", 1, HUGE),
        },
    ),
    "book.replay": (
        {"plays": {"one": project_play}},
        {
            "plays": ("", None, {}, [project_play], {"one": 3}, {"": project_play}, {"one": some}, unequal_plays),
            "names": ("", None, 3, "ab", ("one",), ("one", 2)),
            "remarks": ("", "ab", 3, {"two": {1: "So."}}, {"one": {1: 2}}),
            "episode": ("integer", 1, HUGE),
            "start": ("count", 4),
            "alone": ("", -0.1, 1.1, np.nan, "a"),
        },
    ),
    "book.encounter": (
        {
            "game": sc.games.team_lead(),
            "assistants": {"copies": copier},
            "types": (0, 1),
            "words": (["a", "b"], ["c", "d"]),
            "brief": "Write.",
        },
        {
            "game": "game",
            "assistants": (
                "",
                None,
                {},
                [copier],
                {"": copier},
                {"a": sc.Hedge()},
                {"a": sc.ThenCommit(copier, 1, "last")},
                {"a": sc.ThenCommit(sc.Hedge(), 1)},
                {"a": sc.Imitator(copier.dataset, unseen=sc.Fixed(0))},
            ),
            "types": ("", None, (0,), (0, 2), (0.0, 1.0), [[0, 1]]),
            "words": (
                "",
                None,
                "ab",
                ["a", "b"],
                (["a"], ["c", "d"]),
                (["a", "b"], ["c", "c"]),
                (["a", 1], ["c", "d"]),
            ),
            "brief": ("", "", " ", None, 3),
            "horizon": "count",
            "endings": ("", "ab", 3, {"copies": 3}),
            "seed": "integer",
        },
    ),
    "book.ask": (
        {"question": "Is it?", "choices": {"yes": "So.", "no": "Not so."}, "right": "yes"},
        {
            "question": ("", "", " ", None, 3),
            "choices": (
                "",
                None,
                "ab",
                ["yes", "no"],
                {"yes": "So."},
                {"yes": "So.", "no": ""},
                {"yes": "So.", 1: "No."},
            ),
            "right": ("", None, "perhaps", 0),
        },
    ),
    "book.ask_number": (
        {"question": "How much?", "right": 0.25, "why": "So."},
        {
            "question": ("", "", " ", None, 3),
            "right": ("", None, "a", np.nan, np.inf, [0.25]),
            "why": ("", "", None, 3),
            "traps": ("", 3, [0.5], {0.252: "Nearly."}, {"half": "No."}, {0.5: ""}),
            "within": ("", None, -1, np.nan, np.inf),
        },
    ),
    "book.own_game": (
        {"games": {"hunt": (sc.games.stag_hunt(), (0, 0))}},
        {
            "games": (
                "",
                None,
                {},
                "hunt",
                [sc.games.stag_hunt()],
                {"hunt": sc.games.stag_hunt()},
                {"hunt": (sc.games.coordination(3), (0, 0))},
                {" ": (sc.games.stag_hunt(), (0, 0))},
                {"hunt": ("hunt", (0, 0))},
            ),
            "start": ("", "another", 0),
        },
    ),
    "teach.another": (
        {"make": sc.teach.items.meta_strategies},
        {
            "make": ("", None, 3, "external_regret", lambda seed: seed),
            "seeds": ("", None, 3, "ab", [], [-1], [1.5], [True]),
        },
    ),
    "teach.as_gift": (
        {"items": [sc.teach.items.meta_strategies(0)]},
        {"items": ("", None, 3, "ab", [], [0], sc.teach.items.meta_strategies(0), [sc.teach.items.meta_strategies])},
    ),
    "teach.make_exam": (
        {"salt": "secret", "term": "Autumn", "names": ["external_regret"]},
        {
            "salt": ("", "", " ", None, 3),
            "term": ("", "", " ", None, 3),
            "names": ("", None, 3, "external_regret", [], [3], ["regrets"], ["lever=3"], ["which_pone=0"]),
        },
    ),
    "teach.payoff_cards": (
        {"game": game, "pairs": 2},
        {
            "game": ("game", sc.games.coordination(5)),
            "pairs": ("count", 1001),
            "stages": ("count", 21),
            "seed": "integer",
        },
    ),
    "teach.read_class": (
        {"source": "0,1,DS,SS", "game": sc.games.team_lead()},
        {"source": ("", None, 3, "", " ", "0,1,DS", "0,9,DS,SS", "0,1,DX,SS", "0,1,DSD,SS", "#,"), "game": "game"},
    ),
    "teach.stages_held": ({"records": data}, {"records": "play"}),
    "teach.seed_of": ({"salt": "secret"}, {"salt": ("", "", " ", None, 3), "parts": ("", "", None, 3)}),
}
TABLE |= {f"teach.items.{name}": ({"seed": 0}, {"seed": "integer"}) for name in sc.teach.items.ITEMS}

# what the package makes for the reader, and what nobody calls by itself
RECORDS = {
    "equilibria.Profile",
    "bounds.Bound",
    "sweeps.Sweep",
    "social.Compatibility",
    "social.Consistency",
    "comparison.Rivals",
    "sweeps.Stress",
    "people.Dilemma",
}
RECORDS |= {"social.SocialIntelligence", "social.WorstPartner", "book.Explorable", "book.Told", "book.Transcript"}
RECORDS |= {"book.Question", "book.Replay", "book.Encounter", "book.OwnGame", "book.Handle", "book.Series"}
RECORDS |= {"teach.Item", "teach.Verdict", "teach.Exam"}
ABSTRACT = {"Seat", "Strategy", "strategies.Agreement"}
# test_explore.py, test_axelrod.py; and all figures
TESTED_ELSEWHERE = {"Control", "Picture", "explore", "strategies.from_axelrod"}


def function_of(name):
    name = name.split()[0]
    return METHODS[name] if name in METHODS else PUBLIC[name]


def parameters(name):
    return inspect.signature(function_of(name)).parameters


def spec(name, argument):
    """Return an argument's kind and its further bad values."""
    found = TABLE[name][1].get(argument, KIND_OF.get(argument))
    return (found,) if isinstance(found, str) else found


def cases():
    """Return (name, argument, bad values); a row with a remark is about the arguments that it lists."""
    found, seen = [], set()
    for name, (_, listed) in TABLE.items():
        for argument in listed if " " in name else parameters(name):
            kind, *further = spec(name, argument)
            common, odd = KINDS[kind.rstrip("?")] if kind else ((), ())
            bad = [*common, *(odd if kind.rstrip("?") not in seen else ()), *further]
            seen.add(kind.rstrip("?"))
            found.append((name, argument, [each for each in bad if each is not None or kind[-1:] != "?"]))
    return found


CASES = [pytest.param(*case, id="-".join(case[:2])) for case in cases()]


def answer(function, arguments):
    """Return what a call answers, or the error that refuses it."""
    try:
        return function(**arguments)
    except (ValueError, TypeError) as error:
        return error


@pytest.mark.parametrize(("name", "argument", "values"), CASES)
@pytest.mark.filterwarnings("error")
def test_a_bad_argument_is_refused_by_name(name, argument, values):
    assert values
    for bad in values:
        said = answer(function_of(name), TABLE[name][0] | {argument: bad})
        assert isinstance(said, Exception), f"{bad!r} was taken: {said!r}"
        assert re.search(rf"\b{argument}\b", str(said)), f"{bad!r} was refused: {said!r}"


@pytest.mark.parametrize("name", TABLE)
def test_the_good_arguments_of_the_table_are_good(name):
    good, _ = TABLE[name]
    required = [p.name for p in parameters(name).values() if p.default is p.empty]
    if set(required) <= set(good):
        function_of(name)(**good)
    else:  # the only argument is the bad one, or the remark says why one is left out
        assert set(required) <= set(good) | {argument for argument in parameters(name) if spec(name, argument)}


def test_the_table_holds_every_argument_of_every_function():
    rows = [name for name in TABLE if " " not in name]
    missing = [f"{name}({argument})" for name in rows for argument in parameters(name) if not spec(name, argument)]
    assert not missing
    assert not [name for name, (_, listed) in TABLE.items() if not set(listed) <= set(parameters(name))]


def test_the_table_holds_every_public_name():
    figures = {name for name in PUBLIC if name.startswith("plots.")}
    assert set(PUBLIC) - {name.split()[0] for name in TABLE} == RECORDS | ABSTRACT | TESTED_ELSEWHERE | figures


@pytest.mark.parametrize("name", sorted(ABSTRACT))
def test_a_protocol_cannot_be_made_by_itself(name):
    with pytest.raises(TypeError, match="abstract"):
        PUBLIC[name]()


def test_a_class_in_place_of_an_object_gets_a_hint():
    with pytest.raises(TypeError, match=r"strategy1 must be a Strategy, got .*; write Hedge\(\.\.\.\)"):
        sc.play(sc.Hedge, sc.Hedge(), game, (0, 1), 3)


@pytest.mark.parametrize("strategy", [sc.Hedge(), sc.Fixed(0)], ids=repr)
@pytest.mark.parametrize("n_actions", [1, 2, 4])
def test_exact_consistency_over_a_huge_horizon_is_refused(strategy, n_actions):
    with pytest.raises(ValueError, match=r"horizon|max_nodes"):
        sc.consistency(strategy, sc.games.coordination(n_actions), HUGE, 0.1, method="exact")


@pytest.mark.parametrize("strategy", [sc.Convention(), sc.Population([sc.Convention()])], ids=repr)
def test_exact_consistency_of_a_convention_over_a_huge_horizon_is_refused(strategy):
    with pytest.raises(ValueError, match=r"horizon|max_nodes"):
        sc.consistency(strategy, game, HUGE, 0.1, method="exact")


def test_a_huge_horizon_is_certified():
    assert sc.consistency(sc.Hedge(), sc.games.coordination(2), HUGE, 0.1).kind == "certificate"


def test_a_convention_over_a_huge_horizon_is_refused():
    with pytest.raises(ValueError, match="horizon"):
        sc.consistency(sc.Convention(), game, HUGE, 0.1)


def test_exact_consistency_with_many_actions_is_refused_before_memory_runs_out():
    with pytest.raises(ValueError, match="max_nodes"):
        sc.consistency(sc.Hedge(), sc.games.coordination(256), 3, 0.1, method="exact")


def test_numpy_numbers_and_lists_are_as_good_as_pythons():
    sc.play(
        sc.Fixed(np.int8(1)), sc.Scripted((np.uint8(0),)), game, [np.int16(0), 1], np.int64(2), np.uint16(2), seed=0
    )
    sc.games.stag_hunt(np.float32(0.5))
    sc.bounds.hedge_epsilon(np.int32(10), np.array(2), np.float64(0.1))


@pytest.mark.parametrize("safe", [0, 1])
def test_the_ends_of_an_interval_are_allowed(safe):
    sc.games.stag_hunt(safe)
