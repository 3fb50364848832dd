"""Folded code right after folded code that shows nothing is one fold with it in the built page."""

from book import mend_markup

FOLD = (
    '<div class="cell {tags}tag_hide-input docutils container">\n<details class="admonition hide above-input">\n'
    '<summary aria-label="Toggle hidden content">\n<p>Show the code</p>\n</summary>\n'
    '<div class="cell_input docutils container">\n<pre>{code}</pre>\n</div>\n</details>\n{output}</div>\n'
)


def page(*cells, tags=""):
    context = {"body": "".join(FOLD.format(tags=tags, code=code, output=output) for code, output in cells)}
    mend_markup(None, "", "", context, None)
    return context["body"]


def test_cells_without_outputs_join_the_next_one():
    for tags in ("", "tag_code-below "):
        body = page(("a", ""), ("b", ""), ("c", "<p>shown</p>\n"), tags=tags)
        assert body.count("<details") == body.count("</details>") == body.count("<summary") == 1
        assert body.count("<div") == body.count("</div>") == 4
        assert [body.index(f"<pre>{code}</pre>") for code in "abc"] == sorted(body.index(f">{c}<") - 4 for c in "abc")


def test_what_shows_something_keeps_its_own_fold():
    body = page(("a", "<p>shown</p>\n"), ("b", "<p>shown</p>\n"))
    assert body.count("<details") == 2
    assert body.count("<div") == body.count("</div>")
