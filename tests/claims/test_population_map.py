"""Where the map of the book puts each population, computed in the population's own game."""

from typing import NamedTuple

import numpy as np
import pytest

import socialcoop as sc
from socialcoop.book.figures.places import CHAPTERS, PLACES
from socialcoop.strategies.learners import hedge_regret

S = sc.strategies
DELTA = 0.02  # both promises may fail so often
HUNT, TEAM, RUT = sc.games.stag_hunt(safe=0.7), sc.games.team_lead(), sc.games.inefficient_cce()
BREAKFAST, TALK = sc.games.hidden_taste(bonus=0.02), sc.games.conversation(4)
TURNS = np.zeros((3, 3))
TURNS[0, 2] = TURNS[2, 0] = 1 / 2
SAVER = S.BankedRegret(np.eye(2) / 2, 1.02 * (1 + hedge_regret(1999, 2, 0.01)) / 2000, 0.01)


class Case(NamedTuple):
    """A member and its game, the stages and tolerance of each promise: regret, and missing a PONE."""

    member: sc.Strategy
    game: sc.Game
    regret: tuple[int, float] = (2000, 0.1)
    miss: tuple[int, float] = (2000, 0.1)


CASES = {
    "learners in the hunt": Case(sc.Hedge(), HUNT),
    "always trusting": Case(sc.Fixed(0), HUNT),
    "coin flippers": Case(sc.Fixed([0.5, 0.5]), HUNT),
    "learning conventions": Case(sc.Convention(), TEAM),
    "stubborn conventions": Case(sc.Convention(fallback=sc.Fixed(0)), TEAM),
    "guests of one country": Case(S.announcing_classes()[1], BREAKFAST, (12, 0.02), (2000, 0.021)),
    "scheduled in the rut": Case(S.JointSchedule(TURNS), RUT),
    "silent guests": Case(sc.Fixed(0), BREAKFAST, (12, 0.02), (2000, 0.1)),
    "codebook, grim": Case(sc.Codebook(2), TALK),
    "codebook, then learn": Case(sc.Codebook(2, fallback=sc.Hedge()), TALK),
    "Ben with his savings": Case(SAVER, sc.games.coordination(2), (2000, SAVER.epsilon), (2000, 0.001)),
    "Dana and her like": Case(S.Spiteful(500, 0.15, 0.01), sc.games.hidden_favourite(0.5), (1000, 0.15), (500, 0.1)),
    "teams that vary": Case(S.VariedTeam("rota", key=1), sc.games.varied_team(ways=3, key=7), (200, 0.2), (200, 0.2)),
}


def test_the_map_has_every_case_and_every_chapter_of_the_map_is_one():
    assert [place.name for place in PLACES] == list(CASES)
    assert [place.chapter for place in PLACES] == [c for c in CHAPTERS for p in PLACES if p.chapter == c]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_population_keeps_the_promises_that_the_map_says_and_no_other(place):
    member, game, (stages, epsilon), (together, tolerance) = CASES[place.name]
    tried = [sc.Fixed(action) for action in range(game.n_actions)]
    alone = {
        sc.consistency(member, game, stages, epsilon, agent=agent, partners=tried, episodes=400, seed=1).is_consistent(
            DELTA
        )
        for agent in (0, 1)
    }
    assert alone == {True} if place.consistent else False in alone  # refuted, not only undecided
    pair = sc.compatibility(member, member, game, together, tolerance, episodes=400, seed=1)
    assert pair.is_compatible(DELTA) is place.compatible


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_map_of_a_chapter_tells_all_that_are_known_and_marks_the_new_ones(chapter):
    told = str(sc.plots.population_map(chapter))
    for place in PLACES:
        known = CHAPTERS.index(place.chapter) <= CHAPTERS.index(chapter)
        assert (place.name in told) == known
        assert (f"{place.name} (new)" in told) == (place.chapter == chapter)
