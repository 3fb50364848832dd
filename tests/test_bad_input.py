"""Every bad argument of every public function is refused at once, by an error that names the argument."""

import inspect
import re
import signal
import time
from contextlib import contextmanager

import numpy as np
import pytest

import socialcoop as sc

NAN, INF, HUGE = float("nan"), float("inf"), 10**12

INTEGER = (-1, 1.5, True, "2", None, NAN, [1], 1j, np.bool_(True))
COUNT = (0, *INTEGER)  # at least 1
AGENT = (2, *INTEGER)
UNIT = (-0.1, 1.1, NAN, INF, True, "0.5", None, [0.5], 1j, 10**400)  # in [0, 1]
OPEN_UNIT = (0, 1, *UNIT)
SEED = (-1, 1.5, "one", True, [1], np.random.RandomState(0))
GAME = (None, 3, "chicken", np.eye(2), sc.Game)
STRATEGY = (None, 0, "Hedge", sc.Hedge, [sc.Hedge()])
PLAY = (None, 3, np.zeros((3, 2, 1), dtype=np.uint8), sc.Play)
TYPES = (None, 0, (), (0,), (0, 1, 0), (0, 2), (-1, 0), (0.0, 1.0), (0, 10**30), "ab", (True, False), [[0], [0, 1]])
NAMES = (5, "ab", ["only one"], [1, 2], [None, None])
PAYOFFS = (
    None,
    "abc",
    3,
    [],
    [1, 0],
    [[1, 0]],
    [[1, 0], [0]],
    np.zeros((1, 1, 2, 2)),
    np.zeros((0, 2, 2)),
    np.zeros((1, 0, 0)),
    np.zeros((1, 257, 257)),
    [[NAN, 0], [0, 1]],
    [[INF, 0], [0, 1]],
    [[-0.1, 0], [0, 1]],
    [[1.1, 0], [0, 1]],
    [["1", "0"], ["0", "1"]],
    [[None, 0], [0, 1]],
    [[1j, 0], [0, 1]],
    np.array([[1j, 0], [0, 1]]),
    [[10**400, 0], [0, 1]],
)
MIXED = (
    None,
    -1,
    0.5,
    True,
    "a",
    [],
    [[]],
    [0.5, 0.4],
    [0.5, 0.6],
    [-0.5, 1.5],
    [NAN, 1],
    [INF, 0],
    ["0.5", "0.5"],
    [[1], [0.5, 0.5]],
    np.full((1, 1, 2), 0.5),
)
SCRIPT = (None, 0, [], [[]], [0.0, 1.0], [-1], ["0"], "01", [True], [[0], [0, 1]], np.zeros((1, 1, 1), dtype=int))

CODE = (
    0,
    0.5,
    "01",
    [0, 1],
    [[0.0], [1.0]],
    [[0], [0]],
    [[0], [1, 1]],
    [[-1], [0]],
    [["0"]],
    [[True], [False]],
    [[[0]]],
)
ACTIONS = (None, 0, "01", [0.0, 1.0], [-1, 0], ["0"], [True], [[0]], [[0], [0, 1]], 1j)
SELECT = (None, 0, "best", ["welfare"], True)
MEMBERS = (None, 0, "Hedge", [], (), [None], [sc.Hedge], [sc.Hedge(), 0], sc.Hedge(), np.zeros(2))
WEIGHTS = (0, 1.0, "ab", [], [1], [0.5, 0.6], [-0.5, 1.5], [NAN, 1], [INF, 0], ["0.5", "0.5"], [[0.5, 0.5]], [1, 0, 0])
JOINT = (
    None,
    1,
    "ab",
    [],
    [0.5, 0.6],
    [-0.5, 1.5],
    [NAN, 1],
    [INF, 0],
    ["0.5", "0.5"],
    [[0.5, 0.5]],
    [[1], [0.5, 0.5]],
)
EPSILON = (-0.1, NAN, INF, True, "0.5", None, [0.5], 1j, 10**400)
SQUARE = (
    None,
    1,
    "ab",
    [],
    [[]],
    [1.0],
    [0.5, 0.5],
    [[0.5, 0.5]],
    [[0.5], [0.5]],
    np.zeros((0, 0)),
    np.zeros((2, 2)),
    np.full((2, 2), 0.3),
    np.full((1, 2, 2), 0.25),
    [[-0.5, 0.5], [0.5, 0.5]],
    [[NAN, 0], [0, 1]],
    [[INF, 0], [0, 1]],
    [["1", "0"], ["0", "0"]],
    [[1j, 0], [0, 0]],
    [[1], [0, 0]],
)  # a joint distribution (N, N)
SQUARE_OF_TWO = (*SQUARE, [[1.0]], np.full((3, 3), 1 / 9))
FALLBACK = (0, "Hedge", sc.Hedge, [sc.Hedge()])
TABLES = (
    None,
    0,
    "ab",
    [],
    (),
    [None],
    [0.5],
    ["ab"],
    np.full((1, 1, 1, 2), 0.5),
    [[[0.5, 0.5]]],
    [[[[0.5, 0.6]]]],
    [[[[-1, 2]]]],
    [[[[NAN, 1]]]],
    [[[["0.5", "0.5"]]]],
    [[[[0.5, 0.5j]]]],
    [np.full((1, 2, 2), 0.5)],
    [np.full((2, 1, 2), 0.5)],
    [np.full((1, 1, 3), 1 / 3)],
    [np.full((1, 1, 2), 0.5), np.full((1, 2, 2), 0.5)],
    [np.full((1, 1, 2), 0.5), np.full((1, 4, 2), 0.5)],
)  # behaviour that does not go with one type and one stage of two actions
TYPE_WEIGHTS = (0, "ab", [], [0.5, 0.5], [0.9], [-1.0], [NAN], [INF], ["1"], [[1.0]], [1j])
PROBLEM = (None, 0, "problem", sc.SocialLearningProblem)
PAIR = (None, 0.1, "ab", [], (0.1,), (0, 0, 0), (-0.1, 0), (1.1, 0), (NAN, 0), (0, -0.1), (0, INF), (0, "1"), ([0], 0))
LISTED = (None, 1, "ab", [], (), {1}, iter([1]))  # not a list of values

