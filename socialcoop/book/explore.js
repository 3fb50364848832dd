(() => {
  const root = document.currentScript.parentElement;
  const { parts, frames, order, besides, besideOrder, sentences, labels, handles } =
    JSON.parse(root.querySelector(".sc-data").textContent);
  const part = (name) => root.querySelector(`.sc-${name}`);
  const inputs = [...root.querySelectorAll("[data-control]")];
  const [svg, frame, pinned, sentence, spoken, kept, link] =
    ["svg", "frame", "pinned", "sentence", "spoken", "kept", "tools a"].map(part);
  const chosen = (i) => labels[i][inputs[i].value];

  const show = () => {
    const index = inputs.reduce((place, input, i) => place * labels[i].length + Number(input.value), 0);
    inputs.forEach((input, i) => {
      if (input.type === "range") input.setAttribute("aria-valuetext", chosen(i));
      input.parentElement.querySelector("output").textContent = chosen(i);
    });
    frame.innerHTML = frames[order[index]].map((number) => parts[number]).join("");
    part("beside").innerHTML = besides[besideOrder[index]];
    sentence.textContent = sentences[index];
    if (link) link.href = `#${address()}`;
  };
  const put = (changes) => { // of values by the number of their control; nothing is drawn twice
    const changed = changes.filter(([i, value]) => value >= 0 && Number(inputs[i].value) !== value);
    changed.forEach(([i, value]) => { inputs[i].value = value; });
    if (changed.length) inputs[changed[0][0]].dispatchEvent(new Event("input", { bubbles: true }));
  };
  inputs.forEach((input) => {
    input.disabled = false; // it tells its name and its value itself, once
    input.parentElement.querySelectorAll("span, output").forEach((told) => { told.ariaHidden = "true"; });
    input.addEventListener("input", show);
  });

  // What has been found is spoken once, when the control rests.
  let rest;
  root.addEventListener("input", () => {
    clearTimeout(rest);
    rest = setTimeout(() => {
      spoken.textContent = sentence.textContent;
      rest = setTimeout(() => { spoken.textContent = ""; }, 3000); // the sentence stands there to be read
    }, 500);
  });

  // The tallest sentence has its room, so that nothing below it moves.
  const longest = [...new Set(sentences)].sort((a, b) => b.length - a.length).slice(0, 32);
  const reserve = () => {
    sentence.style.minHeight = "";
    const { width: room } = getComputedStyle(sentence);
    const copies = longest.map((text) => { // measured together, the page is laid out once
      const copy = sentence.cloneNode();
      copy.textContent = text;
      Object.assign(copy.style, { position: "absolute", visibility: "hidden", width: room });
      return copy;
    });
    sentence.after(...copies);
    const heights = copies.map((copy) => copy.offsetHeight);
    copies.forEach((copy) => copy.remove());
    sentence.style.minHeight = `${Math.max(...heights)}px`;
  };
  let width = 0;
  new ResizeObserver(() => {
    if (sentence.clientWidth === width) return;
    width = sentence.clientWidth;
    reserve();
  }).observe(sentence);

  // Where values stand along an axis, a pointer chooses among them. The control gets the focus: arrows go on from there.
  let held = [];
  const inside = (point) =>
    handles.filter(({ box }) => box[0] <= point.x && point.x <= box[2] && box[1] <= point.y && point.y <= box[3]);
  const pointed = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  const nearest = (places, value) =>
    places.reduce((best, place, i) => (Math.abs(place - value) < Math.abs(places[best] - value) ? i : best), 0);
  const move = (point) => put(held.map(({ control, along, at }) => [control, nearest(at, point[along])]));
  if (handles.length) svg.classList.add("sc-held");
  svg.addEventListener("pointerdown", (event) => {
    held = event.button ? [] : inside(pointed(event));
    if (!held.length) return;
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    inputs[held[0].control].focus({ preventScroll: true });
    move(pointed(event));
  });
  svg.addEventListener("pointermove", (event) => {
    const point = pointed(event);
    if (held.length) move(point);
    const [handle] = held.length ? held : inside(point);
    svg.style.cursor = handle ? { x: "ew-resize", y: "ns-resize" }[handle.along] : "";
  });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { held = []; });

  // A state has an address: the figure's name, and the value of each control. A link may give some of them only.
  const plain = (text) => text.replaceAll(",", "");
  const address = () =>
    [root.id, ...inputs.map((input, i) => `${input.dataset.control}=${encodeURIComponent(plain(chosen(i)))}`)].join("&");
  const go = () => {
    const [name, ...parts] = location.hash.slice(1).split("&");
    if (!root.id || name !== root.id || !parts.length) return;
    const asked = parts.map((text) => text.split("=").map(decodeURIComponent));
    const changes = asked.map(([control, label]) => {
      const i = inputs.findIndex((input) => input.dataset.control === control);
      return [i, i < 0 ? -1 : labels[i].findIndex((other) => plain(other) === plain(label ?? ""))];
    });
    put(changes);
    const missing = asked.filter((_, i) => changes[i][1] < 0).map(([control, label]) => `${control} = ${label}`);
    kept.hidden = !missing.length;
    kept.textContent = missing.length ? `There is no ${missing.join(", ")} here. The rest is as asked.` : "";
    root.scrollIntoView({ block: "nearest" });
    inputs[changes.find(([, value]) => value >= 0)?.[0] ?? 0].focus({ preventScroll: true });
  };
  window.addEventListener("hashchange", go);
  document.addEventListener("click", (click) => { // a second time on the same link, too
    const again = click.target.closest?.("a[href^='#']");
    if (again && again !== link && again.hash === location.hash) go();
  });

  link?.addEventListener("click", () => {
    navigator.clipboard?.writeText(link.href).then(() => {
      link.textContent = "copied";
      setTimeout(() => { link.textContent = "#"; }, 2000);
    }, () => {}); // who is not allowed to copy still has the address
  });

  // A state can be kept, pale, below those that follow.
  const pin = part("pin");
  pin.hidden = false;
  pin.setAttribute("aria-pressed", "false");
  pin.addEventListener("click", () => {
    const keep = pin.getAttribute("aria-pressed") === "false";
    pin.setAttribute("aria-pressed", String(keep));
    const names = [...frame.querySelectorAll("[id]")].map((named) => named.id);
    const own = (text, name) => text.replaceAll(`"${name}"`, `"pinned-${name}"`).replaceAll(`#${name}`, `#pinned-${name}`);
    pinned.innerHTML = keep ? names.reduce(own, frame.innerHTML) : "";
    kept.hidden = !keep;
    const at = inputs.map((input, i) => `${input.parentElement.querySelector("span").textContent} = ${chosen(i)}`);
    kept.textContent = keep ? `Pinned, at ${at.join("; ")}: ${sentence.textContent}` : "";
  });

  // Times follow one another while somebody wants them to.
  const play = part("play");
  const clock = inputs.findIndex((input) => "time" in input.dataset);
  let playing;
  const stop = () => {
    clearInterval(playing);
    playing = undefined;
    play.textContent = "play";
  };
  const step = () => {
    const next = Number(inputs[clock].value) + 1;
    if (next < labels[clock].length) put([[clock, next]]);
    if (next >= labels[clock].length - 1) stop();
  };
  play.hidden = clock < 0;
  play.addEventListener("click", () => {
    if (playing) return stop();
    play.textContent = "pause";
    if (Number(inputs[clock].value) === labels[clock].length - 1) put([[clock, 0]]);
    playing = setInterval(step, 700);
  });
  root.addEventListener("input", (moved) => moved.isTrusted && playing && stop());

  // What turns slides by remote control sends these keys: they are for the page, not for the value.
  root.addEventListener("keydown", (press) => {
    const way = { PageUp: -1, PageDown: 1 }[press.key];
    if (!way || !inputs.includes(press.target)) return;
    press.preventDefault();
    (document.fullscreenElement ?? window).scrollBy({ top: way * 0.9 * window.innerHeight });
  });

  const full = part("full");
  full.hidden = !document.fullscreenEnabled;
  full.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()));
  root.addEventListener("fullscreenchange", () => {
    full.textContent = document.fullscreenElement === root ? "leave full screen" : "full screen";
  });
  window.addEventListener("pageshow", () => { // a browser may bring back moved controls
    show();
    go();
  });
})();
