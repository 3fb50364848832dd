"""The small networks that read sequences, in a small game: they learn, and all their chance is a seed."""

import numpy as np
import pytest

import socialcoop as sc

HORIZON, WORDINGS, CONTEXT, OPENING = 12, 2, 4, 3
GAME = sc.games.varied_team(3, WORDINGS, key=7)
TASTES = np.zeros((4, 4))
TASTES[0] = 1 / 4
PROBLEM = sc.SocialLearningProblem(GAME, sc.strategies.VariedTeam("rota", key=1), HORIZON, TASTES)


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch", reason="PyTorch is for tests/benchmarks/architectures.py alone")


@pytest.fixture(params=["GRU", "Transformer"])
def kind(request, torch):
    import sequence_models

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # other tests run at the same time
    yield getattr(sequence_models, request.param)
    torch.set_num_threads(threads)


def imitator(kind, records, seed=0, **dials):
    """Return an imitator with an untrained network."""
    model = kind(GAME.n_actions, CONTEXT, OPENING, seed, **dials)
    return sc.ModelImitator(sc.social.hide_types(records), model, CONTEXT, OPENING, apart=True)


def followed(strategy, records):
    """Return the probabilities of the AI's side after each history of the records, (T, N, episodes)."""
    seat = strategy.seat(GAME, 0, records.types[:, 0], records.horizon)
    found = []
    for own, other in records.actions.astype(np.intp):
        found.append(seat.policy())
        seat.observe(own, other)
    return np.array(found)


def test_it_finds_the_next_act_in_records_that_it_has_not_seen(kind):
    """The act is certain, the wording is a coin's: 2 of 26 actions, each as likely."""
    known, held = PROBLEM.sample(100, seed=1), PROBLEM.sample(100, seed=2)
    shown = {tuple(history) for history in known.actions[:-1].reshape(-1, known.episodes).T.tolist()}
    assert not any(tuple(each) in shown for each in held.actions[:-1].reshape(-1, held.episodes).T.tolist())
    answers = followed(imitator(kind, known, size=16, epochs=8, batch=30, rate=0.01), held)
    right = answers.argmax(axis=1) // WORDINGS == held.actions[:, 0] // WORDINGS
    assert right.mean() > 0.9
    assert right[4:].mean() > 0.9  # from then on it depends on what the partner likes, and on the last way
    acts = answers.reshape(HORIZON, -1, WORDINGS, held.episodes)
    assert acts.max(axis=(1, 2)).mean() < 0.7  # and it does not claim to know a coin


def test_one_seed_makes_one_network_and_leaves_the_chance_of_others_alone(kind, torch):
    records, held = PROBLEM.sample(20, seed=1), PROBLEM.sample(5, seed=2)
    torch.manual_seed(5)
    one = imitator(kind, records, epochs=1)
    answers = followed(one, held)
    drawn = torch.rand(3).tolist()
    torch.manual_seed(5)
    assert torch.rand(3).tolist() == drawn
    again, other = imitator(kind, records, epochs=1), imitator(kind, records, seed=1, epochs=1)
    np.testing.assert_array_equal(followed(again, held), answers)
    assert np.abs(followed(other, held) - answers).max() > 1e-3
    assert one == again != other


def test_it_reads_the_exchanges_in_order_of_time(kind):
    """Against the records, history by history; a stage that is still to come is action N of both sides."""
    records, read = PROBLEM.sample(3, seed=1), []

    class Reader(kind):
        def fit(self, x, y):
            read.append(tuple(each.numpy() for each in self.read(x)))
            return super().fit(x, y)

    followed(imitator(Reader, records, epochs=1), records)
    ((exchanges, rest),) = read
    to_come = [[GAME.n_actions, GAME.n_actions]]
    for row, (stage, episode) in enumerate(np.ndindex(HORIZON, records.episodes)):
        past = records.actions[:stage, :, episode].tolist()
        first = (past + OPENING * to_come)[:OPENING]
        last = (CONTEXT * to_come + past)[-CONTEXT:]
        assert exchanges[row].tolist() == first + last
        np.testing.assert_allclose(rest[row], [1, 0, 0, 0, np.log(1 + stage)], rtol=1e-6)


def test_in_a_transformer_no_exchange_sees_a_later_one(torch):
    from sequence_models import Attentive

    torch.manual_seed(0)
    network, seen = Attentive(n_actions=5, size=8, length=6, others=2, classes=5), []
    network.layers.register_forward_hook(lambda module, given, told: seen.append(told))
    exchanges, rest = torch.randint(0, 5, (1, 6, 2)), torch.zeros(1, 2)
    network(exchanges, rest)
    exchanges[0, 3] = (exchanges[0, 3] + 1) % 5
    network(exchanges, rest)
    moved = (seen[0] - seen[1]).abs().amax(dim=(0, 2)) > 1e-4
    assert moved.tolist() == [False] * 3 + [True] * 4