game = sc.games.battle_of_the_sexes()
some = sc.play(sc.Fixed(0), sc.Fixed(0), game, (0, 1), 2, 3, seed=0)
meeting = {"strategy1": sc.Hedge(), "strategy2": sc.Hedge(), "game": game, "types": (0, 1), "horizon": 3}
bad_meeting = {"strategy1": STRATEGY, "strategy2": STRATEGY, "game": GAME, "types": TYPES}
stage = {"game": game, "types": (0, 1)}
bad_stage = {"game": GAME, "types": TYPES}
convention = sc.Convention()
problem = sc.SocialLearningProblem(game, sc.Population([sc.Hedge()]), 3)
scheduled = sc.strategies.JointSchedule(np.eye(2) / 2)
codebook = sc.Codebook(1)
data = problem.sample(4, seed=0)
imitator = sc.Imitator(data)
coded = sc.strategies.CodedConvention(sc.Convention(), 1)
project_play = sc.play(sc.Fixed(0), sc.Fixed(0), sc.games.project(), (0, 0), 3)
tree = sc.HistoryTree(problem, 2)
coin = [np.full((1, 1, 2), 0.5)]
told = {"horizon": 10, "phase": 5, "epsilon": 0.1, "delta": 0.1, "tv": 0.1}
bad_told = {
    "horizon": COUNT,
    "phase": (11, HUGE, 10**30, *INTEGER),
    "epsilon": EPSILON,
    "delta": UNIT,
    "tv": EPSILON,
}
judged = {"dataset": data, "phases": [1, 3], "horizon": 10}
bad_judged = {
    "dataset": (*PLAY, problem.sample(0, seed=0), problem.sample(4, seed=0, stages=0)),
    "phases": (*LISTED, [0], [4], [1, HUGE], [1.0], [True], ["1"], [None], [[1]], np.ones((1, 2), int)),
    "horizon": COUNT,
}
gridded = {
    "problem": problem,
    "phases": [1],
    "episodes": [2],
    "plays": 4,
    "datasets": 2,
    "n_jobs": 1,
}

