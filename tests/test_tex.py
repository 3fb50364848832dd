"""What a question, an answer and a proof look like where no script sets formulas: no sign of TeX is left in them."""

import re
from html import unescape

import pytest

import socialcoop as sc
from socialcoop.teach import tex
from socialcoop.teach.feedback import Answered, feedback_page
from socialcoop.teach.proofs import PROOFS

LEFT = re.compile(r"[\\\\$^_{}]")


def text_of(page):
    """Return what a page shows, without its style."""
    return unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))


def wrong(item):
    """Return an answer that is not right: a typical error, or a choice."""
    return next(other for other in item.choices or item.traps if other != item.right)


@pytest.mark.parametrize("name", sc.teach.items.ITEMS)
def test_no_sign_of_tex_is_left_in_what_an_item_says(name):
    for seed in range(21):
        item = sc.teach.items.ITEMS[name](seed)
        exam = sc.teach.Exam("Autumn", (item,), (2,))
        answers = [Answered(item, value, 1) for value in (None, wrong(item), item.right)]
        pages = [exam.paper(), exam.scheme(), feedback_page("Homework", "s1", answers, [], [])]
        for said in (*map(text_of, pages), *item.traps.values(), *item.choices.values()):
            assert not LEFT.search(said), said


@pytest.mark.parametrize("proof", PROOFS.values(), ids=PROOFS)
def test_no_sign_of_tex_is_left_in_what_a_proof_says(proof):
    exam = sc.teach.Exam("Autumn", (proof,), (len(proof.rubric),))
    for page in (exam.paper(), exam.scheme(), feedback_page("Homework", "s1", [proof], [], [])):
        assert not LEFT.search(text_of(page))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("of $T'$ stages", "of <i>T</i>′ stages"),
        (r"$T \max_b u(b, x) - R$", "<i>T</i> max<sub><i>b</i></sub> <i>u</i>(<i>b</i>, <i>x</i>) − <i>R</i>"),
        (r"$\nu_{T'}^2$ < 1 & more", "ν<sub><i>T</i>′</sub><sup>2</sup> &lt; 1 &amp; more"),
        ("$a < b$", "<i>a</i> &lt; <i>b</i>"),
    ],
)
def test_a_formula_is_set_with_letters_slanted_and_signs_as_signs(written, shown):
    assert tex.as_html(written) == shown


@pytest.mark.parametrize(("written", "said"), [("a $b", "second dollar"), (r"$\foo$", "got '\\\\\\\\foo'")])
def test_what_it_cannot_set_is_refused(written, said):
    with pytest.raises(ValueError, match=said):
        tex.as_html(written)
