"""Diagrams: what stands in a box fits into it, boxes keep apart, and nothing leaves the paper."""

from itertools import combinations

import pytest
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

import socialcoop as sc
from socialcoop.book.diagram import BREADTH
from socialcoop.book.figures.places import CHAPTERS

TEAM, TALK = sc.games.team_lead(), sc.games.conversation(4)
BOOK = sc.Codebook(challenges=2)
COUNTRIES = dict(zip(("first", "second"), sc.strategies.announcing_classes(), strict=True))
TWO = sc.games.team_lead(["tone", "workload"])


def records(book, stages, episodes):
    return sc.SocialLearningProblem(TALK, book, stages).sample(episodes, seed=1)


DIAGRAMS = {
    "stage": lambda: sc.plots.stage_diagram(TEAM, (0, 1), (1, 1), ("the assistant", "Alice")),
    "convention": lambda: sc.plots.convention_diagram(sc.Convention(), TEAM),
    "convention of two habits": lambda: sc.plots.convention_diagram(sc.Convention("egalitarian"), TWO),
    "convention of one's own": lambda: sc.plots.convention_diagram(sc.Convention(lambda *_: 0), TEAM),
    "look-alikes": lambda: sc.plots.look_alikes(COUNTRIES, sc.games.hidden_taste(), (1, 2)),
    "time line": lambda: sc.plots.commitment_timeline(1, 2),
    "long time line": lambda: sc.plots.commitment_timeline(1000, 10_000),
    "proof": lambda: sc.plots.proof_chain(),
    "one stage of a codebook": lambda: sc.plots.codebook_tree(BOOK, TALK, records(BOOK, 1, 0), 1),
    "four stages of a codebook": lambda: sc.plots.codebook_tree(BOOK, TALK, records(BOOK, 6, 3), 4),
} | {f"map of {chapter}": lambda chapter=chapter: sc.plots.population_map(chapter) for chapter in CHAPTERS}


def boxes(picture):
    (ax,) = picture.figure.axes
    frames = [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_facecolor()[3] == 0]
    return [frame.get_window_extent() for frame in frames]


def texts(picture):
    (ax,) = picture.figure.axes
    return [text.get_window_extent() for text in ax.texts if text.get_text()]


def overlap(one, other):
    return min(one.x1, other.x1) - max(one.x0, other.x0) > 0.5 and min(one.y1, other.y1) - max(one.y0, other.y0) > 0.5


@pytest.mark.parametrize("name", DIAGRAMS)
def test_texts_stay_on_the_paper_in_their_boxes_and_apart_from_one_another(name):
    picture = DIAGRAMS[name]()
    for text in texts(picture):
        assert text.x0 >= 0
        assert text.x1 <= BREADTH
        assert text.y0 >= 0
        assert text.y1 <= picture.size[1]
        inside = [box for box in boxes(picture) if overlap(box, text)]
        assert all(box.x0 <= text.x0 and text.x1 <= box.x1 for box in inside)
        assert all(box.y0 <= text.y0 and text.y1 <= box.y1 for box in inside)
    assert not [pair for pair in combinations(texts(picture), 2) if overlap(*pair)]
    assert not [pair for pair in combinations(boxes(picture), 2) if overlap(*pair)]


@pytest.mark.parametrize("actions", [(0, 0), (0, 1), (1, 0), (1, 1)])
@pytest.mark.parametrize("types", [(0, 1), (1, 0), (1, 1)])
def test_the_stage_pays_what_one_stage_of_play_pays(types, actions):
    told = str(sc.plots.stage_diagram(TEAM, types, actions, ("the assistant", "Alice")))
    play = sc.play(sc.Fixed(actions[0]), sc.Fixed(actions[1]), TEAM, types, 1)
    mine, hers = (play.payoffs(agent).sum() for agent in (0, 1))
    assert f"The assistant gets {mine:.2g}, Alice gets {hers:.2g}." in told


def test_what_is_repeated_stands_in_a_frame_from_which_an_arrow_leads_to_the_next_stage():
    picture = DIAGRAMS["stage"]()
    (ax,) = picture.figure.axes
    (bracket,) = (
        patch for patch in ax.patches[::-1] if patch.get_window_extent().x0 > max(b.x1 for b in boxes(picture))
    )
    ends = [line.get_window_extent() for line in ax.lines if line.get_linestyle() == "--"]
    frame = Bbox.union(ends)
    inside = [frame.contains(*box.min) and frame.contains(*box.max) for box in boxes(picture)]
    assert inside == [False, True, True] * 2
    assert not any(overlap(frame, box) for box, held in zip(boxes(picture), inside, strict=True) if not held)
    assert bracket.get_window_extent().x0 == pytest.approx(frame.x1, abs=2)


def test_only_guests_whom_no_host_tells_apart_are_joined():
    told = str(sc.plots.look_alikes(COUNTRIES, sc.games.hidden_taste(), (1, 2)))
    assert told.endswith("first, likes tea and second, likes coffee; first, likes coffee and second, likes tea.")
    alone = {"first": COUNTRIES["first"]}
    assert str(sc.plots.look_alikes(alone, sc.games.hidden_taste(), (1, 2))).endswith("does: none.")
    silent = {"all": sc.Fixed(0)}
    assert "all, likes tea and all, likes coffee" in str(sc.plots.look_alikes(silent, sc.games.hidden_taste(), (1, 2)))


def test_the_tree_marks_what_the_records_show_and_says_what_is_owed_there():
    data = records(BOOK, 6, 3)
    read = {tuple(path) for path in data.actions[:3, 1].T.tolist()}
    picture = sc.plots.codebook_tree(BOOK, TALK, data, 4)
    assert f"Of the 8 boxes of stage 4 the 3 records show {len(read)}," in picture.description
    written = [text.get_text() for text in picture.figure.axes[0].texts]
    assert written.count("?") == 8 - len(read) + (4 - len({path[:2] for path in read})) + (
        2 - len({p[:1] for p in read})
    )
    (first,) = {TALK.action_names[answer] for answer in data.actions[0, 0]}
    assert " ".join(written[:2]) == first  # all records begin with the one answer that is owed before any challenge
    assert "the 0 records show 0" in str(sc.plots.codebook_tree(BOOK, TALK, records(BOOK, 2, 0), 2))


@pytest.mark.parametrize(
    ("draw", "argument"),
    [
        (lambda: sc.plots.population_map("intro"), "chapter"),
        (lambda: sc.plots.commitment_timeline(0, 10), "phase"),
        (lambda: sc.plots.commitment_timeline(10, 10), "phase"),
        (lambda: sc.plots.commitment_timeline(1, 1), "horizon"),
        (lambda: sc.plots.codebook_tree(BOOK, TALK, records(BOOK, 3, 2), 4), "stages"),
        (lambda: sc.plots.codebook_tree(BOOK, TALK, records(BOOK, 6, 2), 5), "stages"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(draw, argument):
    with pytest.raises(ValueError, match=rf"^{argument} must"):
        draw()
