"""How heavy a built page is, when its first picture stands, and how fast its controls answer.

Run `jupyter-book build .` first; a Chromium opens the pages from the disk. For each page: kilobytes of the page alone,
of all that it loads but fonts and mathematics, milliseconds until the first picture stands, and the median and the
slowest of the milliseconds that a control takes to change its figure, layout included. A frame has 16.7.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2] / "chapters" / "_ext"))
from browsers import find_browser

BUILT = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "_build" / "html") / "chapters"
LIGHT = ("mathjax", ".woff", ".ttf")  # fonts and mathematics are counted by nobody

FIRST = """() => new Promise((stands) => {
  const shown = (picture) => picture.getBoundingClientRect().width > 0;
  const look = () => {
    if ([...document.querySelectorAll("svg.sc-svg")].some(shown)) stands(performance.now());
    else if (performance.now() > 5000) stands(null);
    else requestAnimationFrame(look);
  };
  look();
})"""

ANSWERS = """() => {
  const times = [];
  for (const part of document.querySelectorAll(".sc-waiting")) part.classList.remove("sc-waiting");
  for (const control of document.querySelectorAll(".sc-explorable .sc-controls :is(input, select)")) {
    const figure = control.closest("figure");
    const values = control.matches("select") ? [...control.options].map((it) => it.value)
      : [control.min, control.max, control.value];
    for (const value of values) {
      const begin = performance.now();
      control.value = value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
      figure.getBoundingClientRect();
      times.push(performance.now() - begin);
    }
  }
  return times.sort((a, b) => a - b);
}"""


def measured(page, path):
    """Return what one page weighs, in kilobytes, and how long it takes, in milliseconds."""
    loaded = []
    page.on("requestfinished", lambda request: loaded.append(request.url))
    page.goto(path.as_uri(), wait_until="commit")
    first = page.evaluate(FIRST)
    page.wait_for_load_state("load")
    files = {Path(url.split("?")[0].removeprefix("file://")) for url in loaded}
    weight = sum(file.stat().st_size for file in files if not any(part in str(file) for part in LIGHT))
    times = page.evaluate(ANSWERS)
    return path.stat().st_size, weight, first, times


def main():
    """Print a line for each page with a picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        print(f"{'page':20} {'page kB':>8} {'all kB':>8} {'first ms':>9} {'median ms':>10} {'slowest ms':>11}")
        for path in sorted(BUILT.glob("*.html")):
            page = browser.new_page()
            own, weight, first, times = measured(page, path)
            page.close()
            took = f"{times[len(times) // 2]:10.1f} {times[-1]:11.1f}" if times else f"{'':10} {'':11}"
            shown = f"{first:9.0f}" if first else f"{'':9}"
            print(f"{path.stem:20} {own / 1000:8.0f} {weight / 1000:8.0f} {shown} {took}")
        browser.close()


if __name__ == "__main__":
    main()
