"""Cards to print, for a class that plays in pairs: a sheet for each pair, to be cut into cards and a strip."""

from __future__ import annotations

import argparse
from html import escape
from pathlib import Path
from typing import Any

from socialcoop import checks
from socialcoop.games import Game, team_lead
from socialcoop.teach.files import new_file
from socialcoop.teach.lab import MOST_PAIRS, dealt, letters_of

STYLE = Path(__file__).with_name("cards.css")
MOST_ACTIONS, MOST_STAGES = 4, 20  # that fit on a sheet


def payoff_cards(game: Game, pairs: int, stages: int = 10, seed: int = 0) -> str:
    """Return a page of HTML to print on A4: each pair has two cards with payoffs, words, and a strip.

    Each sheet is cut along its dashed lines. A card shows the payoffs of one type, and nobody else sees it; the strip
    has room for the moves of both, as `read_class` reads them.

    Parameters
    ----------
    game
        What is played, of at most 4 actions.
    pairs
        How many pairs, one sheet for each, up to 1000.
    stages
        How many stages are played, from 1 to 20.
    seed
        Which pair gets which types. All joint types come about equally often.

    Examples
    --------
    >>> page = sc.teach.payoff_cards(sc.games.team_lead(), pairs=2)
    >>> page.count("Your type"), page.count("Strip of pair")
    (4, 2)
    """
    checks.instance("game", game, Game)
    if game.n_actions > MOST_ACTIONS:
        raise ValueError(f"game must have at most {MOST_ACTIONS} actions to fit on a card, got {game.n_actions}")
    stages = checks.integer("stages", stages, 1, MOST_STAGES)
    types = dealt(game, checks.integer("pairs", pairs, 1, MOST_PAIRS), checks.integer("seed", seed)).tolist()
    sheets = "".join(_sheet(game, number, each, stages) for number, each in enumerate(types, start=1))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>Cards: {escape(game.name)}</title><style>{STYLE.read_text(encoding='utf-8')}</style></head>"
        f"<body>{sheets}</body></html>\n"
    )


def _sheet(game: Game, number: int, types: list[int], stages: int) -> str:
    """Return the sheet of one pair."""
    cards = "".join(_card(game, number, player, kind, stages) for player, kind in enumerate(types, start=1))
    many = " many" if game.n_actions > 2 else ""
    words = "".join(f'<div class="words{many}{_side(player)}">{_words(game)}</div>' for player in (1, 2))
    return f'<section class="pair">{cards}{words}{_strip(game, number, stages)}</section>\n'


def _side(player: int) -> str:
    return " first" if player == 1 else ""


def _card(game: Game, number: int, player: int, kind: int, stages: int) -> str:
    """Return what one player gets: its payoffs, and the rules."""
    names = [escape(name) for name in game.action_names]
    heads = "".join(f"<th>{name}</th>" for name in names)
    rows = "".join(
        f"<tr><th>you: {name}</th>{''.join(f'<td>{payoff:.3g}</td>' for payoff in row)}</tr>"
        for name, row in zip(names, game.payoffs[kind].tolist(), strict=True)
    )
    many = ' class="many"' if game.n_actions > 2 else ""
    return (
        f'<div class="card{_side(player)}"><h1>Pair {number}, player {player}</h1>'
        f'<p class="type">Your type: {kind}, {escape(game.type_names[kind])}</p>'
        "<p>Keep this card hidden until the end.</p>"
        f"<table{many}><caption>What you earn at a stage if the other plays</caption>"
        f'<tr><td class="corner"></td>{heads}</tr>{rows}</table>'
        f"<ol><li>You play {stages} stages. No talking.</li>"
        "<li>At each stage both put a word on the table, face down. Then turn both at once.</li>"
        "<li>Write both moves on the strip. A move that was missed is a dot.</li>"
        "<li>Earn as much as you can. What the other earns is not your concern.</li>"
        "<li>After the last stage tell each other your types, and write them down.</li></ol></div>"
    )


def _words(game: Game) -> str:
    return "".join(
        f'<div class="word">{escape(name)}<small>{letter}</small></div>'
        for name, letter in zip(game.action_names, letters_of(game), strict=True)
    )


def _strip(game: Game, number: int, stages: int) -> str:
    """Return the strip that a pair hands in."""
    first, *_, last = letters_of(game)
    heads = "".join(f"<th>{stage}</th>" for stage in range(1, stages + 1))
    rows = "".join(f"<tr><th>player {player}</th>{'<td></td>' * stages}</tr>" for player in (1, 2))
    letters = ", ".join(
        f"{letter} for {escape(name)}" for name, letter in zip(game.action_names, letters_of(game), strict=True)
    )
    types = ", ".join(f"{kind} {escape(name)}" for kind, name in enumerate(game.type_names))
    return (
        f'<div class="strip"><h2>Strip of pair {number}, to be handed in</h2><p>Write {letters}.</p>'
        f"<table><tr><th>stage</th>{heads}</tr>{rows}</table>"
        f"<p>At the end. The types: {types}.</p>"
        "<p>One line, with commas: type of player 1, type of player 2, the moves of player 1, those of player 2, "
        f"such as 0,0,{first}{last}…,{last}{last}…</p>"
        '<p style="margin-top: 5mm"><span class="line"></span></p></div>'
    )


def add_cards(commands: Any) -> None:
    """Add the command that writes the cards."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "cards", help="write cards to print, for a class that plays the team-lead game in pairs", description=__doc__
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="the page to write, such as cards.html")
    parser.add_argument("--pairs", metavar="N", type=int, default=30, help="how many pairs, one sheet each (30)")
    parser.add_argument("--stages", metavar="N", type=int, default=10, help="how many stages they play (10)")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="which pair gets which types (0)")
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> None:
    page = payoff_cards(team_lead(), given.pairs, given.stages, given.seed)
    new_file(given.out).write_text(page, encoding="utf-8", newline="\n")
    print(f"{given.out}: {given.pairs} sheet(s). Print them on A4 from a browser, and cut along the dashed lines.")
