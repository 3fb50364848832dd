"""The numbers and the words about them in the chapter on conventions."""

import numpy as np
import pytest

import socialcoop as sc

GAME = sc.games.team_lead()
WELFARE = sc.Convention("welfare")
CLASS = [WELFARE, sc.Convention("welfare", fallback=sc.RegretMatching()), sc.Convention("egalitarian")]


def test_one_message_announces_and_the_tie_goes_to_the_tone_listed_first():
    assert WELFARE.codewords(GAME).tolist() == [[0], [1]]
    pones = sc.pareto_optimal_nash(GAME, (0, 1))
    assert sorted(sum(pone.payoffs) for pone in pones)[-2:] == pytest.approx([1.6, 1.6])
    np.testing.assert_array_equal(WELFARE.agreed(GAME, (0, 1)).strategies, [[1, 0], [1, 0]])


@pytest.mark.parametrize("horizon", [20, 200, 1000])
def test_members_miss_a_pone_by_no_more_than_the_theorem_allows(horizon):
    for first in CLASS:
        for second in CLASS:
            assert sc.compatibility(first, second, GAME, horizon, 2 / horizon).failure.max() == 0


def test_the_worst_partner_stays_below_the_theorems_certificate():
    for member in CLASS:
        for epsilon in (0.3, 0.5, 0.7, 0.9):
            exact = sc.consistency(member, GAME, 8, epsilon, method="exact")
            assert exact.failure <= member.certificate(GAME, 8, epsilon) + 1e-12


def test_the_wrong_way_round_and_the_stubborn_do_not_belong():
    wrong, stubborn = sc.Convention(code=[[1], [0]]), sc.Convention(fallback=sc.Fixed(0))
    table = sc.social_intelligence([CLASS[0], wrong, stubborn], GAME, 500, 0.15, episodes=500, seed=1)
    alone = [all(side.is_consistent(0.01) for side in both) for both in table.consistency]
    assert alone == [True, True, False]
    together = np.array([[pair.is_compatible(0.01) for pair in row] for row in table.compatibility])
    fits = np.ones((3, 3), dtype=bool)
    fits[1, :] = fits[:, 1] = False
    fits[1, 1] = True
    np.testing.assert_array_equal(together, fits)
    assert table.is_socially_intelligent(0.01) is False


def test_the_class_of_three_is_certified():
    assert sc.social_intelligence(CLASS, GAME, 500, 0.15, seed=1).is_socially_intelligent(0.01) is True


def test_the_egalitarian_choices_are_the_same_here():
    for types in np.ndindex(2, 2):
        chosen = [convention.agreed(GAME, types).payoffs for convention in (WELFARE, CLASS[2])]
        assert chosen[0] == pytest.approx(chosen[1])


def test_two_hundred_episodes_show_one_history_for_each_joint_type():
    data = sc.SocialLearningProblem(GAME, sc.Population(CLASS, [0.5, 0.3, 0.2]), 50).sample(200, seed=2)
    histories = {(*types, *episode.ravel()) for types, episode in zip(data.types, data.actions.T, strict=True)}
    assert len(histories) == 4
    lost = sc.altruistic_regret(data) / 50
    assert lost.max() <= 1 / 50
    coin = sc.play(sc.Fixed([0.5, 0.5]), sc.Population(CLASS), GAME, data.types, 50, 200, seed=3)
    assert sc.altruistic_regret(coin).mean() / 50 > 0.2


def test_the_theorems_number_for_a_hedge_fallback():
    regret = 2000 * sc.bounds.hedge_epsilon(2000, 2, 0.01)
    assert regret == pytest.approx(94.2, abs=0.05)
    assert (1 + 0 + 1 + regret) / 2000 == pytest.approx(0.0481, abs=5e-5)
    for types in np.ndindex(2, 2):  # all PONE that it names are pure
        assert {0, 1} == set(np.ravel(WELFARE.agreed(GAME, types).strategies))
    for epsilon, certified in (((2 + regret) / 2000, True), ((1.9 + regret) / 2000, False)):
        assert (WELFARE.certificate(GAME, 2000, epsilon + 1e-9) <= 0.01) is certified


