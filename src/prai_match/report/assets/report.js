(() => {
  const lang = document.documentElement.lang;
  const by = (id) => document.getElementById(id);
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = [...document.querySelectorAll("#table tbody tr")].map((row) => ({
    row,
    card: by(row.dataset.card),
    // What people look for: names, not days, amounts and reasons.
    text: plain([...row.cells].slice(0, 5).map((cell) => cell.textContent).join(" ")),
  }));
  const shown = by("shown"), search = by("search"), departement = by("by-departement"), session = by("by-session");
  const plural = new Intl.PluralRules(lang), digits = new Intl.NumberFormat(lang);

  const filter = () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, card, text } of rows) {
      const kept =
        (!departement.value || row.dataset.departement === departement.value) &&
        (!session.value || row.dataset.session === session.value) &&
        words.every((word) => text.includes(word));
      row.hidden = card.hidden = !kept;
      count += kept;
    }
    const said = plural.select(count) === "one" ? shown.dataset.one : shown.dataset.other;
    shown.textContent = said.replace("{count}", digits.format(count)).replace("{all}", digits.format(rows.length));
  };
  const reset = () => {
    search.value = departement.value = session.value = "";
    filter();
  };
  // A link to a card that the filter hides shows it.
  const reveal = () => {
    const target = location.hash && by(decodeURIComponent(location.hash.slice(1)));
    if (target && target.hidden) {
      reset();
      target.scrollIntoView();
    }
  };
  const fold = (open) => {
    for (const part of document.querySelectorAll(".card details")) part.open = open;
  };

  for (const part of document.querySelectorAll(".controls, [data-scripted]")) part.hidden = false;
  search.addEventListener("input", filter);
  departement.addEventListener("change", filter);
  session.addEventListener("change", filter);
  by("reset").addEventListener("click", () => {
    reset();
    search.focus();
  });
  by("unfold").addEventListener("click", () => fold(true));
  by("fold").addEventListener("click", () => fold(false));
  addEventListener("hashchange", reveal);

  // Where a browser's style can't open what is folded, it is opened for the time of printing.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const part of opened) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });
  // Browsers keep what was typed when a page is loaded again.
  filter();
})();
