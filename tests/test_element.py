"""What all elements that a script moves have in common."""

import pytest

import socialcoop as sc

PROJECT, MEMBER = sc.games.project(), sc.strategies.CodedConvention(sc.Convention())
TONE, WORDS = sc.games.team_lead(), (["Now.", "Thank you!"], ["Done.", "Happy to!"])
COPIES = sc.Imitator(sc.SocialLearningProblem(TONE, sc.Convention(), horizon=4).sample(5, seed=1))
ELEMENTS = {
    "question": lambda: sc.book.ask("Is it?", {"yes": "So.", "no": "Not so."}, "no"),
    "series": lambda: sc.teach.another(sc.teach.items.which_pone, seeds=range(2)),
    "own game": lambda: sc.book.own_game({"hunt": (sc.games.stag_hunt(), (0, 0))}),
    "replay": lambda: sc.book.replay({"one of the team": sc.play(MEMBER, MEMBER, PROJECT, (0, 3), horizon=3, seed=1)}),
    "encounter": lambda: sc.book.encounter(TONE, {"copies": COPIES}, (0, 1), WORDS, "You like it warm.", 4),
}


@pytest.mark.parametrize(
    ("mode", "shown"),
    [
        ("frames", {"text/html", "text/plain"}),
        ("still", {"text/plain"}),
        ("", {"application/vnd.jupyter.widget-view+json", "text/plain"}),
    ],
)
@pytest.mark.parametrize("made", ELEMENTS.values(), ids=ELEMENTS)
def test_a_page_shows_it_a_notebook_a_widget_and_a_stored_notebook_the_words(monkeypatch, made, mode, shown):
    monkeypatch.setenv("SOCIALCOOP_DISPLAY", mode)
    assert set(made()._repr_mimebundle_()) == shown
