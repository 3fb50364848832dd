(() => {
  const make = (form) => {
    const { choices, right, within, why, traps, empty } = JSON.parse(form.querySelector(".sc-replies").textContent);
    const reply = form.querySelector(".sc-reply");

    // 0.25, 0,25, .25, 1/4, 25 % and a true minus are read as people write them; 1,092 is either of two numbers.
    const number = (plain) => {
      const found = /^(-?(?:\d+\.?\d*|\.\d+))(?:\/(\d+\.?\d*))?(%?)$/.exec(plain);
      return found ? Number(found[1]) / Number(found[2] ?? 1) / (found[3] ? 100 : 1) : NaN;
    };
    const read = (text) => {
      const plain = text.replace(/\s/g, "").replace("−", "-");
      const grouped = /^-?[1-9]\d{0,2}(,\d{3})+$/.test(plain) ? [plain.replaceAll(",", "")] : [];
      return [plain.replace(",", "."), ...grouped].map(number).filter(Number.isFinite);
    };
    const near = (values, other) => values.some((value) => Math.abs(value - other) <= within + 1e-9);
    const trapped = (values) => traps.find(([trap]) => near(values, trap))?.[1] ?? "Try once more, or open the answer.";

    // What to say, and whether the answer is right; nothing where none was given.
    const judge = (given) => {
      if (choices) return given && [choices[given], Number(given) === right];
      const values = read(given);
      return values.length > 0 && (near(values, right) ? [why, true] : [trapped(values), false]);
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
