"""Automata, memory-one strategies and their famous examples, each against its plainest definition or its theorem."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import socialcoop as sc
from socialcoop.strategies import Automaton, MemoryOne, WinStayLoseShift

DILEMMA = sc.games.prisoners_dilemma()
AXELROD = sc.Game(np.array([[3, 0], [5, 1]]) / 5)  # 5, 3, 1, 0, in units in which payoffs are from 0 to 1
GAMES = {n: sc.games.random_game(n, 2, seed=n) for n in (2, 3)}


def tables(strategy, game, agent=0, phase=4):
    return sc.imitation.behaviour_tables(strategy, game, agent, phase)


def assert_same_after_all_histories(one, two, game):
    for agent in (0, 1):
        for first, second in zip(tables(one, game, agent), tables(two, game, agent), strict=True):
            np.testing.assert_allclose(first, second, rtol=0, atol=1e-15)


# --- automata


@pytest.mark.parametrize("game", GAMES.values(), ids=lambda game: f"N={game.n_actions}")
def test_tit_for_tat_and_the_grim_trigger_are_automata(game):
    n = game.n_actions
    mirror = Automaton(np.arange(n), np.tile(np.arange(n), (n, 1)), start=n - 1)
    assert_same_after_all_histories(mirror, sc.TitForTat(n - 1), game)
    grim = Automaton([1, 0], [[1 if b != 1 else 0 for b in range(n)], [1] * n])
    assert_same_after_all_histories(grim, sc.GrimTrigger(cooperate=1, punish=0), game)


@given(seed=st.integers(0, 2**32 - 1), by_both=st.booleans())
def test_an_automaton_goes_from_state_to_state(seed, by_both):
    rng = np.random.default_rng(seed)
    n, states, stages, episodes = rng.integers(1, 4), rng.integers(1, 5), 8, 5
    game = sc.games.random_game(int(n), 2, rng)
    mixed, moves = rng.dirichlet(np.ones(n), states), rng.integers(states, size=(states, n, n)[: 3 if by_both else 2])
    start, types = rng.integers(states, size=2), rng.integers(2, size=episodes)
    seat = Automaton(mixed, moves, start).seat(game, 0, types, stages)
    now = [start[own_type] for own_type in types]
    for _ in range(stages):
        np.testing.assert_array_equal(seat.policy(), np.transpose([mixed[state] for state in now]))
        own, other = rng.integers(n, size=(2, episodes))
        seat.observe(own, other)
        now = [moves[state, a, b] if by_both else moves[state, b] for state, a, b in zip(now, own, other, strict=True)]


def test_a_state_may_be_pure_or_mixed():
    half = Automaton([1, [0.5, 0.5]], [[0, 1], [1, 1]])
    assert half == Automaton([[0, 1], [0.5, 0.5]], [[0, 1], [1, 1]])
    assert half.actions.tolist() == [[0, 1], [0.5, 0.5]]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: Automaton([0, 2], [[0, 1], [1, 1]]), r"actions\[1\] must be an integer from 0 to 1, got 2"),
        (lambda: Automaton([0, [1, 0, 0]], [[0, 1], [1, 1]]), r"actions\[1\] must have 2 probabilities, got 3"),
        (
            lambda: Automaton([0, [[1, 0]]], [[0, 1], [1, 1]]),
            r"actions\[1\] must have shape \(N,\), got shape \(1, 2\)",
        ),
        (lambda: Automaton([0, 1], [[0, 2], [1, 1]]), "moves must hold integers from 0 to 1, got 0 to 2"),
        (lambda: Automaton([0, 1], [[0, 1]]), r"moves must have shape .* with S = 2 states, got shape \(1, 2\)"),
        (lambda: Automaton([0], [[[0, 0]]]), r"moves must have shape .*, got shape \(1, 1, 2\)"),
        (lambda: Automaton([0], np.zeros((1, 0), int)), r"moves must have shape .*, got shape \(1, 0\)"),
        (lambda: Automaton([0], [[0, 0]], start=1), "start must hold integers from 0 to 0"),
        (lambda: MemoryOne(np.full((2, 2, 3), 1 / 3)), r"replies must have shape .*, got shape \(2, 2, 3\)"),
        (lambda: MemoryOne(np.full((0, 2, 2, 2), 0.5)), r"replies must have shape .*, got shape \(0, 2, 2, 2\)"),
        (lambda: MemoryOne(np.full((2, 2, 2), 0.5), 2), "opening must be an integer from 0 to 1, got 2"),
        (lambda: MemoryOne(np.full((2, 2, 2), 0.5), [1, 0, 0]), "opening must have 2 probabilities, got 3"),
    ],
)
def test_tables_that_do_not_fit_each_other_are_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        wrong()


# --- memory one


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 3), per_type=st.booleans(), opens_per_type=st.booleans())
def test_a_memory_of_one_stage_reads_its_table(seed, n, per_type, opens_per_type):
    rng = np.random.default_rng(seed)
    game, episodes = sc.games.random_game(n, 2, rng), 6
    replies = rng.dirichlet(np.ones(n), (2, n, n) if per_type else (n, n))
    opening = rng.dirichlet(np.ones(n), 2) if opens_per_type else rng.dirichlet(np.ones(n))
    types = rng.integers(2, size=episodes)
    seat = MemoryOne(replies, opening).seat(game, 1, types, 9)
    for column, own_type in zip(seat.policy().T, types, strict=True):
        np.testing.assert_array_equal(column, opening[own_type] if opens_per_type else opening)
    for _ in range(4):
        own, other = rng.integers(n, size=(2, episodes))
        seat.observe(own, other)
        for column, own_type, a, b in zip(seat.policy().T, types, own, other, strict=True):
            np.testing.assert_array_equal(column, replies[own_type, a, b] if per_type else replies[a, b])


@pytest.mark.parametrize("game", GAMES.values(), ids=lambda game: f"N={game.n_actions}")
def test_who_is_never_generous_plays_tit_for_tat_and_who_always_is_cooperates(game):
    never, always = (MemoryOne.generous_tit_for_tat(each, game.n_actions, cooperate=1) for each in (0, 1))
    assert_same_after_all_histories(never, sc.TitForTat(1), game)
    assert_same_after_all_histories(always, sc.Fixed(1), game)


def test_the_generous_cooperate_after_cooperation_and_sometimes_after_anything_else():
    forgiving = MemoryOne.generous_tit_for_tat(0.3, 3, cooperate=2)
    assert forgiving.opening == 2
    for own in range(3):
        np.testing.assert_allclose(forgiving.replies[own], [[0.7, 0, 0.3], [0, 0.7, 0.3], [0, 0, 1]])


def long_run(first, second, game, types):
    """Return what both get per stage in the long run: the stationary distribution of the last joint action."""
    n = game.n_actions
    after = [
        tables(strategy, game, agent, 2)[1][own_type]
        for agent, (strategy, own_type) in enumerate(zip((first, second), types, strict=True))
    ]
    chain = np.einsum("ha,hb->hab", *after).reshape(n * n, n * n)
    system = np.concatenate([chain.T - np.eye(n * n), np.ones((1, n * n))])
    frequency = np.linalg.lstsq(system, np.r_[np.zeros(n * n), 1], rcond=None)[0]
    np.testing.assert_allclose(frequency @ chain, frequency, atol=1e-12)
    mine, its = game.stage(types)
    return frequency @ mine.ravel(), frequency @ its.T.ravel()


def test_nobody_gains_from_cheating_one_whose_generosity_is_that_of_the_paper():
    """For 5, 3, 1, 0 it is 1/3: who cheats every second time earns just 3, which is what cooperation earns."""
    defects, alternates = (MemoryOne(np.eye(2)[[[1, 1], reply]]) for reply in ([1, 1], [0, 0]))
    earned = {
        (generosity, cheat): 5 * long_run(MemoryOne.generous_tit_for_tat(generosity), cheat, AXELROD, (0, 0))[1]
        for generosity in (1 / 3, 0.4)
        for cheat in (defects, alternates)
    }
    assert list(earned.values()) == pytest.approx([7 / 3, 3, 2.6, 3.1], abs=1e-9)


# --- zero determinant


def test_the_example_of_the_paper_extorts_three_to_one():
    found = MemoryOne.zero_determinant(AXELROD, (0, 0), chi=3, baseline=0.2)
    np.testing.assert_allclose(found.replies[..., 0], [[11 / 13, 1 / 2], [7 / 26, 0]], atol=1e-15)
    same = MemoryOne.zero_determinant(AXELROD, (0, 0), chi=3, baseline=0.2, phi=5 / 26)  # φ is in 1 / payoff
    np.testing.assert_allclose(same.replies, found.replies, atol=1e-15)


ASYMMETRIC = sc.Game([DILEMMA.payoffs[0], [[0.7, 0.1], [0.9, 0.3]]])
SWAPPED = sc.Game(DILEMMA.payoffs[:, ::-1, ::-1])
TIED = {
    "extortion": (DILEMMA, (0, 0), 3, 0.2),
    "fair": (DILEMMA, (0, 0), 1, 0.4),
    "generous": (DILEMMA, (0, 0), 2, 0.6),
    "in between": (DILEMMA, (0, 0), 1.5, 0.3),
    "with 5, 3, 1, 0": (AXELROD, (0, 0), 10, 0.2),
    "two types": (ASYMMETRIC, (0, 1), 2, 0.4),
    "the other way round": (ASYMMETRIC, (1, 0), 2, 0.4),
    "actions swapped": (SWAPPED, (0, 0), 3, 0.2),
    "chicken": (sc.games.chicken(), (0, 0), 1, 0.5),
    "nearly an equaliser": (DILEMMA, (0, 0), 1e5, 0.5),
    "stag hunt": (sc.games.stag_hunt(), (0, 0), 1, 0.7),
}


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("share", [0.05, 0.5, 1])
@pytest.mark.parametrize("name", TIED)
def test_long_run_payoffs_are_tied_whatever_the_partner_remembers(name, share, agent):
    game, types, chi, baseline = TIED[name]
    mine, its = game.stage(types)[agent], game.stage(types)[1 - agent].T
    strongest = 1 / np.abs(mine - baseline - chi * (its - baseline)).max()
    tie = MemoryOne.zero_determinant(game, types, chi, baseline, share * strongest, agent)
    rng = np.random.default_rng(5)
    for _ in range(15):
        partner = MemoryOne(rng.dirichlet([0.6, 0.6], (2, 2)))
        pair = (tie, partner) if agent == 0 else (partner, tie)
        payoffs = long_run(*pair, game, types)
        own, other = payoffs[agent], payoffs[1 - agent]
        assert own - baseline == pytest.approx(chi * (other - baseline), abs=1e-9)


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("partner", [sc.Hedge(3), sc.RegretMatching(), sc.GrimTrigger(), WinStayLoseShift()], ids=repr)
def test_over_finitely_many_stages_the_tie_is_off_by_the_change_of_its_own_action(partner, agent):
    """The identity of the notes, exactly, whoever the partner is: φ times what is off is P(0 next) - P(0 at first)."""
    chi, baseline, phi, horizon = 3, 0.2, 0.3, 4
    tie = MemoryOne.zero_determinant(DILEMMA, (0, 0), chi, baseline, phi, agent)
    meeting = (*((tie, partner) if agent == 0 else (partner, tie)), DILEMMA, (0, 0))
    totals = sc.expected_payoffs(*meeting, horizon)
    off = (totals[agent] - baseline * horizon) - chi * (totals[1 - agent] - baseline * horizon)
    last = sc.history_distribution(*meeting, horizon + 1).reshape(-1, 2, 2).sum(axis=0)
    assert phi * off == pytest.approx(last.sum(axis=1 - agent)[0] - 1, abs=1e-12)


def test_a_reaction_that_is_too_strong_is_refused_with_the_range_that_is_allowed():
    for phi in (-0.1, 0, 0.4, 5):
        with pytest.raises(ValueError, match=rf"phi must be a number in \(0, 0.384615\], got {phi}"):
            MemoryOne.zero_determinant(DILEMMA, (0, 0), 3, 0.2, phi)
    assert MemoryOne.zero_determinant(DILEMMA, (0, 0), 3, 0.2, 1 / 2.6).replies.min() == 0


@pytest.mark.parametrize(
    ("game", "types", "chi", "baseline", "why"),
    [
        (DILEMMA, (0, 0), 3, 0.1, "cannot be enforced: no phi gives probabilities"),
        (DILEMMA, (0, 0), 3, 0.7, "cannot be enforced: no phi gives probabilities"),
        (DILEMMA, (0, 0), 0, 0.3, "chi = 0 and baseline = 0.3 cannot be enforced"),  # nobody sets his own payoff
        (sc.games.coordination(2), (0, 0), 1, 0.3, "the payoffs are so tied whatever is played"),
        (sc.games.matching_pennies(), (0, 1), -1, 0.5, "the payoffs are so tied whatever is played"),
        (sc.games.coordination(3), (0, 0), 1, 0.3, "game must have 2 actions, got 3"),
    ],
)
def test_a_tie_that_nobody_can_enforce_is_refused(game, types, chi, baseline, why):
    with pytest.raises(ValueError, match=why):
        MemoryOne.zero_determinant(game, types, chi, baseline)


@given(
    seed=st.integers(0, 2**32 - 1),
    chi=st.floats(-3, 8),
    baseline=st.floats(-0.5, 1.5),
    agent=st.integers(0, 1),
    share=st.floats(0.01, 1),
)
def test_ties_are_refused_only_where_no_strategy_with_one_stage_of_memory_enforces_them(
    seed, chi, baseline, agent, share
):
    """Enforced or refused: D of one sign after each own action is what probabilities need, with either sign of φ."""
    game = sc.games.random_game(2, 2, seed)
    mine, its = game.stage((0, 1))[agent], game.stage((0, 1))[1 - agent].T
    excess = mine - baseline - chi * (its - baseline)
    fits = any((sign * excess[0] <= 0).all() and (sign * excess[1] >= 0).all() for sign in (1, -1))
    if not fits:
        with pytest.raises(ValueError, match="cannot be enforced"):
            MemoryOne.zero_determinant(game, (0, 1), chi, baseline, agent=agent)
        return
    tie = MemoryOne.zero_determinant(game, (0, 1), chi, baseline, share / np.abs(excess).max(), agent)
    change = tie.replies[..., 0] - [[1, 1], [0, 0]]
    np.testing.assert_allclose(
        change / np.abs(change).max(), excess / np.abs(excess).max() * np.sign((change * excess).sum()), atol=1e-9
    )


# --- win-stay, lose-shift


def test_it_is_pavlov_in_the_prisoners_dilemma_of_the_paper():
    pavlov = MemoryOne([[[1, 0], [0, 1]], [[0, 1], [1, 0]]])  # cooperates if both did the same
    assert_same_after_all_histories(WinStayLoseShift(), pavlov, AXELROD)
    assert_same_after_all_histories(WinStayLoseShift(), pavlov, DILEMMA)


@pytest.mark.parametrize("aspiration", [None, 0, 0.4, 1])
@pytest.mark.parametrize("game", GAMES.values(), ids=lambda game: f"N={game.n_actions}")
def test_an_action_that_earned_enough_is_repeated_and_any_other_is_not(game, aspiration):
    seat = WinStayLoseShift(aspiration, opening=1).seat(game, 0, np.arange(2), 50)
    assert seat.policy().argmax(axis=0).tolist() == [1, 1]
    rng = np.random.default_rng(1)
    for _ in range(50):
        own, other = rng.integers(game.n_actions, size=(2, 2))
        seat.observe(own, other)
        for own_type, (a, b) in enumerate(zip(own, other, strict=True)):
            table = game.payoffs[own_type]
            enough = (table.max() + table.min()) / 2 if aspiration is None else aspiration
            expected = a if table[a, b] >= enough else (a + 1) % game.n_actions
            assert seat.policy()[:, own_type].tolist() == np.eye(game.n_actions)[expected].tolist()


def test_just_enough_is_enough_in_any_unit():
    for unit in (1, 1e-9):
        game = sc.Game(np.array([[0.1, 0.3], [0.2, 0.2]]) * unit)  # .2 is the middle, which rounding misses
        seat = WinStayLoseShift().seat(game, 0, np.zeros(1, int), 9)
        seat.observe(np.array([1]), np.array([0]))
        assert seat.policy()[:, 0].tolist() == [0, 1]


def test_many_actions_take_little_memory():
    game = sc.games.random_game(256, 1, seed=1)
    tracemalloc.start()
    met = sc.play(WinStayLoseShift(), sc.Fixed(3), game, (0, 0), 50, 5, seed=1).actions[:, 0]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10e6
    assert (np.diff(met.astype(int), axis=0) >= 0).all()


def test_two_of_them_mend_a_slip_in_two_stages():
    slips = WinStayLoseShift(opening=1)
    met = sc.play(WinStayLoseShift(), slips, DILEMMA, (0, 0), horizon=6).actions[:, :, 0]
    assert met.tolist() == [[0, 1], [1, 1], *[[0, 0]] * 4]


# --- on sitting down


@pytest.mark.parametrize(
    ("strategy", "said"),
    [
        (Automaton([0, 1], [[0, 1], [1, 1]]), r"moves must be for the 3 action\(s\) of .*, got 2"),
        (Automaton([0], [[0, 0, 0]], start=[0, 0, 0]), "start must hold 2 states for .*, got 3"),
        (MemoryOne(np.full((2, 2, 2), 0.5)), r"replies must be for the 3 action\(s\) of .*, got 2"),
        (MemoryOne(np.full((4, 3, 3, 3), 1 / 3)), "replies must have a table for each of the 2 types, got 4"),
        (MemoryOne(np.full((3, 3, 3), 1 / 3), np.eye(3)), "opening must have one row for each of the 2"),
        (WinStayLoseShift(opening=3), "opening must be an integer from 0 to 2, got 3"),
    ],
)
def test_who_does_not_fit_the_game_says_why(strategy, said):
    with pytest.raises(ValueError, match=said):
        sc.play(strategy, sc.Fixed(0), GAMES[3], (0, 0), 2)


def test_nothing_is_certified():
    for strategy in (Automaton([0], [[0, 0]]), MemoryOne(np.full((2, 2, 2), 0.5)), WinStayLoseShift()):
        assert strategy.certificate(DILEMMA, 10_000, 0.5) == 1


@pytest.mark.parametrize(
    "strategy",
    [
        Automaton([0, [0.25, 0.75]], [[0, 1], [1, 1]], start=[1, 0]),
        MemoryOne.zero_determinant(AXELROD, (0, 0), 3, 0.2),
        MemoryOne.generous_tit_for_tat(1 / 3, 3, 1),
        WinStayLoseShift(0.25, opening=1),
    ],
    ids=["automaton", "extortion", "generous", "pavlov"],
)
def test_its_repr_makes_an_equal_one(strategy):
    assert eval(repr(strategy), vars(sc.strategies)) == strategy
