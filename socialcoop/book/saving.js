((light, fonts, credit, strip) => {
  const root = document.currentScript.parentElement;
  const svg = root.querySelector(".sc-svg");
  const row = root.querySelector(".sc-tools") ?? root.appendChild(document.createElement("div"));
  const XLINK = "http://www.w3.org/1999/xlink"; // which programs for slides still ask for
  const MARGIN = 8; // for what stands out of the figure, as in its page
  const made = (name, attributes, ...inside) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  };

  // What the picture shows, what its controls stand at, and what they found.
  const words = () => {
    const at = [...root.querySelectorAll(".sc-controls label")].map((label) =>
      ["span", "output"].map((part) => label.querySelector(part).textContent).join(" = "));
    const said = (part) => root.querySelector(part)?.textContent;
    const kept = root.querySelector(".sc-pin[aria-pressed=true]") && said(".sc-kept");
    return [svg.getAttribute("aria-label"), at.length && `At ${at.join("; ")}: ${said(".sc-sentence")}`, kept].filter(Boolean).join(" ");
  };

  // The figure as it stands, as a document that needs nothing of the page: on paper, in light colours, credited.
  const file = () => {
    const { width: drawn, height: tall } = svg.viewBox.baseVal;
    const width = Math.ceil(drawn) + 2 * MARGIN; // whole pixels, for the canvas
    const height = Math.ceil(tall) + 2 * MARGIN + strip;
    const content = svg.querySelector("g").cloneNode(true);
    content.removeAttribute("aria-hidden");
    content.querySelector(".sc-pinned").setAttribute("opacity", getComputedStyle(svg.querySelector(".sc-pinned")).opacity);
    content.querySelectorAll("text").forEach((text) => text.setAttribute("fill", light.ink));
    content.querySelectorAll("[href]").forEach((element) => {
      element.setAttributeNS(XLINK, "xlink:href", element.getAttribute("href"));
      element.removeAttribute("href");
    });
    const told = words();
    const title = told.split(". ")[0].split(": ")[0].replace(/\.+$/, "");
    const size = { width, height, viewBox: `${-MARGIN} ${-MARGIN} ${width} ${height}` };
    const source = { x: drawn, y: height - MARGIN - 6, fill: light.muted, "font-size": 9, "text-anchor": "end" };
    const whole = made(
      "svg",
      { ...size, role: "img", "aria-labelledby": "title", "aria-describedby": "desc", "font-family": fonts, "stroke-linejoin": "round" },
      made("title", { id: "title" }, title),
      made("desc", { id: "desc" }, told),
      made("rect", { x: -MARGIN, y: -MARGIN, width, height, fill: light.paper }),
      content,
      made("text", source, credit),
    );
    whole.setAttributeNS("http://www.w3.org/2000/xmlns/", "xmlns:xlink", XLINK);
    const text = new XMLSerializer().serializeToString(whole);
    const plain = text.replace(/var\(--sc-(\w+)\)/g, (_, color) => light[color]);
    return { width, height, blob: new Blob([plain], { type: "image/svg+xml" }) };
  };

  const give = (blob, kind) => {
    const page = decodeURIComponent(location.pathname).split("/").pop().replace(/\.\w+$/, "") || "page";
    const number = [...document.querySelectorAll(".sc-svg")].indexOf(svg) + 1;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${page}-figure-${number}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };
  const save = {
    SVG: () => give(file().blob, "svg"),
    PNG: () => { // twice as large, so that it is sharp on a wall
      const { width, height, blob } = file();
      const image = new Image();
      image.onload = () => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 2 * width, height: 2 * height });
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(image.src);
        canvas.toBlob((drawn) => give(drawn, "png"));
      };
      image.src = URL.createObjectURL(blob);
    },
  };

  row.className = "sc-tools";
  for (const [kind, saved] of Object.entries(save)) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "sc-save", textContent: kind });
    button.setAttribute("aria-label", `Save as ${kind}`);
    button.addEventListener("click", saved);
    row.append(button);
  }
})
