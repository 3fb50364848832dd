(() => {
  const make = (form) => {
    const { choices, right, within, why, traps, empty } = JSON.parse(form.querySelector(".sc-replies").textContent);
    const reply = form.querySelector(".sc-reply");

    // 0.25, 0,25, .25, 1/4, 25 % and a true minus are read as people write them.
    const read = (text) => {
      const plain = text.replace(/\s/g, "").replace(",", ".").replace("−", "-");
      const found = /^(-?(?:\d+\.?\d*|\.\d+))(?:\/(\d+\.?\d*))?(%?)$/.exec(plain);
      return found ? Number(found[1]) / Number(found[2] ?? 1) / (found[3] ? 100 : 1) : NaN;
    };
    const near = (value, other) => Math.abs(value - other) <= within + 1e-9;
    const trapped = (value) => traps.find(([trap]) => near(value, trap))?.[1] ?? "Try once more, or open the answer.";

    // What to say, and whether the answer is right; nothing where none was given.
    const judge = (given) => {
      if (choices) return given && [choices[given], Number(given) === right];
      const value = read(given);
      return Number.isFinite(value) && (near(value, right) ? [why, true] : [trapped(value), false]);
    };

    form.querySelector("button").hidden = false;
    form.addEventListener("submit", (press) => {
      press.preventDefault();
      const judged = judge(new FormData(form).get("answer") ?? "");
      reply.textContent = judged ? `${judged[1] ? "Right." : "Not so."} ${judged[0]}` : empty;
      reply.classList.toggle("sc-right", Boolean(judged?.[1]));
      if (judged) form.dispatchEvent(new Event("sc-answered"));
    });
  };

  // One form, or several of which one is shown.
  const place = document.currentScript.parentElement;
  (place.matches("form") ? [place] : place.querySelectorAll("form.sc-ask")).forEach(make);
})();
