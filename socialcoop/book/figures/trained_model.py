"""Figures of the chapter on trained networks: who earns what with whom, when to stop, and one episode of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from socialcoop.book.chart import Chart, counted, pieces
from socialcoop.book.figures.labels import MORE, NO_DATA, TABLE, TEAM, name_ends
from socialcoop.book.look import COLORS
from socialcoop.book.picture import Picture, style
from socialcoop.games.varied import team_names
from socialcoop.plays import Play
from socialcoop.strategies.agreement import Agreement

__all__ = ["departure_strip", "stop_curve", "variety_curve"]

KINDS = {
    "usual": ("usual", ""),
    "s = .6": ("sticky", "0.6"),
    "s = .4": ("sticky", "0.4"),
    "s = .3": ("sticky", "0.3"),
    "fresh": ("fresh", ""),
    "rota": ("rota", ""),
}
DECODING = {"sampled": "", "cold": ", cold"}
WITHOUT = "–"
CLEAR = 0.01  # a lead that is worth a word
REFERENCES = {"one of them": TEAM, "no data": NO_DATA}

Row = Mapping[str, str]
Floats = NDArray[np.float64]
Spread = Floats  # mean, low, high


class _Table:
    """What the rows of ``tests/benchmarks/trained_model.py`` say of people with no patience, over 200 stages."""

    def __init__(self, rows: Iterable[Row]) -> None:
        usual = {"clean": "False", "patience": "0", "horizon": "200"}
        self.found = {
            (row["change"], row["stay"], float(row["slips"]), int(row["records"]), row["assistant"]): np.array(
                [float(row[number]) for number in ("mean", "low", "high")]
            )
            for row in rows
            if usual.items() <= row.items()
        }

    def __call__(self, kind: str, slips: float, episodes: int, assistant: str) -> Spread:
        return self.found[(*KINDS[kind], slips, episodes, assistant)]


@style()
def variety_curve(rows: Iterable[Row]) -> Picture:
    """Return what partners earn with several assistants, for people whose ways are more and more varied.

    Parameters
    ----------
    rows
        The rows of ``chapters/trained_model.csv``, as ``csv.DictReader`` gives them.

    Notes
    -----
    The picture's update takes ``slips``, ``episodes``, ``phase`` and ``decoding``, "sampled" or "cold".

    Examples
    --------
    >>> people = [("usual", ""), *(("sticky", stay) for stay in ("0.6", "0.4", "0.3")), ("fresh", ""), ("rota", "")]
    >>> dials = {"slips": "0.0", "clean": "False", "patience": "0", "horizon": "200", "records": "20"}
    >>> earned = {"cold, then last (4)": "0.9", "cold, once unsure (4)": "0.8", "network, cold": "0.6"}
    >>> earned |= {"n-gram of acts, cold": "0.5", "one of them": "1.0", "no data": "0.8"}
    >>> rows = [
    ...     dials | dict(change=way, stay=stay, assistant=name, mean=mean, low=mean, high=mean)
    ...     for way, stay in people
    ...     for name, mean in earned.items()
    ... ]
    >>> picture = sc.plots.variety_curve(rows)
    >>> print(picture.update(slips=0.0, episodes=20, phase=4, decoding="cold"))
    Held after 4 stages, the network gains most over itself to the end (cold) with “usual”:
    0.90 against 0.60; with nobody it loses more than 0.01 by it. Held once unsure, it is at
    most 0.10 behind the better of the two.
    """
    found = _Table(rows)
    places = np.arange(len(KINDS), dtype=float)
    chart = Chart(4.2, xlim=(-0.45, len(KINDS) - 0.55), ylim=(0.45, 1.03))
    chart.ax.set(xlabel="how the way changes", ylabel=f"partner earns per stage {MORE}")
    chart.ax.set_xticks(places, [*KINDS])
    looks = {"network, held after T̃": "ai o", "network, held once unsure": "ai D"}
    looks |= {"network, to the end": "ai s", "n-gram, to the end": "ai ^"}  # hollow: imitates to the end
    shifts = dict(zip(looks, (-0.24, -0.08, 0.08, 0.24), strict=True))
    dots, levels = chart.lines(looks, ms=8), chart.lines(REFERENCES)
    for to_the_end in (*looks,)[2:]:
        dots[to_the_end].set(mfc=COLORS["paper"], mew=1.5)
    bars = {name: chart.line(f"{look.split()[0]} -", lw=3, alpha=0.4) for name, look in looks.items()}
    chart.legend(2, "left")

    def update(slips: float, episodes: int, phase: int, decoding: str) -> str:
        stops = f"cold, then last ({phase})", f"cold, once unsure ({phase})"
        to_the_end = (f"{copies}{DECODING[decoding]}" for copies in ("network", "n-gram of acts"))
        names = dict(zip(looks, (*stops, *to_the_end), strict=True)) | {name: name for name in REFERENCES}
        spreads = {
            name: np.array([found(kind, slips, episodes, told) for kind in KINDS]) for name, told in names.items()
        }
        for name, shift in shifts.items():
            dots[name].set_data(places + shift, spreads[name][:, 0])
            bars[name].set_data(*pieces((places + shift, places + shift), (spreads[name][:, 1], spreads[name][:, 2])))
        for name, level in levels.items():
            level.set_data(*pieces((places - 0.35, places + 0.35), (spreads[name][:, 0], spreads[name][:, 0])))
        held, unsure, copied = (spreads[name][:, 0] for name in (*looks,)[:3])
        best = int((held - copied).argmax())
        kind = [*KINDS][best]
        ahead = [name for name, gap in zip(KINDS, held - copied, strict=True) if gap < -CLEAR]
        lost = f"to the end it is more than {CLEAR} better with"
        story = f"; {lost} {_listed(ahead)}" if ahead else f"; with nobody it loses more than {CLEAR} by it"
        return (
            f"Held after {counted(phase, 'stage')}, the network gains most over itself to the end ({decoding}) with "
            f"“{kind}”: {held[best]:.2f} against {copied[best]:.2f}{story}. Held once unsure, it is at most "
            f"{(np.maximum(held, copied) - unsure).max():.2f} behind the better of the two."
        )

    return chart.picture(
        "What the partner earns per stage with each assistant, for six kinds of people: those who always go the same "
        "way, those who stay less and less often, those whose next way nobody can know, and the rota. A circle is the "
        "network held after the phase, a diamond held once unsure, a square the network to the end, a triangle the "
        "n-gram; thick bars are intervals of 95 %. Level pieces are one of the people, and the best act without data.",
        update,
    )


@style()
def stop_curve(rows: Iterable[Row]) -> Picture:
    """Return what partners earn against the number of stages imitated, with five ways to imitate and commit.

    Parameters
    ----------
    rows
        As for `variety_curve`.

    Notes
    -----
    The picture's update takes ``kind``, the people, ``slips``, ``episodes`` and ``phase``.

    Examples
    --------
    >>> people = [("usual", ""), *(("sticky", stay) for stay in ("0.6", "0.4", "0.3")), ("fresh", ""), ("rota", "")]
    >>> dials = {"slips": "0.0", "clean": "False", "patience": "0", "horizon": "200", "records": "20"}
    >>> earned = {f"{who}, then last (4)": "0.9" for who in ("cold", "n-gram of acts, cold", "table")}
    >>> earned |= {"cold, once unsure (4)": "0.9", "network, then mixture (4)": "0.8", "network, cold": "0.6"}
    >>> earned |= {"one of them": "1.0", "no data": "0.7"}
    >>> rows = [
    ...     dials | dict(change=way, stay=stay, assistant=name, mean=mean, low=mean, high=mean)
    ...     for way, stay in people
    ...     for name, mean in earned.items()
    ... ]
    >>> picture = sc.plots.stop_curve(rows)
    >>> print(picture.update(kind="rota", slips=0.0, episodes=20, phase=4))
    After 4 stages the partner earns: network, last act, 0.90; network, once unsure, 0.90;
    network, ν, 0.80; n-gram, last act, 0.90; table, last act, 0.90. For comparison:
    network, to the end, 0.60; one of them, 1.00; no data, 0.70.
    """
    found = _Table(rows)
    phases = sorted({int(name.split("(")[1][:-1]) for *_, name in found.found if "(" in name})
    chart = Chart(3.8, xlim=(0.9 * phases[0], 1.1 * phases[-1]), ylim=(0.45, 1.03), xscale="log")
    chart.ax.set(xlabel="stages imitated, T̃", ylabel=f"partner earns per stage {MORE}")
    chart.ticks(phases)
    looks = {
        "network, last act": ("cold, then last", "ai o-"),
        "network, once unsure": ("cold, once unsure", "ai D:"),
        "network, ν": ("network, then mixture", "ai s:"),
        "n-gram, last act": ("n-gram of acts, cold, then last", "ai ^-"),
        "table, last act": ("table, then last", "ai v-"),
    }
    lines = chart.lines({name: look for name, (_, look) in looks.items()})
    lines["network, once unsure"].set(mfc="none", ms=11)  # it often lies on the line before
    levels = {"network, to the end": "network, cold"} | {name: name for name in REFERENCES}
    flat = chart.lines({"network, to the end": TABLE} | REFERENCES)
    label = name_ends(chart, lines | flat)
    mark = chart.mark("phase")

    def update(kind: str, slips: float, episodes: int, phase: int) -> str:
        def curve(assistant: str) -> Spread:
            return np.array([found(kind, slips, episodes, f"{assistant} ({each})")[0] for each in phases])

        curves = {name: curve(assistant) for name, (assistant, _) in looks.items()}
        for name, line in lines.items():
            line.set_data(phases, curves[name])
        level = {name: found(kind, slips, episodes, told)[0] for name, told in levels.items()}
        for name, line in flat.items():
            line.set_data(phases, np.full(len(phases), level[name]))
        label()
        mark(phase)
        told = "; ".join(f"{name}, {heights[phases.index(phase)]:.2f}" for name, heights in curves.items())
        rest = "; ".join(f"{name}, {height:.2f}" for name, height in level.items())
        return f"After {counted(phase, 'stage')} the partner earns: {told}. For comparison: {rest}."

    return chart.picture(
        "What the partner earns per stage against the number of imitated stages, for five ways to imitate and then "
        "commit. Level lines: the cold network to the end, one of the people, and the best act without data.",
        update,
    )


def _listed(names: list[str]) -> str:
    return " and ".join(f"“{name}”" for name in names)


@style()
def departure_strip(
    meetings: Callable[[str, str], Play], people: Mapping[str, Agreement], holds: Mapping[str, int], stages: int = 24
) -> Picture:
    """Return one episode with people whose ways vary, stage by stage, and what became of it.

    Parameters
    ----------
    meetings
        Returns many episodes, in a `varied_team`, of an assistant with some people, by their names.
    people
        The people, as `VariedTeam` strategies, by name: they tell when an agreement was broken.
    holds
        For each assistant the stage from which on it repeats one act; a large number if it never does.
    stages
        How many of the first stages are shown.

    Notes
    -----
    The picture's update takes ``people`` and ``assistant``. Shown is the episode in which an agreement is broken
    soonest after stage 4, the first of them; or, where none is, after stage 3.

    Examples
    --------
    >>> game, members = sc.games.varied_team(ways=3), {"fresh": sc.strategies.VariedTeam("fresh")}
    >>> holder = sc.ThenCommit(members["fresh"], 5, "last")
    >>> def meetings(people, assistant):
    ...     return sc.play(holder, members[people], game, (0, 2), 50, 20, seed=1)
    >>> picture = sc.plots.departure_strip(meetings, members, {"holds": 6})
    >>> print(picture.update(people="fresh", assistant="holds"))
    The agreement is broken at stage 6. From then on the two do the same in 84 % of the
    stages, and she does without in 2 %: over 50 stages she earns 0.86 a stage, where the
    mean of all 20 episodes is 0.89.
    """
    chart = Chart(2.7, ylim=(2.6, 0.4))
    looks = {"follows": "ai s", "repeats one act": "ai s", "keeps to custom": "partner s", "learns": "partner s"}
    marks = chart.lines(looks, ms=11, mfc="none", mew=1.5)
    for name, color in (("repeats one act", COLORS["ai"]), ("learns", COLORS["partner"])):
        marks[name].set(mfc=(color, 0.45), mec=color)
    fill = chart.squares(marks, ("assistant", "she"), stages)
    chart.legend(2)
    members, repeats = dict(people), dict(holds)

    def update(people: str, assistant: str) -> str:
        shown = meetings(people, assistant)
        broken = members[people].departure(shown)
        episode = _soonest(broken)
        acts, letters = _acts(shown, episode)
        stage, left = np.arange(1, shown.horizon + 1), int(broken[episode])
        copies = np.where(stage < repeats[assistant], "follows", "repeats one act")
        custom = np.where((stage > left) & (left > 0), "learns", "keeps to custom")
        fill(np.array([copies, custom])[:, :stages], letters[:, :stages])
        earned = shown.payoffs(1)[:, episode].mean()
        if not left:
            return f"Nobody breaks the agreement. Over {shown.horizon} stages she earns {earned:.2f} a stage."
        after = acts[:, left:]
        same, without = (after[0] == after[1]).mean(), (letters[1, left:] == WITHOUT).mean()
        return (
            f"The agreement is broken at stage {left}. From then on the two do the same in {100 * same:.0f} % of the "
            f"stages, and she does without in {100 * without:.0f} %: over {shown.horizon} stages she earns "
            f"{earned:.2f} a stage, where the mean of all {shown.episodes} episodes is {shown.payoffs(1).mean():.2f}."
        )

    return chart.picture(
        f"A row for each of the two, a column for each of the first {stages} stages. A digit is a way of doing "
        "what she likes; × is another habit, and – is to do without. Open squares: the assistant follows its "
        "records, she keeps to custom. Filled ones: the assistant repeats one act, she learns.",
        update,
    )


def _soonest(broken: NDArray[np.intp]) -> int:
    """Return the episode in which an agreement is broken soonest after stage 4, or else after stage 3, or the first."""
    for earliest in (5, 4):
        late = np.where(broken >= earliest, broken, np.iinfo(np.intp).max)
        if (broken >= earliest).any():
            return int(late.argmin())
    return 0


def _acts(shown: Play, episode: int) -> tuple[NDArray[np.intp], NDArray[np.str_]]:
    """Return the acts of both, (2, T), under the assistant's numbers, and how they are shown."""
    ways, wordings, pairing = team_names(shown.game)
    acts = shown.actions[:, :, episode].T.astype(np.intp) // wordings
    acts[1] = pairing[acts[1]]
    liked = pairing[shown.types[episode, 1] * ways] // ways
    letters = np.where(acts // ways == liked, (1 + acts % ways).astype(str), "×")
    return acts, np.where(acts == len(pairing) - 1, WITHOUT, letters)
