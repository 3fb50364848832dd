"""What axe finds to mend on a page, and a page made small enough to ask it soon."""

from axe_playwright_python.sync_playwright import Axe

# Rules of axe that a page may break, each with the reason. None so far.
ACCEPTED = {}

# Leave out what only costs time: what is drawn, which has a text in its place; the parts of formulas that are read
# aloud; and each further formula, and token of code, that is made like an earlier one.
THIN_OUT = """() => {
  document.querySelectorAll('mjx-math > *, svg > :not(title)').forEach((e) => e.remove());
  document.querySelectorAll('math').forEach((e) => { e.textContent = e.textContent; });
  const seen = new Set();
  const made = (e) => e.cloneNode().outerHTML.replace(/ style="[^"]*"/, '');
  for (const e of document.querySelectorAll('mjx-container')) {
    const kind = [e.parentElement, e, ...e.querySelectorAll('*')].map(made).join();
    if (seen.has(kind)) e.replaceWith(e.textContent);
    seen.add(kind);
  }
  for (const e of document.querySelectorAll('.highlight span, code span, .sig span')) {
    const kind = `${e.parentElement.className} ${e.className}`;
    if (seen.has(kind)) e.replaceWith(...e.childNodes);
    seen.add(kind);
  }
}"""

# Of all texts with the same colours, size and weight, on a light and on a dark page, in elements of the same classes
# all the way up, keep the first, and none if such a text is known from elsewhere; leave out what is empty then and
# neither painted nor moved to where something else is. Returns the kinds of text that are known then.
ONE_OF_A_KIND = """(known) => {
  const kinds = new Map([[document.documentElement, '']]);
  const kept = new Set(document.querySelectorAll('br, img, input, select, textarea, svg, svg *'));
  const all = [...document.body.querySelectorAll('*')].filter((e) => e.checkVisibility());
  const looks = new Map(all.map((e) => [e, []]));
  const { dataset } = document.documentElement;
  const { theme } = dataset;
  for (dataset.theme of ['dark', 'light']) {
    for (const e of all) {
      const { color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight, position } = getComputedStyle(e);
      looks.get(e).push(color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight);
      if (position !== 'static' || !/, 0\\)/.test(backgroundColor) || backgroundImage !== 'none') kept.add(e);
    }
  }
  dataset.theme = theme;
  const digest = (text) => { // 62 bits: no two kinds will share one
    let [a, b] = [1, 1];
    for (let i = 0; i < text.length; i += 1) {
      a = (a * 257 + text.charCodeAt(i)) % 2147483647;
      b = (b * 263 + text.charCodeAt(i)) % 2147483629;
    }
    return `${a} ${b}`;
  };
  const kind = (e) => {
    if (!kinds.has(e)) {
      kinds.set(e, digest(`${kind(e.parentElement)} > ${e.tagName}.${e.getAttribute('class')} ${looks.get(e)}`));
    }
    return kinds.get(e);
  };
  const seen = new Set(known);
  for (const e of all) {
    const texts = [...e.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!texts.length) continue;
    if (seen.has(kind(e))) texts.forEach((text) => text.remove());
    seen.add(kind(e));
  }
  for (const e of all.reverse()) { // what is within comes before what it is in
    if (!e.childElementCount && !e.textContent.trim() && !kept.has(e)) e.remove();
  }
  return [...seen];
}"""

FIND = """async (options) => {
  const { violations } = await axe.run(document, { resultTypes: ['violations'], ...options });
  return violations.map(({ id, impact, nodes }) => [id, impact, nodes.map((node) => node.html.slice(0, 200))]);
}"""


def violations(page, **options):
    """Return what axe finds, as lines to read."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(FIND, options)
    return [f"{rule} ({impact}): {html}" for rule, impact, nodes in found if rule not in ACCEPTED for html in nodes]


def violations_in_both_themes(page, known=None):
    """Return what axe finds: on the page as it is, and of its colours when it is light and when it is dark.

    It takes the page apart: in the dark only colours differ, and of texts that look alike one will do. Kinds of text
    that are known, from pages that were asked about before, are left out, and those of this page are added to them.
    """
    known = set() if known is None else known
    page.emulate_media(reduced_motion="reduce")  # colours change at once
    page.evaluate(THIN_OUT)
    found = violations(page, rules={"color-contrast": {"enabled": False}})
    known.update(page.evaluate(ONE_OF_A_KIND, list(known)))
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        found += violations(page, runOnly=["color-contrast"])
    return found
