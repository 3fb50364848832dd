"""Two small networks that read exchanges in order of time, as classifiers for `socialcoop.ModelImitator`.

They read its columns in columns apart: the first exchanges, then the last ones in order of time, then the own type
and the log of the stage. An exchange that is still to come is a marker of its own. They need PyTorch.
"""

import numpy as np
import torch
from torch import nn


class SequenceModel:
    """A classifier with plain cross-entropy, mini-batches and a fixed number of epochs, all chance from one seed.

    `body` says which network: it maps exchanges (rows, opening + context, 2) and the rest to logits.
    """

    def __init__(self, n_actions, context, opening, seed=0, size=32, epochs=5, batch=250, rate=0.004):
        self.n_actions, self.context, self.opening = n_actions, context, opening
        self.seed, self.size, self.epochs, self.batch, self.rate = seed, size, epochs, batch, rate

    def fit(self, x, y):
        self.classes_, labels = np.unique(y, return_inverse=True)
        exchanges, rest = self.read(x)
        labels = torch.as_tensor(labels)
        with torch.random.fork_rng(devices=[]):  # leaves the chance of others as it is
            torch.manual_seed(self.seed)
            self.network = self.body(self.n_actions, self.size, exchanges.shape[1], rest.shape[1], len(self.classes_))
            steps = self.epochs * -(-len(labels) // self.batch)
            learner = torch.optim.Adam(self.network.parameters(), lr=self.rate)
            slower = torch.optim.lr_scheduler.OneCycleLR(learner, self.rate, total_steps=steps)
            for _ in range(self.epochs):
                for rows in torch.randperm(len(labels)).split(self.batch):
                    learner.zero_grad()
                    nn.functional.cross_entropy(self.network(exchanges[rows], rest[rows]), labels[rows]).backward()
                    nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
                    learner.step()
                    slower.step()
        return self

    def predict_proba(self, x):
        with torch.no_grad():
            logits = self.network(*self.read(x)).double()
        return logits.softmax(dim=1).numpy()

    def read(self, x):
        """Return the exchanges, (rows, opening + context, 2), in order of time, and the other columns, (rows, m)."""
        length = self.opening + self.context
        hot = x[:, : 2 * length * self.n_actions].tocoo()
        exchanges = np.full((x.shape[0], 2 * length), self.n_actions)  # a number after the last action's: to come
        place, action = np.divmod(hot.col, self.n_actions)
        exchanges[hot.row, place] = action
        exchanges = exchanges.reshape(-1, length, 2)
        in_time = np.concatenate([exchanges[:, : self.opening], exchanges[:, self.opening :][:, ::-1]], axis=1)
        rest = x[:, 2 * length * self.n_actions :].toarray()
        return torch.as_tensor(in_time), torch.as_tensor(rest, dtype=torch.float32)


class Recurrent(nn.Module):
    """A gated recurrent unit over the exchanges; its last state and the rest are read out linearly."""

    def __init__(self, n_actions, size, length, others, classes):
        super().__init__()
        self.first, self.second = nn.Embedding(n_actions + 1, size), nn.Embedding(n_actions + 1, size)
        self.unit = nn.GRU(size, size, batch_first=True)
        self.out = nn.Linear(size + others, classes)

    def forward(self, exchanges, rest):
        _, last = self.unit(self.first(exchanges[..., 0]) + self.second(exchanges[..., 1]))
        return self.out(torch.cat([last[0], rest], dim=1))


class Attentive(nn.Module):
    """A transformer in which no exchange sees a later one; a last token, of the rest, sees all and is read out."""

    def __init__(self, n_actions, size, length, others, classes, layers=2, heads=4):
        super().__init__()
        self.first, self.second = nn.Embedding(n_actions + 1, size), nn.Embedding(n_actions + 1, size)
        self.place = nn.Parameter(torch.randn(length + 1, size))
        self.rest = nn.Linear(others, size)
        layer = nn.TransformerEncoderLayer(size, heads, 2 * size, dropout=0.0, batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, layers, nn.LayerNorm(size), enable_nested_tensor=False)
        self.register_buffer("later", nn.Transformer.generate_square_subsequent_mask(length + 1))
        self.out = nn.Linear(size, classes)

    def forward(self, exchanges, rest):
        seen = self.first(exchanges[..., 0]) + self.second(exchanges[..., 1])
        tokens = torch.cat([seen, self.rest(rest)[:, None]], dim=1) + self.place
        return self.out(self.layers(tokens, mask=self.later, is_causal=True)[:, -1])


class GRU(SequenceModel):
    body = Recurrent


class Transformer(SequenceModel):
    body = Attentive
