"""What the built pages promise: offline, by keyboard, legible, and showing what Python computes."""

from itertools import product

import pytest
from notebooks import NAMES as NOTEBOOKS
from notebooks import PAGES, explorables_of


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nobody_for_anything_and_raises_no_error(read_page, name):
    assert read_page(name).troubles == []


@pytest.mark.parametrize("name", PAGES)
def test_every_formula_is_rendered(read_page, name):
    page = read_page(name)
    plain = page.evaluate("""[...document.querySelectorAll('.math')].filter(e => !e.querySelector('mjx-container'))
        .map(e => e.textContent)""")
    assert plain == []
    assert page.locator("mjx-merror").count() == 0
    text = page.evaluate("""(() => {
        const copy = document.querySelector('article').cloneNode(true);
        copy.querySelectorAll('.cell, code.literal, script, style').forEach(e => e.remove());
        return copy.textContent;
    })()""")
    assert "$" not in text
    assert "```" not in text, "a directive was not understood"
    assert "\\" not in text


@pytest.mark.parametrize("name", PAGES)
def test_a_page_stays_under_3_megabytes_with_its_frames(built_book, name):
    assert (built_book / "chapters" / f"{name}.html").stat().st_size < 3_000_000


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1280, 390, 360])
def test_a_page_does_not_scroll_sideways(read_page, name, width):
    page = read_page(name)
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("name", PAGES)
def test_there_is_one_search_box(read_page, name):
    visible = "e => e.checkVisibility() && e.getBoundingClientRect().width > 0"
    found = read_page(name).evaluate(f"[...document.querySelectorAll('.search-button-field')].filter({visible}).length")
    assert found == 1


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_picture_has_a_text_in_its_place(read_page, name):
    page = read_page(name)
    assert page.evaluate("[...document.querySelectorAll('article img')].filter(e => !e.alt.trim()).length") == 0
    labels = page.evaluate("[...document.querySelectorAll('.sc-svg')].map(e => e.getAttribute('aria-label') || '')")
    assert all(len(label) > 40 for label in labels)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_moving_each_control_by_keyboard_changes_its_figure_and_its_sentence(open_page, name):
    page = open_page(name)
    explorables = page.locator(".sc-explorable")
    assert explorables.count() > 0, "every chapter has an explorable"
    for explorable in explorables.all():
        for control in explorable.locator("[data-control]").all():
            count = control.evaluate("e => e.options ? e.options.length : +e.max + 1")
            start = control.input_value()
            control.focus()
            page.keyboard.press("Home")
            seen = [_shown(explorable)]
            for _ in range(count - 1):
                page.keyboard.press("ArrowDown" if control.evaluate("e => e.tagName") == "SELECT" else "ArrowRight")
                seen.append(_shown(explorable))
            which = control.get_attribute("data-control")
            assert len({figure for figure, _ in seen}) > 1, f"{which} does not move its figure"
            assert len({sentence for _, sentence in seen}) > 1, f"{which} does not move its sentence"
            _put(control, start)


def _shown(explorable):
    return explorable.locator(".sc-frame").inner_html(), explorable.locator(".sc-sentence").inner_text()


def _put(control, index):
    control.evaluate("(e, value) => { e.value = value; e.dispatchEvent(new Event('input', {bubbles: true})) }", index)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_sentences_on_the_page_are_those_that_python_computes(open_page, name):
    page = open_page(name)
    shown = page.locator(".sc-explorable").all()
    computed = explorables_of(name)
    assert len(shown) == len(computed)
    for on_page, in_python in zip(shown, computed, strict=True):
        controls = in_python.controls.values()
        combinations = list(product(*(range(len(control.values)) for control in controls)))
        for combination in combinations[:: max(1, len(combinations) // 7)]:
            for control, index in zip(on_page.locator("[data-control]").all(), combination, strict=True):
                _put(control, str(index))
            values = {
                name: control.values[index]
                for (name, control), index in zip(in_python.controls.items(), combination, strict=True)
            }
            assert on_page.locator(".sc-sentence").inner_text() == in_python.set(**values)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_colours_stand_out_from_what_is_behind_them(read_page, name, theme):
    page = read_page(name)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    ratios = page.evaluate(CONTRAST)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert ratios
    for colour, ratio in ratios.items():
        assert ratio >= (4.5 if colour in ("ink", "muted") else 3), (colour, ratio)


# The contrast of each palette colour with the nearest painted background behind a figure (WCAG 2).
CONTRAST = """(() => {
  const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (css) => {
    paint.fillStyle = css;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  const light = (css) => rgb(css).slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const figure = document.querySelector('.sc-picture');
  let behind = figure;
  const clear = (e) => getComputedStyle(e).backgroundColor.match(/, 0\\)|transparent/);
  while (clear(behind) && behind.parentElement) behind = behind.parentElement;
  const back = light(getComputedStyle(behind).backgroundColor);
  const ratios = {};
  for (const name of ['ink', 'muted', 'ai', 'partner', 'good', 'bound']) {
    const front = light(getComputedStyle(figure).getPropertyValue('--sc-' + name));
    ratios[name] = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
  }
  return ratios;
})()"""
