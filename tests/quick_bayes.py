"""Naive Bayes as scikit-learn fits it, asked without the checks of each question that take longer than the answers."""

import numpy as np
import pytest

BernoulliNB = pytest.importorskip("sklearn.naive_bayes", reason="the trained model of the book").BernoulliNB


class QuickBayes(BernoulliNB):
    """Answers for rows of numbers from 0 on, of which those above 0 are the ones that are there."""

    def fit(self, rows, labels):
        super().fit(rows, labels)
        absent = np.log1p(-np.exp(self.feature_log_prob_))
        self.base, self.gain = self.class_log_prior_ + absent.sum(axis=1), (self.feature_log_prob_ - absent).T
        return self

    def predict_proba(self, rows):
        likely = rows.sign() @ self.gain + self.base
        chances = np.exp(likely - likely.max(axis=1, keepdims=True))
        return chances / chances.sum(axis=1, keepdims=True)