# name: (function, good arguments, {argument: bad values}); a name may carry a remark after a space
TABLE = {
    "Game": (
        sc.Game,
        {"payoffs": np.eye(2)},
        {"payoffs": PAYOFFS, "name": (3, None, ["a"]), "actions": NAMES, "types": (5, "a", [], [1], ["one", "two"])},
    ),
    "Game.stage": (game.stage, {}, {"types": TYPES}),
    "Game.pair": (game.pair, {}, {"types": TYPES}),
    "Play": (
        sc.Play,
        {"actions": some.actions, "types": some.types, "game": game},
        {
            "actions": (None, "a", np.zeros((2, 3), np.uint8), np.zeros((2, 1, 3), np.uint8), some.actions + 0.5),
            "types": (None, (0, 1), np.zeros((2, 2), int), np.full((3, 2), 2), np.full((3, 2), 0.5)),
            "game": GAME,
        },
    ),
    "Play actions out of range": (
        sc.Play,
        {"types": some.types, "game": game},
        {"actions": (some.actions + 2, np.full((2, 2, 3), -1))},
    ),
    "Play.payoffs": (some.payoffs, {}, {"agent": AGENT}),
    "Hedge": (sc.Hedge, {}, {"rate": (-1, NAN, INF, True, "fast", [0.5], [[1], [1, 2]], 1j, 10**400)}),
    "RegretMatching": (sc.RegretMatching, {}, {}),
    "FictitiousPlay": (sc.FictitiousPlay, {}, {}),
    "Fixed": (sc.Fixed, {}, {"mixed": MIXED}),
    "Scripted": (sc.Scripted, {"actions": [0]}, {"actions": SCRIPT, "fallback": (0, "Hedge", sc.Hedge)}),
    "TitForTat": (sc.TitForTat, {}, {"opening": INTEGER}),
    "GrimTrigger": (sc.GrimTrigger, {}, {"cooperate": INTEGER, "punish": INTEGER}),
    "Tabular": (
        sc.strategies.Tabular,
        {},
        {"tables": (None, 5, "ab", [None], [0.5], [[[0.5, 0.5]]], [[[[0.5, 0.6]]]], [[[[NAN, 1]]]], [[[[-1, 2]]]])},
    ),
    "nash_equilibria": (sc.nash_equilibria, stage, bad_stage),
    "pareto_optimal_nash": (sc.pareto_optimal_nash, stage, bad_stage),
    "worst_pone": (sc.worst_pone, stage, bad_stage),
    "reaches_pone": (
        sc.equilibria.reaches_pone,
        stage | {"payoffs": [[0.5], [0.5]], "epsilon": 0.1},
        bad_stage
        | {
            "payoffs": (
                None,
                0.5,
                [0.5, 0.5],
                [[0.5]],
                np.zeros((3, 2)),
                [[NAN], [0]],
                [["1"], ["0"]],
                [[1j], [0]],
                "ab",
            ),
            "epsilon": EPSILON,
        },
    ),
    "schedule": (
        sc.strategies.schedule,
        {"joint": [0.5, 0.5], "horizon": 4},
        {"joint": JOINT, "horizon": (HUGE, 10**30, *INTEGER)},
    ),
    "Convention": (
        sc.Convention,
        {},
        {"select": SELECT, "code": CODE, "fallback": (0, "Hedge", sc.Hedge, [sc.Hedge()])},
    ),
    "Convention.codewords": (convention.codewords, {}, {"game": GAME}),
    "Convention.agreed": (convention.agreed, stage, bad_stage),
    "Convention.plan": (
        convention.plan,
        {"game": game, "horizon": 3},
        {"game": GAME, "horizon": (HUGE, 10**30, *INTEGER)},
    ),
    "Signal": (
        sc.strategies.Signal,
        {"code": [0, 1], "answer": [0, 1]},
        {"code": ACTIONS, "answer": ACTIONS},
    ),
    "ByAgent": (
        sc.strategies.ByAgent,
        {"first": sc.Hedge(), "second": sc.Fixed(0)},
        {"first": STRATEGY, "second": STRATEGY},
    ),
    "announcing_classes": (sc.strategies.announcing_classes, {}, {}),
    "Population": (sc.Population, {"members": [sc.Hedge(), sc.Fixed(0)]}, {"members": MEMBERS, "weights": WEIGHTS}),
    "SocialLearningProblem": (
        sc.SocialLearningProblem,
        {"game": game, "people": sc.Hedge(), "horizon": 3, "types": None},
        {
            "game": GAME,
            "people": (*STRATEGY, sc.Population),
            "types": (
                0,
                1.0,
                "ab",
                [],
                [1, 0],
                [[1]],
                [0.25] * 4,
                np.full((2, 2), 0.3),
                [[-0.5, 0.5], [0.5, 0.5]],
                [[NAN, 0], [0, 1]],
                [["1", "0"], ["0", "0"]],
                [[1], [0, 0]],
                np.full((3, 3), 1 / 9),
            ),
            "horizon": INTEGER,
        },
    ),
    "SocialLearningProblem.sample": (
        problem.sample,
        {"episodes": 3},
        {
            "episodes": (HUGE, 10**30, *INTEGER),
            "seed": SEED,
            "stages": (4, HUGE, *(bad for bad in INTEGER if bad is not None)),
        },
    ),
    "SocialLearningProblem.sample_types": (
        problem.sample_types,
        {"episodes": 3},
        {"episodes": (HUGE, 10**30, *INTEGER), "seed": SEED},
    ),
    "compatibility": (
        sc.compatibility,
        {"strategy1": sc.Hedge(), "strategy2": sc.Hedge(), "game": game, "horizon": 3, "epsilon": 0.1},
        {
            "strategy1": STRATEGY,
            "strategy2": STRATEGY,
            "game": GAME,
            "horizon": (HUGE, 10**30, *COUNT),
            "epsilon": EPSILON,
            "episodes": (HUGE, 10**30, *COUNT),
            "confidence": OPEN_UNIT,
            "seed": SEED,
        },
    ),
    "social_intelligence": (
        sc.social_intelligence,
        {"members": [sc.Hedge()], "game": game, "horizon": 3, "epsilon": 0.1},
        {
            "members": MEMBERS,
            "game": GAME,
            "horizon": (HUGE, 10**30, *COUNT),
            "epsilon": EPSILON,
            "episodes": (HUGE, 10**30, *COUNT),
            "confidence": OPEN_UNIT,
            "max_nodes": COUNT,
            "seed": SEED,
        },
    ),
    "social_intelligence of a convention": (
        sc.social_intelligence,
        {"members": [sc.Convention()], "game": game, "horizon": 3, "epsilon": 0.1},
        {"horizon": (HUGE, 10**30)},
    ),
    "coarse_correlated_equilibrium": (
        sc.coarse_correlated_equilibrium,
        stage,
        bad_stage
        | {
            "weights": (None, 1, (1,), (1, 2, 3), (NAN, 1), (INF, 1), "ab", ("1", "2"), [[1], [1, 2]]),
            "sense": ("best", None, 1, ["max"], np.array(["max", "min"])),
        },
    ),
    "play": (
        sc.play,
        meeting,
        bad_meeting
        | {
            "types": (*TYPES, [[0, 1], [0, 1]], [[0], [1]]),
            "horizon": (HUGE, 10**30, *INTEGER),
            "episodes": (HUGE, 10**30, *INTEGER),
            "seed": SEED,
        },
    ),
    "play of no stages": (sc.play, meeting | {"horizon": 0}, {"episodes": (HUGE, 10**30)}),
    "play of no episodes": (sc.play, meeting | {"episodes": 0}, {"horizon": (10**30,)}),
    "history_distribution": (
        sc.history_distribution,
        meeting,
        bad_meeting | {"types": (*TYPES, [[0, 1]]), "horizon": (13, HUGE, 10**30, *INTEGER)},
    ),
    "expected_payoffs": (
        sc.expected_payoffs,
        meeting,
        bad_meeting | {"types": (*TYPES, [[0, 1]]), "horizon": (13, HUGE, 10**30, *INTEGER)},
    ),
    "external_regret": (sc.external_regret, {"play": some}, {"play": PLAY, "agent": AGENT}),
    "external_regret_path": (sc.regret.external_regret_path, {"play": some}, {"play": PLAY, "agent": AGENT}),
    "altruistic_regret": (sc.altruistic_regret, {"play": some}, {"play": PLAY, "agent": AGENT}),
    "consistency of a convention": (
        sc.consistency,
        {"strategy": sc.Convention(), "game": game, "horizon": 3, "epsilon": 0.1, "method": "exact"},
        {"max_nodes": COUNT},
    ),
    "consistency": (
        sc.consistency,
        {"strategy": sc.Hedge(), "game": game, "horizon": 3, "epsilon": 0.1},
        {
            "strategy": STRATEGY,
            "game": GAME,
            "horizon": INTEGER,
            "epsilon": (-0.1, NAN, INF, True, "0.5", None, [0.5], 1j, 10**400),
            "agent": AGENT,
            "method": ("guess", None, 1, ["auto"], np.array(["auto", "exact"])),
            "partners": (5, "Hedge", sc.Hedge(), [], [0], [sc.Hedge]),
            "episodes": COUNT,
            "confidence": OPEN_UNIT,
            "max_nodes": COUNT,
            "seed": SEED,
        },
    ),
    "consistency by simulation": (
        sc.consistency,
        {"strategy": sc.Hedge(), "game": game, "horizon": 3, "epsilon": 0.1, "method": "estimate"},
        {
            "partners": (5, "Hedge", sc.Hedge(), [], [0], [sc.Hedge]),
            "episodes": (HUGE, *COUNT),
            "horizon": (HUGE,),
            "confidence": OPEN_UNIT,
            "seed": SEED,
        },
    ),
    "worst_failures": (
        sc.social.worst_failures,
        {"strategy": sc.Hedge(), "game": game, "horizon": 3, "epsilons": [0.1]},
        {
            "strategy": STRATEGY,
            "game": GAME,
            "horizon": (HUGE, *INTEGER),
            "epsilons": (None, 0.1, [-0.1], [NAN], [INF], "ab", ["0.1"], [[0.1]], [[1], [1, 2]], [1j], [10**400]),
            "agent": AGENT,
            "max_nodes": COUNT,
        },
    ),
    "zoo": (sc.social.usual_partners, {}, {"game": GAME}),
    "clopper_pearson": (
        sc.social.clopper_pearson,
        {"failures": 1, "trials": 3, "confidence": 0.9},
        {"failures": (4, *INTEGER), "trials": COUNT, "confidence": OPEN_UNIT},
    ),
    "games.coordination": (sc.games.coordination, {}, {"n_actions": (257, HUGE, *COUNT)}),
    "games.stag_hunt": (sc.games.stag_hunt, {}, {"safe": UNIT}),
    "games.battle_of_the_sexes": (sc.games.battle_of_the_sexes, {}, {"second_best": UNIT}),
    "games.prisoners_dilemma": (sc.games.prisoners_dilemma, {}, {}),
    "games.chicken": (sc.games.chicken, {}, {}),
    "games.matching_pennies": (sc.games.matching_pennies, {}, {}),
    "games.conversation": (
        sc.games.conversation,
        {},
        {"n_actions": (1, 257, HUGE, *COUNT), "words": (4, HUGE, *(bad for bad in COUNT if bad is not None))},
    ),
    "games.hidden_taste": (sc.games.hidden_taste, {}, {"bonus": UNIT}),
    "games.inefficient_cce": (sc.games.inefficient_cce, {}, {}),
    "games.team_lead": (
        sc.games.team_lead,
        {},
        {
            "preferences": (None, 5, "tone", (), ("taste",), ("tone", "tone"), [["tone"]], [1]),
            "compromise": UNIT,
            "alone": UNIT,
        },
    ),
    "games.random_game": (
        sc.games.random_game,
        {"n_actions": 2},
        {
            "n_actions": (257, HUGE, *COUNT),
            "n_types": (HUGE, 10**30, *COUNT),
            "seed": SEED,
            "levels": (1, 10**30, *(bad for bad in COUNT if bad is not None)),
        },
    ),
    "bounds.hedge_epsilon": (
        sc.bounds.hedge_epsilon,
        {"horizon": 100, "n_actions": 2, "delta": 0.01},
        {"horizon": COUNT, "n_actions": COUNT, "delta": (0, *UNIT)},
    ),
    "bounds.survival": (
        sc.bounds.survival,
        {"horizon": 3, "episodes": [0, 5], "challenges": 2, "n_actions": 4},
        {
            "horizon": (HUGE, 10**30, *INTEGER),
            "episodes": (2**62, 10**30, [-1], [1.0], ["1"], [True], [[1], [1, 2]], -1, 1.5, True, "2", None, NAN, 1j),
            "challenges": COUNT,
            "n_actions": COUNT,
        },
    ),
    "bounds.survival_bound": (
        sc.bounds.survival_bound,
        {"horizon": 3, "episodes": 5, "challenges": 2, "n_actions": 4},
        {"horizon": COUNT, "episodes": COUNT, "challenges": (4, HUGE, 10**30, *COUNT), "n_actions": (1, *COUNT)},
    ),
    "bounds.episodes_to_survive": (
        sc.bounds.episodes_to_survive,
        {"probability": 0.5, "horizon": 3, "challenges": 2, "n_actions": 4},
        {
            "probability": (1, *UNIT),
            "horizon": (200, HUGE, 10**30, *COUNT),
            "challenges": COUNT,
            "n_actions": COUNT,
        },
    ),
    "bounds.lemma_3_6": (
        sc.bounds.lemma_3_6,
        {"phase": 2, "episodes": 10, "n_actions": 2, "n_types": 2},
        {"phase": COUNT, "episodes": COUNT, "n_actions": COUNT, "n_types": COUNT},
    ),
    "bounds.coverage": (
        sc.bounds.coverage,
        {"reachable": 10, "episodes": 10},
        {"reachable": COUNT, "episodes": COUNT},
    ),
    "bounds.theorem_3_7": (sc.bounds.theorem_3_7, told, bad_told),
    "bounds.corrected_theorem": (
        sc.bounds.corrected_theorem,
        told | {"gap": 0.5},
        bad_told | {"gap": (-1.1, *UNIT[1:])},
    ),
    "bounds.changed_theorem": (
        sc.bounds.changed_theorem,
        {"horizon": 9, "phase": 3, "tv": 0.1, "gap": 0.5, "recorded": (0.01, 0.1), "met": (0.02, 0.2)},
        {
            **{name: bad_told[name] for name in ("horizon", "phase", "tv")},
            "gap": (-1.1, *UNIT[1:]),
            "recorded": PAIR,
            "met": PAIR,
            "change": UNIT,
        },
    ),
    "bounds.hyperbolic_theorem": (
        sc.bounds.hyperbolic_theorem,
        told,
        bad_told | {"phase": (0, *bad_told["phase"]), "value": UNIT},
    ),
    "bounds.correlation_gap": (
        sc.bounds.correlation_gap,
        {"z": np.eye(2) / 2, "payoffs": np.eye(2)},
        {
            "z": SQUARE,
            "payoffs": (
                None,
                1,
                "ab",
                [],
                [1.0, 0.0],
                [[1.0]],
                [[1.0, 0.0]],
                np.zeros((2, 3)),
                np.eye(3),
                np.zeros((1, 2, 2)),
                [[NAN, 0], [0, 1]],
                [[INF, 0], [0, 1]],
                [["1", "0"], ["0", "1"]],
                [[1j, 0], [0, 1]],
                [[1], [0, 1]],
            ),
        },
    ),
    "BankedRegret": (
        sc.strategies.BankedRegret,
        {"joint": np.eye(2) / 2, "epsilon": 0.1},
        {"joint": SQUARE, "epsilon": EPSILON, "delta": (0, *UNIT)},
    ),
    "JointSchedule": (sc.strategies.JointSchedule, {"joint": np.eye(2) / 2}, {"joint": SQUARE, "fallback": FALLBACK}),
    "JointSchedule.steps": (
        scheduled.steps,
        {"game": game, "horizon": 3},
        {"game": GAME, "horizon": (HUGE, 10**30, *INTEGER)},
    ),
    "Codebook": (
        sc.Codebook,
        {"challenges": 2},
        {
            "challenges": (256, HUGE, *COUNT),
            "fallback": FALLBACK,
            "key": (2**63, 10**30, *INTEGER),
            "words": (256, HUGE, *(bad for bad in COUNT if bad is not None)),
        },
    ),
    "CodedConvention": (
        sc.strategies.CodedConvention,
        {"convention": sc.Convention()},
        {
            "convention": (*STRATEGY, sc.Convention),
            "wordings": (257, HUGE, *COUNT),
            "key": (2**63, 10**30, *INTEGER),
        },
    ),
    "CodedConvention.acts": (coded.acts, {"game": game}, {"game": GAME}),
    "Grudge": (
        sc.strategies.Grudge,
        {"actions": [0, 1], "epsilon": 0.1},
        {
            "actions": (None, 0, "01", [[0]], [0.5], [-1], [True], ["0"], [10**30]),
            "epsilon": EPSILON,
            "delta": (0, *UNIT),
        },
    ),
    "settles": (
        sc.plays.stages_until_settled,
        {"play": some, "actions": [0]},
        {
            "play": PLAY,
            "actions": (None, 0, "01", [[0]], [0.5], [-1], [2], [True], ["0"], [10**30]),
            "agent": AGENT,
            "share": (0, *UNIT),
            "least": COUNT,
        },
    ),
    "transcript": (
        sc.book.transcript,
        {"play": project_play},
        {
            "play": (*PLAY, some),
            "names": (None, 3, "ab", ("one",), ("one", 2), ("a", "b", "c")),
            "stages": (3, "ab", [0], [4], [1.5], [True], [None], [[1]]),
            "remarks": ("ab", 3, {1: 2}, [1]),
            "episode": (1, HUGE, *INTEGER),
        },
    ),
    "games.project": (
        sc.games.project,
        {},
        {"wordings": (43, HUGE, *COUNT), "outside": UNIT},
    ),
    "Codebook.answers": (
        codebook.answers,
        {"challenges": np.zeros((3, 2), dtype=int), "game": game},
        {
            "challenges": (
                None,
                0,
                "01",
                [0, 0],
                [[0.0]],
                [["0"]],
                [[1]],
                [[-1]],
                [[True]],
                [[0], [0, 0]],
                np.zeros((1, 1, 1), dtype=int),
            ),
            "game": GAME,
        },
    ),
    "Imitator": (
        sc.Imitator,
        {"dataset": data},
        {
            "dataset": PLAY,
            "phase": (4, HUGE, *(bad for bad in INTEGER if bad is not None)),
            "unseen": (0, "Hedge", sc.Hedge),
        },
    ),
    "Imitator.followed": (imitator.followed, {"play": data}, {"play": PLAY, "agent": AGENT}),
    "behaviour_tables": (
        sc.imitation.behaviour_tables,
        {"strategy": sc.Hedge(), "game": game, "agent": 0, "phase": 2},
        {
            "strategy": STRATEGY,
            "game": GAME,
            "agent": AGENT,
            "phase": (13, HUGE, 10**30, *INTEGER),
            "horizon": (1, *(bad for bad in INTEGER if bad is not None)),
        },
    ),
    "Trembling": (sc.strategies.Trembling, {"strategy": sc.Hedge(), "rate": 0.1}, {"strategy": STRATEGY, "rate": UNIT}),
    "meeting_tv": (
        sc.imitation.meeting_tv,
        {"problem": problem, "partner": sc.Fixed(0), "phase": 2},
        {"problem": PROBLEM, "partner": STRATEGY, "phase": (4, HUGE, *COUNT)},
    ),
    "misread": (sc.social.misread, {"dataset": data}, {"dataset": PLAY, "actions": UNIT, "types": UNIT, "seed": SEED}),
    "HistoryTree": (
        sc.HistoryTree,
        {"problem": problem, "phase": 2},
        {"problem": PROBLEM, "phase": (4, HUGE, *COUNT)},
    ),
    "HistoryTree of many histories": (
        sc.HistoryTree,
        {"problem": sc.SocialLearningProblem(sc.games.coordination(16), sc.Population([sc.Hedge()]), HUGE)},
        {"phase": (4, 40, HUGE)},
    ),
    "HistoryTree.tv": (tree.tv, {"strategy": imitator}, {"strategy": STRATEGY}),
    "HistoryTree.marginal_tv": (tree.marginal_tv, {"episodes": 5}, {"episodes": INTEGER}),
    "HistoryTree.missing_mass": (tree.missing_mass, {"episodes": 5}, {"episodes": INTEGER}),
    "HistoryTree.sample_tv": (
        tree.sample_tv,
        {"episodes": 5, "datasets": 3},
        {"episodes": (2**63, 10**30, *INTEGER), "datasets": (HUGE, 10**30, *INTEGER), "seed": SEED},
    ),
    "marginal_tv": (
        sc.marginal_tv,
        {"p": coin, "q": coin, "episodes": 5},
        {"p": TABLES[:-4], "q": TABLES, "episodes": INTEGER, "type_weights": TYPE_WEIGHTS},
    ),
    "missing_mass": (
        sc.missing_mass,
        {"p": coin, "q": coin, "episodes": 5},
        {"p": TABLES[:-4], "q": TABLES, "episodes": INTEGER, "type_weights": TYPE_WEIGHTS},
    ),
    "coarse_correlated_gain": (
        sc.equilibria.coarse_correlated_gain,
        stage | {"joint": np.eye(2) / 2},
        bad_stage | {"joint": SQUARE_OF_TWO},
    ),
    "coarse_correlated_payoffs": (sc.equilibria.coarse_correlated_payoffs, stage, bad_stage),
    "commitment_mixture": (
        sc.commitment_mixture,
        {"z": np.eye(2) / 2},
        {"z": SQUARE, "commit": ("hyperbolic", "imitation", None, 1, ["mixture"], np.array(["mixture", "pure"]))},
    ),
    "lead": (
        sc.best_commitment,
        {"game": game, "partner_type": 1},
        {"game": GAME, "partner_type": (game.n_types, HUGE, *INTEGER)},
    ),
    "ImitateThenCommit": (
        sc.ImitateThenCommit,
        {"dataset": data, "phase": 2},
        {
            "dataset": PLAY,
            "phase": (4, HUGE, *COUNT),
            "commit": ("imitation", "Mixture", None, 1, ["mixture"], np.array(["mixture", "pure"])),
        },
    ),
    "ImitateThenCommit without stages": (
        sc.ImitateThenCommit,
        {"dataset": problem.sample(4, seed=0, stages=0)},
        {"phase": (0, 1)},
    ),
    "predicted_regret": (sc.phase.predicted_regret, judged, bad_judged),
    "choose_phase": (sc.choose_phase, judged, bad_judged),
    "sweep": (
        sc.sweep,
        gridded,
        {
            "problem": (None, 0, "problem", [problem], {}, {"a": None}, {"a": problem, "b": 0}, sc.sweeps.Sweep),
            "phases": (*LISTED, [0], [4], [1, HUGE], [1.0], [True], ["1"], [None], [[1]], np.ones((1, 2), int)),
            "episodes": (*LISTED, [-1], [HUGE], [10**30], [1.0], [True], ["1"], [None], [[1]], np.ones((1, 2), int)),
            "commits": (*LISTED, ["best"], [None], [1], [["mixture"]], [True]),
            "partner": (0, "Hedge", sc.Hedge, [sc.Hedge()]),
            "met_types": (0, "ab", [], [1, 0], [[1]], np.eye(3) / 3, [[0.5, 0], [0, 0.4]], [[NAN, 0], [0, 1]]),
            "spoil": (0, "misread", [sc.social.misread]),
            "plays": (1, HUGE, 10**30, *COUNT),
            "datasets": (1, HUGE, 10**30, *COUNT),
            "confidence": OPEN_UNIT,
            "seed": (None, *SEED, np.random.default_rng(0)),
            "n_jobs": (0, -2.0, 1.5, True, "2", None, NAN, [1], 1j),
            "progress": (None, 2, "yes", [True]),
        },
    ),
    "stress": (
        sc.stress,
        {"problem": problem, "phase": 2, "episodes": 5, "amounts": [0, 1], "change": {}, "plays": 4, "datasets": 2},
        {
            "problem": PROBLEM,
            "phase": (4, HUGE, *COUNT),
            "episodes": INTEGER,
            "amounts": (None, 0.5, "01", [], [2], ["0.5"], [None], [True], [NAN], [[0.5]]),
            "change": (None, 0, "partner", [], {"phases": [2]}, {1: 2}, float),
            "plays": (1, HUGE, 10**30, *COUNT),
            "datasets": (1, HUGE, 10**30, *COUNT),
            "seed": (None, *SEED, np.random.default_rng(0)),
        },
    ),
    "mean_interval": (
        sc.social.mean_interval,
        {"sample": [0.0, 1.0]},
        {
            "sample": (
                None,
                1,
                "ab",
                [],
                [1.0],
                [[1.0, 2.0]],
                [NAN, 1],
                [INF, 1],
                ["1", "2"],
                [1j, 2],
                [[1], [1, 2]],
                [10**400, 1],
            ),
            "confidence": OPEN_UNIT,
        },
    ),
}