def test_favourites_clash_only_when_types_differ():
    mine, yours = (sc.Convention(f"favourite of {agent}") for agent in (0, 1))
    missed = sc.compatibility(mine, yours, GAME, 200, 0.1, seed=4).failure
    assert missed[0, 0] == missed[1, 1] == 0
    assert min(missed[0, 1], missed[1, 0]) > 0.5


def test_with_two_habits_one_message_still_does_and_the_rules_part():
    two = sc.games.team_lead(["tone", "workload"])
    assert WELFARE.codewords(two).tolist() == [[0], [1], [2], [3]]
    pair = sc.compatibility(WELFARE, CLASS[2], two, 500, 0.1, episodes=300, seed=5)
    assert pair.is_compatible(0.01) is False
    assert {tuple(types) for types in np.argwhere(pair.failure > 0).tolist()} <= {(0, 3), (3, 0)}
    paid = [sorted(convention.agreed(two, (0, 3)).payoffs) for convention in (WELFARE, CLASS[2])]
    np.testing.assert_allclose(paid, [[0.6, 1], [0.8, 0.8]])


def test_six_stages_cost_ben_one_though_he_regrets_little():
    assistant, ben = sc.Scripted([0, 1, 0, 0, 0, 1]), sc.Scripted([1, 0, 0, 0, 1, 1])
    shown = sc.play(assistant, ben, GAME, (0, 1), 6)
    assert sorted(pone.payoffs[1] for pone in sc.pareto_optimal_nash(GAME, (0, 1))) == pytest.approx([0.6, 1])
    assert shown.payoffs(1)[:, 0] == pytest.approx([0.2, 0, 0.6, 0.6, 0.2, 1])
    assert sc.altruistic_regret(shown) == pytest.approx([1])
    assert GAME.payoffs[1][:, shown.actions[:, 0, 0]].sum(axis=1) == pytest.approx([2.4, 2.8])  # always direct, or not
    assert sc.external_regret(shown, 1) == pytest.approx([0.2])


def test_a_table_counts_types_and_actions_from_zero_and_their_names_will_do_as_well(tmp_path):
    head, path = "episode,stage,type_1,type_2,action_1,action_2\n", tmp_path / "class.csv"
    read = []
    for row in ("1,1,0,1,1,0\n", "1,1,likes it direct,likes it supportive,supportive,direct\n"):
        path.write_text(head + row, encoding="utf-8")
        read.append(sc.Dataset.from_csv(path, GAME))
    assert [data.types.tolist() for data in read] == [[[0, 1]]] * 2
    assert [data.actions.tolist() for data in read] == [[[[1], [0]]]] * 2


def test_the_course_says_what_ben_makes_of_a_slip_stage_by_stage():
    """By hand: both open with what they like, and agree on direct whenever one of them likes it."""
    update = sc.plots.convention_course(sc.Convention(), sc.games.team_lead(), ("Alice", "Ben"), 20).update
    early = "Alice slips at stage 1, and Ben takes it for the announcement of another type. "
    learns = "and Ben learns from stage {} on. "
    expected = {
        ("direct, supportive", 0, 5): "agree on payoffs of 1.00 and 0.60, and keep to it. ",
        ("direct, supportive", 1, 2): early + "At stage 2 Alice is direct, and Ben is supportive.",
        ("direct, supportive", 1, 3): learns.format(3),
        ("direct, direct", 1, 20): early + "At stage 20 Alice is direct, and Ben is direct.",
        ("direct, supportive", 6, 4): "Alice has not slipped yet. At stage 4 Alice is direct, and Ben is direct.",
        ("direct, supportive", 6, 6): "and Ben has not noticed yet. At stage 6 Alice is supportive, and Ben is direct.",
        ("direct, supportive", 6, 8): learns.format(7),
        ("supportive, supportive", 0, 20): "payoffs of 1.00 and 1.00, and keep to it. At stage 20 Alice is supportive,",
    }
    for (types, slip, stage), words in expected.items():
        assert words in update(types=types, slip=slip, stage=stage)
