/* How well a result of the search fits: definitions come first, then the glossary, titles, names of the package, text. */
var Scorer = {
  // a definition's name scores up to 15, an entry of the glossary up to 100: who is called so exactly comes first
  score: ([, , anchor, , score]) => score * (anchor.startsWith("#def-") ? 60 : anchor.startsWith("#term-") ? 6 : 1),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 5, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};

/* What stands below a result is text: a formula that is not set says nothing to a reader. */
document.addEventListener("DOMContentLoaded", () => {
  const FORMULAS = /<(span|div) class="math[^"]*"[^>]*>[^]*?<\/\1>/g;
  const { htmlToText } = Search;
  Search.htmlToText = (html, anchor) => htmlToText(html.replace(FORMULAS, "…"), anchor);
});
