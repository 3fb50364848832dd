(() => {
  const root = document.currentScript.parentElement;
  const { frames, order, besides, besideOrder, sentences, labels } = JSON.parse(root.querySelector(".sc-data").textContent);
  const inputs = [...root.querySelectorAll("[data-control]")];
  const show = () => {
    let index = 0;
    inputs.forEach((input, i) => {
      const value = Number(input.value);
      index = index * labels[i].length + value;
      if (input.type === "range") input.setAttribute("aria-valuetext", labels[i][value]);
      input.parentElement.querySelector("output").textContent = labels[i][value];
    });
    root.querySelector(".sc-frame").innerHTML = frames[order[index]];
    root.querySelector(".sc-beside").innerHTML = besides[besideOrder[index]];
    root.querySelector(".sc-sentence").textContent = sentences[index];
  };
  inputs.forEach((input) => input.addEventListener("input", show));

  // What turns slides by remote control sends these keys: they are for the page, not for the value.
  root.addEventListener("keydown", (press) => {
    const step = { PageUp: -1, PageDown: 1 }[press.key];
    if (!step || !inputs.includes(press.target)) return;
    press.preventDefault();
    (document.fullscreenElement ?? window).scrollBy({ top: step * 0.9 * window.innerHeight });
  });

  const full = root.querySelector(".sc-full");
  full.hidden = !document.fullscreenEnabled;
  full.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()));
  root.addEventListener("fullscreenchange", () => {
    full.textContent = document.fullscreenElement === root ? "leave full screen" : "full screen";
  });
  window.addEventListener("pageshow", show); // a browser may bring back moved controls
})();
