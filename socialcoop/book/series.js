(() => {
  const place = document.currentScript.parentElement;
  const forms = [...place.querySelectorAll("form.sc-ask")];
  const bar = place.querySelector(".sc-next");
  const [shown, told] = bar.querySelectorAll("output > span");
  let at = 0;

  const count = () => { shown.textContent = `${at + 1} of ${forms.length}`; };
  bar.hidden = false;
  count();
  bar.querySelector("button").addEventListener("click", () => {
    forms[at].hidden = true;
    at = (at + 1) % forms.length;
    forms[at].hidden = false;
    count();
    const rows = [...forms[at].querySelectorAll("tr")].map((row) => [...row.cells].map((cell) => cell.textContent).join(" "));
    told.textContent = [`: ${forms[at].querySelector("legend").textContent}`, ...rows].join(" ; ");
  });
})();
