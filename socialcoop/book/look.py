"""How the book looks: its colours, its style sheets, and whether what it shows moves."""

import os
from pathlib import Path

from socialcoop import checks

# One colour for one meaning, throughout: what the AI does (dashed where it imitates to the end), what the partner
# does, a good outcome, a bound, and in ink what was simulated. Pairs (light page, dark page); the light ones are
# what matplotlib draws with. Distinct for colour-blind readers, and 3:1 against both backgrounds.
PALETTE = {
    "ink": ("#1f2328", "#e6e8eb"),
    "muted": ("#59636e", "#a3adb8"),
    "grid": ("#d8dde3", "#3a424c"),
    "ai": ("#0072b2", "#5aaaf8"),
    "partner": ("#d55e00", "#ff9a4d"),
    "good": ("#008f68", "#45d6a0"),
    "bound": ("#8b3c85", "#f0adeb"),
    "paper": ("#ffffff", "#121212"),
}
COLORS = {name: light for name, (light, _) in PALETTE.items()}

HERE = Path(__file__).parent
FRAMES, STILL = "frames", "still"


def display_mode() -> str:
    """Return how pictures show themselves: "frames" while the book is built, "still" for stored notebooks, or ""."""
    return checks.choice("SOCIALCOOP_DISPLAY", os.environ.get("SOCIALCOOP_DISPLAY", ""), ("", FRAMES, STILL))


def stylesheet(file: str = "picture.css") -> str:
    """Return the CSS of pictures and explorables, or another of ours, with the palette for light and dark pages."""
    light, dark = (" ".join(f"--sc-{name}: {pair[which]};" for name, pair in PALETTE.items()) for which in (0, 1))
    return (HERE / file).read_text(encoding="utf-8").replace("/*light*/", light).replace("/*dark*/", dark)
