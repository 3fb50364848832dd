(() => {
  const form = document.currentScript.parentElement;
  const part = (name) => form.querySelector(`.sc-own-${name}`);
  const { games } = JSON.parse(part("data").textContent);
  const cells = [...form.querySelectorAll("td input")]; // row by row, column by column, your payoff first
  const sides = [0, 1];

  // --- What is typed: a fraction of whole numbers, so that a tie is a tie; or why it is none.

  const decimal = (text) => {
    const [whole, rest = ""] = text.split(".");
    return [BigInt(whole + rest), 10n ** BigInt(rest.length)];
  };
  const read = (text) => {
    const plain = text.replace(/\s/g, "").replace(",", ".").replace("−", "-");
    if (!plain) return "is empty";
    const found = /^(-?)(\d+\.?\d*|\.\d+)(?:\/(\d+\.?\d*|\.\d+))?(%?)$/.exec(plain);
    const [[n, d], [over, under]] = found ? [decimal(found[2]), decimal(found[3] ?? "1")] : [[0n, 1n], [0n, 1n]];
    if (!over) return `is no number, but “${text.trim()}”`;
    const [up, down] = [n * under, d * over * (found[4] ? 100n : 1n)];
    return up > down || (found[1] && up) ? `is ${text.trim()}, which is not from 0 to 1` : [up, down];
  };
  const divisor = (a, b) => (b ? divisor(b, a % b) : a);

  // --- The game. Tables have the own action first; mixes are pairs of whole weights.

  const worth = (table, mix) => table.map(([a, b]) => a * mix[0] + b * mix[1]);
  const best = (table, mix) => {
    const [a, b] = worth(table, mix);
    return [a >= b, b >= a];
  };
  // The other's mixes at which best replies to them change, and its two actions.
  const corners = (table) => {
    const [a, b] = [table[0][0] - table[1][0], table[1][1] - table[0][1]];
    const even = a * b > 0n ? [[b, a].map((weight) => (weight < 0n ? -weight : weight))] : [];
    return [[1n, 0n], ...even, [0n, 1n]];
  };
  const replies = (mix, good) => mix.every((weight, action) => !weight || good[action]);
  const pay = (table, own, other, unit) => {
    const [a, b] = worth(table, other);
    return [a * own[0] + b * own[1], unit * (own[0] + own[1]) * (other[0] + other[1])];
  };
  const more = (a, b) => a[0] * b[1] > b[0] * a[1];
  const number = ([n, d]) => Number((n * 10n ** 18n) / d) / 1e18;
  const mixes = (mix) => Number(mix.every(Boolean));

  // The extreme Nash equilibria, pure ones first, and which of them the first is that pays both more, or -1.
  const solve = (tables, unit) => {
    const found = corners(tables[1]).flatMap((x) => corners(tables[0]).map((y) => [x, y]))
      .filter(([x, y]) => replies(x, best(tables[0], y)) && replies(y, best(tables[1], x)))
      .map(([x, y]) => ({ mixes: [x, y], pays: [pay(tables[0], x, y, unit), pay(tables[1], y, x, unit)] }))
      .sort((a, b) => mixes(a.mixes[0]) + mixes(a.mixes[1]) - mixes(b.mixes[0]) - mixes(b.mixes[1]));
    return found.map((one) => ({
      first: one.mixes.map((mix) => number([mix[0], mix[0] + mix[1]])),
      pays: one.pays.map(number),
      beaten: found.findIndex((other) => sides.every((side) => more(other.pays[side], one.pays[side]))),
    }));
  };
  // What all equilibria pay: rectangles, as points or lines too, each from its lowest to its highest corner.
  const boxes = (equilibria) => {
    const has = (x, y) => equilibria.some(({ first }) => first[0] === x && first[1] === y);
    const ends = (one, other) => [Math.min, Math.max].map((end) => sides.map((k) => end(one.pays[k], other.pays[k])));
    return equilibria.flatMap((one, place) => equilibria.slice(place)
      .filter((other) => has(one.first[0], other.first[1]) && has(other.first[0], one.first[1]))
      .map((other) => ends(one, other)));
  };
  // The smallest ε up to which both get what one PONE pays.
  const missed = (equilibria, paid) => {
    const tie = 1e-9;
    const all = boxes(equilibria);
    const reached = (epsilon) => all.some(([low, high]) => {
      const top = high.map((value, k) => Math.min(value, paid[k] + epsilon + tie));
      return top.every((value, k) => value >= low[k])
        && !equilibria.some(({ pays }) => pays.every((value, k) => value > top[k] + tie));
    });
    const tried = equilibria.flatMap(({ pays }) => pays.map((value, k) => Math.max(0, value - paid[k])));
    return Math.min(...tried.filter(reached));
  };

  // --- Two Hedge learners, each of whom keeps the weight of its second action relative to the first.

  const MODULUS = 2147483647; // Park and Miller's generator, exact in doubles
  const walk = (tables, horizon, episode) => {
    const rate = Math.sqrt((8 * Math.log(2)) / horizon);
    let state = (episode * 7919) % MODULUS;
    const uniform = () => (state = (state * 48271) % MODULUS) / MODULUS;
    for (let warm = 0; warm < 10; warm += 1) uniform();
    const weights = [1, 1];
    const earned = [0, 0];
    const fixed = [[0, 0], [0, 0]];
    return Array.from({ length: horizon }, (_, before) => {
      const mix = weights.map((weight) => 1 / (1 + weight));
      const actions = weights.map((weight) => Number(uniform() * (1 + weight) >= 1));
      for (const k of sides) {
        const column = tables[k].map((row) => row[actions[1 - k]]);
        earned[k] += column[actions[k]];
        column.forEach((payoff, action) => { fixed[k][action] += payoff; });
        weights[k] *= Math.exp(rate * (column[1] - column[0]));
      }
      const stage = before + 1;
      return {
        mix,
        actions,
        paid: earned.map((sum) => sum / stage),
        regret: earned.map((sum, k) => (Math.max(...fixed[k]) - sum) / stage),
      };
    });
  };

  // --- Words and marks.

  const told = (value, digits = 3) => {
    const text = Math.abs(value).toFixed(digits).replace(/\.?0+$/, "");
    return value < 0 && Number(text) ? `−${text}` : text;
  };
  const mixture = (side, first) => {
    if (first === 0 || first === 1) return `${side} ${first ? "A" : "B"}`;
    return `${side} A with probability ${told(first)}`;
  };
  const tells = ({ first, pays, beaten }) => {
    const verdict = beaten < 0 ? "PONE." : `Number ${beaten + 1} pays both more.`;
    return `${mixture("Row", first[0])}, ${mixture("column", first[1])}. It pays ${pays.map((u) => told(u)).join(" and ")}. ${verdict}`;
  };
  const summary = (equilibria) => {
    const best = equilibria.filter(({ beaten }) => beaten < 0).length;
    const ties = sides.some((k) => new Set(equilibria.map(({ first }) => first[k])).size < equilibria.length);
    return `${equilibria.length} ${ties ? "extreme " : ""}Nash ${equilibria.length === 1 ? "equilibrium" : "equilibria"}, of which ${best} ${best === 1 ? "is" : "are"} Pareto-optimal (PONE).`
      + (ties ? " Payoffs tie: whole sets of mixes are equilibria, and these span them." : "");
  };
  const learnt = (stage) => {
    if (!stage) return `Two Hedge learners are ready for episode ${episode}, of ${now.horizon.toLocaleString("en")} stages. Both start with equal chances.`;
    const { paid, regret } = now.path[stage - 1];
    const short = missed(now.equilibria, paid);
    const careful = Math.max(...regret) <= 0.1;
    const close = short <= 0.1;
    const end = !careful ? "Somebody regrets more than 0.1 a stage. "
      : close ? "Both regret little, and come close to a PONE. " : "Both regret little, and miss every PONE. ";
    return (stage === now.horizon ? end : "")
      + `Stage ${stage.toLocaleString("en")} of ${now.horizon.toLocaleString("en")}: so far you earn ${told(paid[0], 2)} a stage, and the other ${told(paid[1], 2)}. `
      + `You regret ${told(regret[0], 2)}, and the other ${told(regret[1], 2)}. `
      + (short < 0.005 ? "Both earn what a PONE pays." : `The nearest PONE is missed by ${told(short, 2)}.`);
  };

  // --- The picture.

  const x = (u) => (44 + 256 * u).toFixed(1);
  const y = (u) => (268 - 256 * u).toFixed(1);
  const places = (points) => points.map(([u, v]) => `${x(u)},${y(v)}`).join(" ");
  const turn = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  const hull = (points) => {
    const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const chain = (kept, point) => {
      while (kept.length > 1 && turn(...kept.slice(-2), point) <= 0) kept.pop();
      return [...kept, point];
    };
    return [...sorted.reduce(chain, []), ...sorted.reverse().reduce(chain, [])];
  };
  // One text for all that lies in one place: left of what is far to the right, below or above the mark.
  const labels = (points, names, below) => {
    const there = new Map();
    points.forEach(([u, v], place) => {
      const key = `${x(u)} ${y(v)}`;
      there.set(key, [...(there.get(key) ?? []), names[place]]);
    });
    return [...there].map(([key, together]) => {
      const [left, top] = key.split(" ").map(Number);
      const [anchor, aside] = left > 200 ? ["end", -9] : ["start", 9];
      return `<text x="${left + aside}" y="${top + (below ? 15 : -6)}" text-anchor="${anchor}">${together.join(", ")}</text>`;
    }).join("");
  };
  const star = (u, v) => Array.from({ length: 10 }, (_, k) => {
    const [size, angle] = [k % 2 ? 3.5 : 9, (Math.PI * k) / 5];
    return `${(Number(x(u)) + size * Math.sin(angle)).toFixed(1)},${(Number(y(v)) - size * Math.cos(angle)).toFixed(1)}`;
  }).join(" ");
  const draw = () => {
    const { outcomes, equilibria, path } = now;
    const sets = boxes(equilibria).filter(([low, high]) => low[0] < high[0] || low[1] < high[1]);
    const past = path.slice(0, stage).map(({ paid }) => paid);
    part("frame").innerHTML = [
      `<polygon class="sc-region" points="${places(hull(outcomes))}"/>`,
      ...sets.map(([[a, b], [c, d]]) => `<polygon class="sc-all" points="${places([[a, b], [c, b], [c, d], [a, d]])}"/>`),
      ...outcomes.map(([u, v]) => `<circle class="sc-outcome" cx="${x(u)}" cy="${y(v)}" r="3"/>`),
      ...equilibria.map(({ pays: [u, v], beaten }) => (beaten < 0 ? `<polygon class="sc-star" points="${star(u, v)}"/>` : "")
        + `<rect class="sc-nash" x="${(x(u) - 6).toFixed(1)}" y="${(y(v) - 6).toFixed(1)}" width="12" height="12"/>`),
      past.length ? `<polyline class="sc-path" points="${places(past)}"/><circle class="sc-now" cx="${x(past.at(-1)[0])}" cy="${y(past.at(-1)[1])}" r="5"/>` : "",
      labels(outcomes, ["AA", "AB", "BA", "BB"], false),
      labels(equilibria.map(({ pays }) => pays), equilibria.map((_, place) => place + 1), true),
    ].join("");
    const pairs = outcomes.map((pays, place) => `${["AA", "AB", "BA", "BB"][place]} pays ${pays.map((u) => told(u)).join(" and ")}`);
    part("svg").setAttribute("aria-label", `The payoffs of both, yours to the right and the other's upwards. ${pairs.join("; ")}. ${summary(equilibria)}`);
  };

  // --- What the reader does.

  let now = null; // the game and its walk, or nothing while an entry is no payoff
  let stage = 0;
  let episode = 1;
  let playing = 0; // what an animation is known by
  const say = (name, text) => { if (part(name).textContent !== text) part(name).textContent = text; };

  const go = (to) => {
    stage = now ? Math.min(to, now.horizon) : 0;
    if (now) draw();
    else part("frame").innerHTML = "";
    say("walk", now ? learnt(stage) : "");
    const able = { step: now && stage < now.horizon, play: now, reset: stage, again: now };
    // not "disabled", which would take the focus away from who has just pressed
    for (const [name, can] of Object.entries(able)) part(name).setAttribute("aria-disabled", String(!can));
    form.dispatchEvent(new CustomEvent("sc-computed", { detail: now && { ...now, stage, missed: stage ? missed(now.equilibria, now.path[stage - 1].paid) : null } }));
  };
  const stop = () => {
    cancelAnimationFrame(playing);
    playing = 0;
    part("play").textContent = "Play";
    part("walk").setAttribute("aria-live", "polite");
  };
  const play = () => {
    if (playing) return stop();
    if (stage === now.horizon) go(0);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return go(now.horizon);
    part("play").textContent = "Pause";
    part("walk").setAttribute("aria-live", "off"); // only the end is read aloud
    const [from, lasts] = [stage, 6000];
    let begin = null;
    const frame = (time) => {
      begin ??= time;
      const to = from + Math.floor((now.horizon * (time - begin)) / lasts);
      if (to >= now.horizon) stop();
      if (to > stage) go(to);
      if (playing) playing = requestAnimationFrame(frame);
    };
    playing = requestAnimationFrame(frame);
  };
  const start = () => {
    stop();
    if (now) {
      now.horizon = Number(part("horizon").value);
      now.path = walk(now.payoffs, now.horizon, episode);
    }
    go(0);
  };
  const show = () => {
    const given = cells.map((cell) => read(cell.value));
    const troubles = cells.flatMap((cell, place) => (typeof given[place] === "string" ? [`In ${cell.getAttribute("aria-label")} ${given[place]}.`] : []));
    cells.forEach((cell, place) => cell.setAttribute("aria-invalid", String(typeof given[place] === "string")));
    say("said", troubles.length ? `${troubles.join(" ")} Nothing is computed until each payoff is a number from 0 to 1, such as 0.25, 1/4 or 25\u00a0%.` : "");
    now = null;
    if (!troubles.length) {
      const unit = given.reduce((all, [, d]) => (all / divisor(all, d)) * d, 1n);
      const whole = given.map(([n, d]) => n * (unit / d));
      const tables = sides.map((k) => sides.map((own) => sides.map((other) => whole[k ? 4 * other + 2 * own + 1 : 4 * own + 2 * other])));
      const payoffs = tables.map((table) => table.map((row) => row.map((payoff) => number([payoff, unit]))));
      const good = tables.map((table) => [[1n, 0n], [0n, 1n]].map((pure) => best(table, pure))); // by the other's action
      now = {
        payoffs,
        equilibria: solve(tables, unit),
        best: cells.map((_, place) => (place % 2 ? good[1][place >> 2][(place >> 1) % 2] : good[0][(place >> 1) % 2][place >> 2])),
        outcomes: sides.flatMap((row) => sides.map((column) => [payoffs[0][row][column], payoffs[1][column][row]])),
      };
    }
    cells.forEach((cell, place) => {
      const good = Boolean(now?.best[place]);
      cell.parentElement.classList.toggle("sc-best", good);
      if (good) cell.setAttribute("aria-describedby", marks[place].id);
      else cell.removeAttribute("aria-describedby");
    });
    say("summary", now ? summary(now.equilibria) : "");
    part("list").innerHTML = now ? now.equilibria.map((one) => `<li${one.beaten < 0 ? ' class="sc-pone"' : ""}>${tells(one)}</li>`).join("") : "";
    const known = games.findIndex(([, payoffs]) => payoffs.every((text, place) => text === cells[place].value));
    part("menu").value = known < 0 ? "own" : String(known);
    start();
  };

  // A mark is told with its cell.
  window.scOwnCount = (window.scOwnCount ?? 0) + 1;
  const marks = [...form.querySelectorAll(".sc-own-mark")];
  marks.forEach((mark, place) => { mark.id = `sc-own-${window.scOwnCount}-${place}`; });
  form.querySelectorAll("[hidden]:not(option)").forEach((hidden) => { hidden.hidden = false; });
  cells.forEach((cell) => { cell.readOnly = false; });
  cells.forEach((cell) => cell.addEventListener("input", show));
  part("menu").addEventListener("change", () => {
    games[part("menu").value]?.[1].forEach((text, place) => { cells[place].value = text; });
    show();
  });
  part("horizon").addEventListener("change", start);
  const pressed = { step: () => { stop(); go(stage + 1); }, play, reset: () => { stop(); go(0); }, again: () => { episode += 1; start(); } };
  for (const [name, act] of Object.entries(pressed)) {
    part(name).addEventListener("click", () => { if (part(name).getAttribute("aria-disabled") !== "true") act(); });
  }
  form.addEventListener("submit", (press) => press.preventDefault());
  window.addEventListener("pageshow", show); // a browser may bring back other entries
  show();
})();
