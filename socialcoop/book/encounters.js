(() => {
  const root = document.currentScript.parentElement;
  const part = (name) => root.querySelector(name);
  const { words, payoffs, assistants, chances, rate } = JSON.parse(part(".sc-rules").textContent);
  const [game, log, messages, now, verdict] = [".sc-game", ".sc-game ol", ".sc-messages", ".sc-now", ".sc-sentence"].map(part);
  const actions = payoffs.map((_, action) => action);
  const horizon = chances[0].length;
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  let games = 0;
  let met = null; // the game so far

  // By inverse CDF: how many of the first N - 1 partial sums lie below.
  const draw = (odds, uniform) => {
    let total = 0;
    const sums = odds.map((each) => (total += each));
    return sums.slice(0, -1).filter((partial) => uniform * total >= partial).length;
  };

  // What the assistant does next: as in its records, or uniformly, or as it has committed to.
  const odds = () => {
    if (met.likely) return actions.map((a) => sum(met.likely.map((chance, b) => chance * met.mixed[b][a])));
    return met.node?.n ?? actions.map(() => 1);
  };

  // The mixed actions to commit to, beside each action of the partner, or of its own; and how likely each of them is.
  const commit = () => {
    const { since, own } = met.ai;
    const counted = met.acts.slice(since);
    const counts = actions.map((b) => actions.map((a) => sum(counted.map(([x, y]) => x === a && (own ? x : y) === b))));
    met.likely = counts.map((row) => sum(row) / counted.length);
    met.mixed = counts.map((row) => row.map((count) => count / (sum(row) || 1)));
  };

  const play = (yours) => {
    const act = draw(odds(), met.chance[met.acts.length]);
    if (met.likely) { // those commitments that would have played it are likelier now
      const seen = met.likely.map((chance, b) => chance * met.mixed[b][act]);
      if (sum(seen) > 0) met.likely = seen.map((chance) => chance / sum(seen));
    }
    met.node = met.node?.[act * actions.length + yours];
    met.acts.push([act, yours]);
    if (met.acts.length === met.ai.phase) commit();
  };

  // What was earned, what each message would have earned all along, and what Hedge would have earned on average.
  const balance = () => {
    const always = actions.map((mine) => sum(met.acts.map(([act]) => payoffs[mine][act])));
    const earned = sum(met.acts.map(([act, yours]) => payoffs[yours][act]));
    const gains = actions.map(() => 0);
    let hedge = 0;
    for (const [act] of met.acts) {
      const weights = gains.map((gain) => Math.exp(rate * gain));
      hedge += sum(weights.map((weight, mine) => weight * payoffs[mine][act])) / sum(weights);
      actions.forEach((mine) => (gains[mine] += payoffs[mine][act]));
    }
    const most = Math.max(...always);
    return { earned, regret: most - earned, best: always.findIndex((total) => total > most - 1e-9), most, hedge };
  };

  const told = (number) => (Math.abs(number) < 0.005 ? 0 : number).toFixed(2).replace("-", "−");
  const line = (side, name, text) => {
    const p = document.createElement("p");
    p.className = side;
    const who = document.createElement("b");
    who.textContent = name;
    p.append(who, ` ${text}`);
    return p;
  };

  const show = () => {
    const { earned, regret, best, most, hedge } = balance();
    const stage = met.acts.length;
    const over = stage === horizon;
    Object.assign(root.dataset, { acts: JSON.stringify(met.acts), earned, regret, hedge, most, best });
    now.textContent = `Message ${Math.min(stage + 1, horizon)} of ${horizon}. Earned: ${told(earned)}. Regret so far: ${told(regret)}.`;
    part(".sc-got").style.width = `${(100 * earned) / horizon}%`;
    part(".sc-lost").style.left = `${(100 * earned) / horizon}%`;
    part(".sc-lost").style.width = `${(100 * Math.max(regret, 0)) / horizon}%`;
    messages.hidden = over;
    verdict.textContent = over
      ? `You earned ${told(earned)}. Always “${words[1][best]}” would have earned ${told(most)} against the same messages: ` +
        `your regret is ${told(regret)}. Hedge, a learner that is consistent, would have earned ${told(hedge)} on average. ${met.ai.ending}`
      : "";
    if (!stage) return;
    const [act, yours] = met.acts[stage - 1];
    const item = document.createElement("li");
    item.value = stage;
    const head = document.createElement("span");
    head.className = "sc-stage";
    head.textContent = `message ${stage} · earned ${told(earned)} · regret ${told(regret)}`;
    item.append(line("sc-ai", "assistant", words[0][act]), line("sc-partner", "you", words[1][yours]), head);
    log.append(item);
    log.parentElement.scrollTop = log.parentElement.scrollHeight;
    if (over) verdict.focus({ preventScroll: true });
  };

  const begin = () => {
    const ai = assistants[Number(new FormData(game).get("assistant"))];
    met = { ai, node: ai.tree, chance: chances[games++ % chances.length], acts: [], likely: null };
    log.replaceChildren();
    show();
  };

  messages.addEventListener("click", (click) => {
    const button = click.target.closest("button");
    if (!button || met.acts.length === horizon) return;
    play(Number(button.value));
    show();
  });
  game.addEventListener("submit", (press) => press.preventDefault());
  game.addEventListener("change", begin);
  game.addEventListener("reset", (press) => {
    press.preventDefault(); // the assistant stays
    begin();
    messages.querySelector("button").focus({ preventScroll: true });
  });
  root.classList.add("sc-playing");
  game.hidden = false;
  game.querySelector("input").checked = true;
  begin();
})();
