// Notebooks take arrows, Enter and letters for their own commands: those that are pressed in here stay here.
if (document.querySelector(".jp-Notebook") && !window.scKeepsKeysHere) {
  window.scKeepsKeysHere = true;
  window.addEventListener("keydown", (press) => {
    const commanded = press.ctrlKey || press.metaKey || press.altKey || ["Tab", "Escape"].includes(press.key);
    if (!commanded && press.target.closest?.(".sc-replay, .sc-encounter")) press.stopPropagation();
  }, true);
}
