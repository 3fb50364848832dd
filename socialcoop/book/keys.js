// Notebooks take arrows, Enter and letters for their own commands: those that are pressed in an element of ours stay
// there. One listener serves all of them, since notebooks take cells off the page and put them back.
if (document.querySelector(".jp-Notebook") && !window.scKeepsKeys) {
  window.scKeepsKeys = true;
  window.addEventListener("keydown", (press) => {
    const commanded = press.ctrlKey || press.metaKey || press.altKey || ["Tab", "Escape"].includes(press.key);
    if (!commanded && press.target.closest?.(".sc-ask, .sc-another, .sc-own, .sc-replay, .sc-encounter")) press.stopPropagation();
  }, true);
}
