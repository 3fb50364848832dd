(() => {
  const root = document.currentScript.parentElement;
  const part = (name) => root.querySelector(name);
  const { earned, sentences, start, alone } = JSON.parse(part(".sc-stages").textContent);
  const [play, step, reset, slider] = [".sc-play", ".sc-step", ".sc-reset", "input"].map(part);
  const sides = [...root.querySelectorAll(".sc-side")];
  const last = sentences.length;
  const pause = 1500; // milliseconds between stages: one can read along
  let timer = null;

  const show = (stage) => {
    slider.value = stage;
    slider.setAttribute("aria-valuetext", `${stage} of ${last}`);
    part(".sc-steps output").textContent = stage;
    part(".sc-sentence").textContent = sentences[stage - 1];
    step.setAttribute("aria-disabled", String(stage === last)); // not "disabled", which would take the focus away
    sides.forEach((side, which) => {
      side.querySelector(".sc-earned").textContent = earned[which][stage - 1].toFixed(2);
      side.querySelector(".sc-got").style.width = `${(100 * earned[which][stage - 1]) / last}%`;
      if (alone !== null) side.querySelector(".sc-alone").style.left = `${(100 * alone * stage) / last}%`;
      let later = true; // a remark comes with the stage that it stands before
      for (const item of [...side.querySelectorAll("li")].reverse()) {
        if (item.value) later = item.value > stage;
        item.classList.toggle("sc-later", later);
        item.classList.toggle("sc-newest", item.value === stage);
      }
      const box = side.querySelector(".sc-talk");
      box.scrollTop = box.scrollHeight; // the box moves, and the page stays
    });
  };
  const now = () => Number(slider.value);
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  };
  const forward = () => {
    if (!root.isConnected) return stop();
    show(Math.min(now() + 1, last));
    if (now() === last) stop();
  };

  play.addEventListener("click", () => {
    if (timer) return stop();
    show(now() === last ? 1 : now() + 1);
    if (now() === last) return;
    play.textContent = "Pause";
    timer = setInterval(forward, pause);
  });
  step.addEventListener("click", () => (stop(), forward()));
  reset.addEventListener("click", () => (stop(), show(1)));
  slider.addEventListener("input", () => (stop(), show(now())));
  document.addEventListener("visibilitychange", () => document.hidden && stop());
  let onScreen;
  window.addEventListener("beforeprint", () => {
    stop();
    onScreen = now();
    show(last);
  });
  window.addEventListener("afterprint", () => show(onScreen ?? start));
  part(".sc-steps").hidden = false;
  show(start);
  window.addEventListener("pageshow", () => show(now())); // a browser may bring back a moved slider
})();
