"""The naive Bayes that the tests ask thousands of times answers as that of scikit-learn does."""

import numpy as np
import pytest
from quick_bayes import BernoulliNB, QuickBayes
from scipy.sparse import csr_array


@pytest.mark.parametrize("classes", [2, 3, 12])
def test_it_answers_as_the_one_that_it_quickens(classes):
    rng = np.random.default_rng(classes)
    rows, labels = rng.random((300, 40)) * (rng.random((300, 40)) < 0.3), rng.integers(classes, size=300)
    rows[:, :classes] += 3 * np.eye(classes)[labels] * (rng.random((300, 1)) < 0.8)  # some tell the class
    rows, asked = csr_array(rows), csr_array(rng.random((200, 40)) * (rng.random((200, 40)) < 0.3))
    quick, plain = (kind().fit(rows, labels) for kind in (QuickBayes, BernoulliNB))
    assert quick.classes_.tolist() == plain.classes_.tolist()
    for each in (rows, asked):
        np.testing.assert_allclose(quick.predict_proba(each), plain.predict_proba(each), rtol=1e-9)
    assert plain.predict_proba(rows).max() > 0.9
