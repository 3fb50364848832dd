"""What a reader's own cell shows, a table or a figure, is legible on light and on dark pages, as the theme has it."""

import base64
from io import BytesIO
from pathlib import Path

import nbformat.v4 as nb
import pytest
from matplotlib.figure import Figure
from sphinx.application import Sphinx

import socialcoop as sc

STYLES = Path(__file__).parents[2] / "chapters" / "_static"
TABLE = """<div><table border="1" class="dataframe"><thead><tr><th></th><th>a</th></tr></thead>
<tbody><tr><th>0</th><td>1</td></tr><tr><th>1</th><td>2</td></tr></tbody></table></div>"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Build a page of one cell with a pandas table and figures as matplotlib makes them, and return its address."""
    root = tmp_path_factory.mktemp("outputs")
    styled = TABLE.replace(' class="dataframe"', ' id="T_1"')  # as a Styler writes it
    tables = [nb.new_output("display_data", {"text/html": table}) for table in (TABLE, styled)]
    cell = nb.new_code_cell("1", outputs=tables)
    for transparent in (False, True):
        figure, out = Figure(), BytesIO()
        figure.subplots().plot([1, 2])
        figure.savefig(out, format="png", transparent=transparent)
        image = {"image/png": base64.b64encode(out.getvalue()).decode()}
        cell.outputs.append(nb.new_output("display_data", image))
    page = nb.new_notebook(cells=[nb.new_markdown_cell("# Outputs"), cell])
    page.metadata.kernelspec = {"name": "python3", "display_name": "Python"}
    (root / "index.ipynb").write_text(nb.writes(page), encoding="utf-8")
    settings = {
        "extensions": ["myst_nb"],
        "nb_execution_mode": "off",
        "html_theme": "sphinx_book_theme",
        "html_static_path": [str(STYLES)],
        "html_css_files": ["book.css"],
    }
    Sphinx(root, None, root / "out", root / "trees", "html", settings, status=None, warning=None).build()
    return (root / "out" / "index.html").as_uri()


# For each cell of a table and each image what it is, its contrast with what is painted behind it, and how light that
# is; an image's ink is black.
CONTRAST = """() => {
  const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const light = (css) => {
    paint.fillStyle = css;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  };
  return [...document.querySelectorAll('.cell_output th, .cell_output td, .cell_output img')].map((e) => {
    let behind = e;
    while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;
    const front = light(e.matches('img') ? '#000' : getComputedStyle(e).color);
    const back = light(getComputedStyle(behind).backgroundColor);
    return [e.tagName, (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05), back];
  });
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_tables_and_figures_stand_out_from_what_is_behind_them(browser, outputs, theme):
    page = browser.new_page(color_scheme=theme)
    page.goto(outputs)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    found = page.evaluate(CONTRAST)
    page.close()
    assert len(found) == 14
    assert min(ratio for _, ratio, _ in found) > 7


# How light the letters and the line of a picture are.
INK = """() => [...document.querySelectorAll('.sc-svg text, .sc-svg path[style*="dasharray"]')].map((e) => {
  const { fill, stroke } = getComputedStyle(e);
  return (e.matches('text') ? fill : stroke).match(/[0-9]+/g).slice(0, 3).reduce((sum, v) => sum + Number(v) / 765, 0);
})"""


@pytest.mark.parametrize(("theme", "ends"), [("light", (0, 0.25)), ("dark", (0.75, 1))])
def test_what_readers_draw_without_choosing_a_colour_is_in_the_pages_ink(browser, theme, ends):
    figure, axes = sc.plots.canvas()
    axes.plot([0, 1], "k--", label="a line in black")
    axes.legend()
    axes.text(0.5, 0.2, "a text")
    picture = sc.Picture(figure, "A line and two texts.")
    page = browser.new_page()
    page.set_content(f'<html data-theme="{theme}"><body>{picture.html()}</body></html>')
    found = page.evaluate(INK)
    page.close()
    assert len(found) > 12
    assert ends[0] <= min(found) <= max(found) <= ends[1]