RECORDS = {
    "Compatibility",
    "Consistency",
    "Profile",
    "SocialIntelligence",
    "Sweep",
    "Transcript",
    "WorstPartner",
}  # results that the package makes for the reader
ABSTRACT = {"Seat", "Strategy"}
TESTED_ELSEWHERE = {"socialcoop.explore", "socialcoop.picture", "socialcoop.plots", "socialcoop.social.dataset"}


def shown(bad):
    """Return the value in short, without its address: tests have the same names in every process."""
    return " ".join(re.sub(" at 0x[0-9A-F]+", "", repr(bad), flags=re.IGNORECASE).split())[:30]


CASES = [
    pytest.param(function, good, argument, bad, id=f"{name}-{argument}-{shown(bad)}")
    for name, (function, good, arguments) in TABLE.items()
    for argument, values in arguments.items()
    for bad in values
]


@contextmanager
def at_most(seconds):
    """Stop what takes far too long, and fail what takes too long."""

    def stop(*_):
        raise AssertionError(f"no answer within {5 * seconds} s")

    start = time.perf_counter()
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, 5 * seconds)
    try:
        yield
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
    assert time.perf_counter() - start < seconds


@pytest.mark.parametrize(("function", "good", "argument", "bad"), CASES)
@pytest.mark.filterwarnings("error")
def test_a_bad_argument_is_refused_by_name(function, good, argument, bad):
    with at_most(1), pytest.raises((ValueError, TypeError), match=rf"\b{argument}\b"):
        function(**(good | {argument: bad}))


