"""A habit that is kept in a changing way: the game with its names, the people by hand, and what holds for them."""

from itertools import product

import numpy as np
import pytest

import socialcoop as sc

TASTES = list(product((0, 1), repeat=2))  # of the two parts of a habit
CHANGES = ("usual", "rota", "sticky", "fresh")
KEYS = (None, 0, 4, 7, 11)


def people(change="usual", **dials):
    return sc.strategies.VariedTeam(change, **dials)


def every_pair():
    return np.array(list(np.ndindex(4, 4)))


def same_act(number, ways, key):
    """Return the number of an act on the other side, by the text of the docstring."""
    if key is None or number == 4 * ways:
        return number
    (habit, way), (turned, reflected) = divmod(number, ways), divmod(key, ways)
    parts = [own if opposite == 0 else 1 - own for own, opposite in zip(TASTES[habit], TASTES[turned], strict=True)]
    return (2 * parts[0] + parts[1]) * ways + (reflected - way) % ways


def pays(likes, mine, yours, ways, outside):
    """Return what an act pays against another, both in the own names."""
    if mine == 4 * ways:
        return outside
    if yours == 4 * ways or mine % ways != yours % ways:
        return 0.0
    parts = zip(TASTES[likes], TASTES[mine // ways], TASTES[yours // ways], strict=True)
    return (
        sum((1 if own == liked else 0.6) if own == others else 0.2 * (own == liked) for liked, own, others in parts) / 2
    )


# --- the game


@pytest.mark.parametrize(("ways", "wordings"), [(1, 1), (2, 1), (3, 1), (3, 2), (4, 1)])
def test_payoffs_are_those_of_the_team_in_the_same_way_whatever_the_other_calls_it(ways, wordings):
    acts = 4 * ways + 1
    for key in (None, *range(4 * ways)):
        game = sc.games.varied_team(ways, wordings, 0.5, key)
        table = [
            [
                [pays(likes, mine, same_act(yours, ways, key), ways, 0.5) for yours in range(acts)]
                for mine in range(acts)
            ]
            for likes in range(4)
        ]
        by_wording = game.payoffs.reshape(4, acts, wordings, acts, wordings)
        for one, two in np.ndindex(wordings, wordings):
            np.testing.assert_allclose(by_wording[:, :, one, :, two], table, atol=1e-15)
        assert len(set(game.action_names)) == game.n_actions == acts * wordings


@pytest.mark.parametrize("ways", [1, 2, 3, 4, 5])
def test_both_sides_agree_on_what_is_the_same_act_and_every_act_is_every_act_for_some_key(ways):
    acts = 4 * ways
    met = np.zeros((acts, acts), dtype=int)
    for key in range(acts):
        others = [same_act(act, ways, key) for act in range(acts)]
        assert others[0] == key
        assert [others[other] for other in others] == list(range(acts))
        met[np.arange(acts), others] += 1
    assert (met == 1).all()


@pytest.mark.parametrize("types", [(0, 0), (0, 1), (2, 1), (3, 3)])
def test_a_key_changes_names_and_no_equilibrium(types):
    """What likes habit h in its own names is, for the other side, who likes the habit that h is there."""
    for key in KEYS[1:]:
        liked = same_act(types[1] * 3, 3, key) // 3
        found = sc.worst_pone(sc.games.varied_team(key=key), types)
        assert found == pytest.approx(sc.worst_pone(sc.games.varied_team(), (types[0], liked)))


def test_to_copy_the_other_says_nothing_over_all_keys():
    """Exactly: whoever waits in any act is met as often in every act, whichever that is."""
    ways, horizon = 3, 6
    for act, likes in product(range(12), range(4)):
        copied = [
            sc.expected_payoffs(sc.TitForTat(), sc.Fixed(act), sc.games.varied_team(ways, key=key), (0, likes), horizon)
            for key in range(12)
        ]
        game = sc.games.varied_team(ways)
        drawn = [
            sc.expected_payoffs(sc.Fixed(any_act), sc.Fixed(act), game, (0, likes), horizon) for any_act in range(12)
        ]
        # the opening is act 0 in any case, which with the keys is every act as well
        assert np.mean(copied, axis=0)[1] == pytest.approx(np.mean(drawn, axis=0)[1])
    plain = sc.expected_payoffs(sc.TitForTat(), sc.Fixed(4), sc.games.varied_team(ways), (0, 1), horizon)
    assert plain == pytest.approx((0.8 * 5, 5))  # and all but the opening without a key


def earned_by_holding(copier, key=None, episodes=400, seed=0):
    """Return what people get on average from who copies for four stages and then keeps to its last act."""
    types = np.stack([np.zeros(episodes, dtype=int), np.arange(episodes) % 4], axis=1)
    game = sc.games.varied_team(key=key)
    met = sc.play(sc.ThenCommit(copier, 4, "last"), people("fresh"), game, types, 200, episodes, seed=seed)
    return met.payoffs(1).mean()


def test_holding_what_was_copied_is_good_where_names_are_shared_and_worse_than_a_constant_for_all_keys_but_one():
    assert earned_by_holding(sc.TitForTat()) > 0.94
    over_keys = [earned_by_holding(sc.TitForTat(), key, seed=key) for key in range(12)]
    constant = [earned_by_holding(sc.Fixed(0), key, seed=key) for key in range(12)]
    assert over_keys[0] > 0.94  # the names of the first way are the same with this key
    assert max(over_keys[1:]) < min(constant)
    assert np.mean(over_keys) < np.mean(constant) + 0.01
    rng, drawn = np.random.default_rng(0), []
    for seed in range(24):  # who copies by a fixed pairing that it has drawn
        table = np.eye(13)[np.append(rng.permutation(12), 12)]
        drawn.append(earned_by_holding(sc.strategies.MemoryOne(np.tile(table, (13, 1, 1)), opening=0), seed=seed))
    assert np.mean(over_keys) < np.mean(drawn) + 0.04


@pytest.mark.parametrize(
    "game",
    [
        sc.games.team_lead(("tone", "workload")),
        sc.games.project(),
        sc.games.coordination(1),
        sc.games.random_game(13, 4, seed=1),
        sc.Game(np.minimum(sc.games.varied_team().payoffs, 0.9)),
        sc.Game(sc.games.varied_team().payoffs[:2]),
        sc.Game(sc.games.varied_team().payoffs[:, ::-1]),
        sc.Game(np.zeros((4, 13, 13))),
    ],
    ids=range(8),
)
def test_people_refuse_another_game(game):
    with pytest.raises(ValueError, match="game must be a varied_team, got"):
        people().seat(game, 0, np.zeros(1, dtype=int), 3)
    with pytest.raises(ValueError, match="game must be a varied_team, got"):
        people().certificate(game, 3, 0.5)


# --- people among themselves


def told(play, ways, wordings, key):
    """Return habits and ways, (T, 2, B) each, in the AI's names."""
    acts = play.actions.astype(int) // wordings
    acts[:, 1] = np.array([same_act(act, ways, key) for act in range(4 * ways)])[acts[:, 1]]
    return np.divmod(acts, ways)


@pytest.mark.parametrize("small_talk", [0, 1, 2, 5])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("key", KEYS)
def test_they_talk_then_the_partner_shows_what_it_likes_and_both_keep_to_it(change, key, small_talk):
    member, horizon, ways = people(change, small_talk=small_talk), 30, 3
    pairs = np.repeat(every_pair(), 5, axis=0)
    for wordings in (1, 4):
        game = sc.games.varied_team(ways, wordings, key=key)
        play = sc.play(member, member, game, pairs, horizon, len(pairs), seed=1)
        habits, way = told(play, ways, wordings, key)
        liked = np.array([same_act(likes * ways, ways, key) // ways for likes in pairs[:, 1]])
        assert not habits[: small_talk + 1, 0].any()
        assert not habits[:small_talk, 1].any()
        assert (habits[small_talk, 1] == liked).all()
        assert (habits[small_talk + 1 :] == liked).all()
        assert (way[:, 0] == way[:, 1]).all()
        assert not way[: small_talk + 1].any()
        assert (play.payoffs(1)[small_talk + 1 :] == 1).all()
        np.testing.assert_array_equal(member.departure(play, 0), 0)
        np.testing.assert_array_equal(member.departure(play, 1), 0)
        steps = np.diff(way[small_talk:, 0], axis=0) % ways
        if change in ("usual", "rota"):
            assert (steps == (change == "rota")).all()
        if change == "fresh":
            assert set(steps.ravel()) == {1, 2}
        if change == "sticky":
            assert set(steps.ravel()) == {0, 1, 2}


@pytest.mark.parametrize(
    ("dials", "shares"),
    [
        ({"change": "fresh"}, [0, 1 / 3, 1 / 3, 1 / 3]),
        ({"change": "sticky"}, [1 / 2, 1 / 6, 1 / 6, 1 / 6]),
        ({"change": "sticky", "stay": 0.2}, [0.2, 0.8 / 3, 0.8 / 3, 0.8 / 3]),
        ({"change": "rota", "stay": 0.7}, [0.1, 0.7, 0.1, 0.1]),
        ({"change": "usual", "stay": 0}, [0, 1 / 3, 1 / 3, 1 / 3]),
        ({"change": "fresh", "stay": 1}, [1, 0, 0, 0]),
    ],
    ids=str,
)
def test_the_way_moves_on_as_often_as_the_dials_say(dials, shares):
    """Within six standard deviations for each step, among wordings that hardly ever repeat."""
    game, member, episodes, stages = sc.games.varied_team(4, 4), people(**dials, small_talk=8), 400, 40
    play = sc.play(member, member, game, (0, 1), 9 + stages, episodes, seed=2)
    way = told(play, 4, 4, None)[1][8:, 0]
    steps = np.diff(way, axis=0) % 4
    count = steps.size
    for step, share in enumerate(shares):
        assert abs((steps == step).mean() - share) <= 6 * np.sqrt(share * (1 - share) / count)
    if 0 < shares[0] < 1:  # one step says nothing of the next
        again = (steps[1:] == 0)[steps[:-1] == 0]
        assert abs(again.mean() - shares[0]) <= 6 * np.sqrt(shares[0] * (1 - shares[0]) / again.size)


def test_the_way_is_the_same_after_the_same_history_and_as_if_drawn_after_another():
    game, member = sc.games.varied_team(3, 2), people("fresh", small_talk=1)
    play = sc.play(member, member, game, (0, 2), 7, 4000, seed=3)
    ways, found = told(play, 3, 2, None)[1][:, 0], {}
    for episode, history in enumerate(play.actions.reshape(7, 2, -1).transpose(2, 0, 1)):
        found.setdefault(history[:3].tobytes(), set()).add(int(ways[3, episode]))
    assert all(len(each) == 1 for each in found.values())
    # one wording alone, the first, the last, and of either side, changes what comes next in some history
    for stage, side in product(range(3), range(2)):
        differ = 0
        for history in list(found)[:200]:
            other = np.frombuffer(history, dtype=np.uint8).reshape(3, 2).copy()
            other[stage, side] ^= 1
            way = found.get(other.tobytes())
            differ += way is not None and way != found[history]
        assert differ > 0


@pytest.mark.parametrize("change", ["usual", "rota"])
@pytest.mark.parametrize("key", [None, 5])
def test_who_announces_the_opposite_shows_it_once_and_then_keeps_to_what_it_likes(change, key):
    """Stage by stage, in the AI's names: only the stage that shows differs, and among themselves nothing is lost."""
    game, pairs = sc.games.varied_team(2, key=key), every_pair()
    plain, turned = (people(change, opposite=opposite) for opposite in (False, True))
    one, two = (sc.play(each, each, game, pairs, 9, 16, seed=1) for each in (plain, turned))
    habits, ways = told(two, 2, 1, key)
    usual, same = told(one, 2, 1, key)
    assert (habits[2, 1] == 3 - usual[2, 1]).all()
    habits[2, 1] = usual[2, 1]
    assert (habits == usual).all()
    assert (ways == same).all()
    assert (turned.departure(two, 0) == 0).all()
    assert (turned.departure(two, 1) == 0).all()
    mixed = sc.play(plain, turned, game, pairs, 9, 16, seed=1)  # the AI's side reads it in the plain way
    assert (mixed.actions[3, 0] // 2 == 3 - usual[3, 1]).all()
    assert (plain.departure(mixed, 0) == 4).all()
    assert (turned.departure(mixed, 1) == 4).all()


def test_keys_are_different_ways():
    game = sc.games.varied_team()
    shown = [sc.play(*[people("fresh", key=key)] * 2, game, (0, 1), 40).actions for key in (0, 0, 1)]
    np.testing.assert_array_equal(shown[0], shown[1])
    assert (shown[0] != shown[2]).any()


# --- departures


def sit(member, game, agent, likes, horizon):
    return member.seat(game, agent, np.array([likes]), horizon)


def away(seat):
    """Return whether the seat has left the agreement."""
    return bool(seat.departed[0] >= 0)


@pytest.mark.parametrize("agent", [0, 1])
@pytest.mark.parametrize("errs", [0, 1])
@pytest.mark.parametrize("patience", [0, 1, 3])
@pytest.mark.parametrize("key", [None, 7])
def test_as_many_stages_with_a_wrong_act_are_forgiven_as_patience_says(agent, errs, patience, key):
    game, horizon = sc.games.varied_team(key=key), 14
    member = people("rota", patience=patience, fallback=sc.Fixed(12), small_talk=1)
    both = [sit(member, game, side, (0, 3)[side], horizon) for side in (0, 1)]
    wrong_at = [3, 5, 6, 8, 9]
    for stage in range(horizon):
        acts = [int(seat.policy()[:, 0].argmax()) for seat in both]
        left = stage > wrong_at[patience]
        assert [away(seat) for seat in both] == [left, left]
        assert acts == [12, 12] if left else 12 not in acts
        if stage in wrong_at:
            acts[errs] = 12
        for side, seat in enumerate(both):
            seat.observe(np.array([acts[side]]), np.array([acts[1 - side]]))


def test_a_wrong_habit_and_a_wrong_way_are_departures_and_another_wording_is_none():
    game, horizon = sc.games.varied_team(3, 2), 8
    member = people("usual", fallback=sc.Fixed(24))
    true = [(0, 0), (0, 0), (0, 9), (9, 9), (9, 9), (9, 9), (9, 9), (9, 9)]  # acts, by hand
    for agent, errs in np.ndindex(2, 2):
        for stage, act in product(range(horizon - 1), range(13)):
            seat = sit(member, game, agent, (0, 3)[agent], horizon)
            for t, acts in enumerate(true[: stage + 1]):
                played = list(acts)
                if t == stage:
                    played[errs] = act
                seat.observe(np.array([2 * played[agent] + 1]), np.array([2 * played[1 - agent] + t % 2]))
            shows = stage == 2 and errs == 1 and act in (0, 3, 6, 9)  # any habit, in the way that is due
            assert away(seat) == (act != true[stage][errs] and not shows)


@pytest.mark.parametrize("agent", [0, 1])
def test_what_counts_is_the_habit_that_was_shown(agent):
    """A partner whose hand showed another habit than the liked one keeps to that, and so does the AI."""
    game, member = sc.games.varied_team(), people("rota")
    seat = sit(member, game, agent, 3, 9)
    for acts in [(0, 0), (0, 0), (0, 6), (7, 7), (8, 8), (6, 6)]:
        seat.observe(np.array([acts[agent]]), np.array([acts[1 - agent]]))
    assert not away(seat)
    assert seat.policy()[:, 0].argmax() == 7


def test_where_the_habit_was_not_shown_and_that_is_forgiven_the_small_talk_goes_on():
    game, member = sc.games.varied_team(), people("rota", patience=1)
    both = [sit(member, game, side, 3, 9) for side in (0, 1)]
    for acts in [(0, 0), (0, 0), (0, 11), (1, 1), (2, 2)]:
        for side, seat in enumerate(both):
            seat.observe(np.array([acts[side]]), np.array([acts[1 - side]]))
    assert [seat.policy()[:, 0].argmax() for seat in both] == [0, 0]
    assert not any(map(away, both))


# --- consistent


@pytest.mark.parametrize("fallback", [sc.Hedge(), sc.RegretMatching()], ids=repr)
@pytest.mark.parametrize("patience", [0, 4])
def test_the_certificate_is_that_of_the_learner_after_the_stages_that_cost(fallback, patience):
    game, horizon = sc.games.varied_team(wordings=4), 200
    member = people("fresh", fallback=fallback, patience=patience)
    for epsilon in (0.2, 0.25, 0.5, 0.63, 0.7):
        left = [
            fallback.certificate(game, stages, (epsilon * horizon - 2 - patience) / stages)
            for stages in range(1, horizon + 1)
        ]
        assert member.certificate(game, horizon, epsilon) == pytest.approx(max(left), rel=1e-9)


def test_members_are_certified_at_200_stages():
    """N = 52: 13 acts in four wordings, as in the chapter."""
    game = sc.games.varied_team(wordings=4)
    least = {
        fallback: min(
            epsilon
            for epsilon in np.arange(100, 800) / 1000
            if people("fresh", fallback=fallback).certificate(game, 200, epsilon) <= 0.01
        )
        for fallback in (sc.Hedge(), sc.RegretMatching())
    }
    assert list(least.values()) == [0.217, 0.623]
    one_wording = people("fresh").certificate(sc.games.varied_team(), 200, 0.2)
    assert one_wording <= 0.01
    found = sc.consistency(people("rota"), game, 200, 0.23, method="certificate", agent=1)
    assert found.is_consistent(0.01)


@pytest.mark.parametrize("outside", [0.3, 0.55, 0.9])
@pytest.mark.parametrize("patience", [0, 2])
def test_before_the_fallback_starts_nobody_regrets_more_than_the_certificate_allows(outside, patience):
    """Against who goes along for a while, and errs now and then: on every path, at every stage."""
    largest, per_stage = 0.0, max(0, outside - 0.6)
    for key in (None, 7):
        game = sc.games.varied_team(2, outside=outside, key=min(key or 0, 7) if key else None)
        for change, agent in product(CHANGES, (0, 1)):
            member = people(change, patience=patience, small_talk=1)
            shaky = sc.strategies.Trembling(member, 0.15)
            pairs = np.repeat(every_pair(), 12, axis=0)
            play = sc.play(shaky, shaky, game, pairs, 25, len(pairs), seed=patience)
            departed = member.departure(play, agent)
            path = sc.regret.external_regret_path(play, agent)
            for stage in range(25):
                before = (departed == 0) | (stage < departed)
                assert (path[stage, before] <= per_stage * (stage + 1) + patience + 2 + 1e-9).all()
                largest = max(largest, float(path[stage, before].max(initial=0)))
    assert largest > patience + 1


def test_where_to_do_without_pays_more_than_sharing_the_certificate_says_what_members_regret():
    """An AI that likes the opposite gets .6 where it could have .9, and its certificate begins there."""
    game, member = sc.games.varied_team(outside=0.9), people("rota")
    regret = sc.external_regret(sc.play(member, member, game, (0, 3), 400, seed=1))
    assert (regret > 0.29 * 400).all()
    assert member.certificate(game, 400, 0.29) == 1
    assert member.certificate(game, 400, 0.3 + 2 / 400 + sc.bounds.hedge_epsilon(400, 13, 0.01)) <= 0.01 + 1e-9


@pytest.mark.parametrize("agent", [0, 1])
def test_no_partner_beats_the_certificate(agent):
    """Exactly, by backward induction over all that a partner may do."""
    game, member = sc.games.varied_team(1, outside=0.5), people(small_talk=0, fallback=sc.Fixed(4))
    exact = sc.consistency(member, game, 4, 0.3, method="exact", agent=agent)
    assert exact.failure == 1  # who does without for ever is not consistent, and no certificate says so
    assert member.certificate(game, 4, 0.49) == 1
    learner, informative = people(small_talk=0), 0
    failures = sc.social.worst_failures(learner, game, 4, [0.7, 0.8, 0.9, 1.0], agent=agent)
    for epsilon, failure in zip([0.7, 0.8, 0.9, 1.0], failures, strict=True):
        bound = learner.certificate(game, 4, epsilon)
        assert failure <= bound + 1e-12
        informative += bound < 1
    assert informative


# --- compatible, for a while or for ever


def missed(member, horizon, epsilon=0.2, key=None, **how):
    return sc.compatibility(member, member, sc.games.varied_team(key=key), horizon, epsilon, **how)


@pytest.mark.parametrize("key", [None, 7])
@pytest.mark.parametrize("change", CHANGES)
def test_without_slips_they_are_compatible_from_a_few_stages_on_and_for_ever(change, key):
    """Exactly: small talk and showing cost the AI at most 1.8 in all, and the partner at most 1.6."""
    for horizon in (9, 16, 200):
        found = missed(people(change), horizon, key=key)
        assert set(found.kinds.ravel()) == {"exact"}
        assert found.is_compatible(0) is True
    assert missed(people(change), 8, key=key).is_compatible(0.99) is False
    assert missed(people(change), 16, epsilon=0.1, key=key).failure.sum() == 1  # who both like the least talked of
    assert missed(people(change), 19, epsilon=0.1, key=key).is_compatible(0) is True


@pytest.mark.parametrize(("outside", "wanted"), [(0.6, []), (0.61, [(0, 3), (1, 2), (2, 1), (3, 0)])])
def test_where_to_do_without_pays_more_than_sharing_who_likes_nothing_of_it_had_better_leave(outside, wanted):
    member = people("rota")
    found = sc.compatibility(member, member, sc.games.varied_team(outside=outside), 200, 0.05)
    assert [tuple(map(int, pair)) for pair in np.argwhere(found.failure == 1)] == wanted
    assert found.failure.sum() == len(wanted)


def test_with_slips_they_are_compatible_for_a_while_and_not_for_ever():
    """The longer it lasts the likelier somebody slips: with one slip in a hundred acts one in four, then nearly all."""
    shaky = sc.strategies.Trembling(people("rota"), 0.01)
    short, long = (missed(shaky, horizon, episodes=100, seed=horizon) for horizon in (16, 200))
    assert 0.15 < short.failure.mean() < 0.3
    assert 0.8 < long.failure.mean() < 0.95
    assert short.is_compatible(0.6) is True
    assert long.is_compatible(0.6) is False
    patient = missed(sc.strategies.Trembling(people("rota", patience=20), 0.01), 100, episodes=60, seed=1)
    assert patient.is_compatible(0.2) is True


def test_a_slip_of_either_hand_ends_it_at_the_rate_that_chance_says():
    """Within five deviations: each of the two acts slips to another of the 13 acts, or shows another habit."""
    member, episodes, horizon = people("rota"), 4000, 17
    shaky = sc.strategies.Trembling(member, 0.01)
    play = sc.play(shaky, shaky, sc.games.varied_team(), (0, 1), horizon, episodes, seed=5)
    whole = (1 - 0.01 * 12 / 13) ** (2 * horizon - 1) * (1 - 0.01 * 9 / 13)
    stayed = (member.departure(play) == 0).mean()
    assert abs(stayed - whole) < 5 * np.sqrt(whole * (1 - whole) / episodes)


# --- what it is worth


def test_members_earn_all_but_the_opening():
    """Small talk and showing cost the partner .8 of 200, on average over what it likes: .996 per stage."""
    pairs = np.stack([np.zeros(4, dtype=int), np.arange(4)], axis=1)
    for change, key in product(CHANGES, KEYS):
        game = sc.games.varied_team(wordings=4, key=key)
        met = sc.play(people(change), people(change), game, pairs, 200, 4, seed=1)
        assert met.payoffs(1).mean() == pytest.approx(0.996)


@pytest.mark.parametrize("key", [None, 7])
def test_no_constant_gets_more_than_what_no_data_can_do(key):
    """The mean over tastes of what the best reply pays is .8 for every habit, and learning costs .02."""
    game = sc.games.varied_team(wordings=4, key=key)
    folk = sc.Population([people("fresh", fallback=each) for each in (sc.Hedge(), sc.RegretMatching())])
    types = np.zeros((4, 4))
    types[0] = 0.25
    problem = sc.SocialLearningProblem(game, folk, 200, types)
    best = sc.best_constant(problem)
    value = game.payoffs.max(axis=1)[:, best.mixed[0].argmax()].mean()
    assert value == pytest.approx(0.8)
    met = sc.play(best, folk, game, problem.sample_types(2000, 1), 200, 2000, seed=2)
    assert 0.765 < met.payoffs(1).mean() < 0.785