@pytest.mark.parametrize("name", TABLE)
def test_the_good_arguments_of_the_table_are_good(name):
    function, good, arguments = TABLE[name]
    required = [p.name for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    if set(required) <= set(good):
        function(**good)
    else:  # the only argument is the bad one, or the remark says why one is left out
        assert set(required) <= set(good) | set(arguments)


def test_the_table_holds_every_argument_of_every_function():
    missing = []
    for name, (function, _, _) in TABLE.items():
        tried = set().union(*(row[2] for other, row in TABLE.items() if other.split()[0] == name.split()[0]))
        missing += [f"{name}({p})" for p in inspect.signature(function).parameters if p not in tried]
    assert not missing


def test_the_table_holds_every_public_name():
    public = {name for name in sc.__all__ if callable(getattr(sc, name))}
    public = {name for name in public if getattr(sc, name).__module__ not in TESTED_ELSEWHERE}
    for module in (sc.games, sc.bounds):
        short = module.__name__.rpartition(".")[2]
        public |= {
            f"{short}.{name}"
            for name, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
        }
    tried = {name.split()[0] for name in TABLE}
    assert public - tried - RECORDS - ABSTRACT == set()


@pytest.mark.parametrize("name", sorted(ABSTRACT))
def test_a_protocol_cannot_be_made_by_itself(name):
    with pytest.raises(TypeError, match="abstract"):
        getattr(sc, name)()


def test_a_class_in_place_of_an_object_gets_a_hint():
    with pytest.raises(TypeError, match=r"strategy1 must be a Strategy, got .*; write Hedge\(\.\.\.\)"):
        sc.play(sc.Hedge, sc.Hedge(), game, (0, 1), 3)


@pytest.mark.parametrize("strategy", [sc.Hedge(), sc.Fixed(0)], ids=repr)
@pytest.mark.parametrize("n_actions", [1, 2, 4])
def test_exact_consistency_over_a_huge_horizon_is_refused_at_once(strategy, n_actions):
    with at_most(1), pytest.raises(ValueError, match=r"horizon|max_nodes"):
        sc.consistency(strategy, sc.games.coordination(n_actions), HUGE, 0.1, method="exact")


@pytest.mark.parametrize("strategy", [sc.Convention(), sc.Population([sc.Convention()])], ids=repr)
def test_exact_consistency_of_a_convention_over_a_huge_horizon_is_refused_at_once(strategy):
    with at_most(1), pytest.raises(ValueError, match=r"horizon|max_nodes"):
        sc.consistency(strategy, game, HUGE, 0.1, method="exact")


def test_a_huge_horizon_is_certified_at_once():
    with at_most(1):
        assert sc.consistency(sc.Hedge(), sc.games.coordination(2), HUGE, 0.1).kind == "certificate"


def test_a_convention_over_a_huge_horizon_is_certified_at_once_or_refused():
    with at_most(1):
        try:
            answer = sc.consistency(sc.Convention(), game, HUGE, 0.1).kind
        except ValueError as error:
            answer = str(error)
    assert answer == "certificate" or "horizon" in answer


def test_exact_consistency_with_many_actions_is_refused_before_memory_runs_out():
    with at_most(2), pytest.raises(ValueError, match="max_nodes"):
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
