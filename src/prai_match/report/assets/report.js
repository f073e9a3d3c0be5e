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
  // A link leads to what is folded or hidden by the filter: it shows it.
  const reveal = (hash) => {
    const target = hash && by(decodeURIComponent(hash.slice(1)));
    if (!target) return;
    if (target.hidden) reset();
    for (let part = target.querySelector(":scope > details") ?? target; part; part = part.parentElement)
      if (part.tagName === "DETAILS") part.open = true;
    target.scrollIntoView();
  };
  const fold = (open) => {
    for (const part of document.querySelectorAll("main details")) part.open = open;
  };

  // On a narrow screen the cells of a row stand below one another, each after the name of its column.
  for (const table of document.querySelectorAll("table"))
    for (const row of [...table.tBodies].flatMap((body) => [...body.rows]))
      for (const cell of [...row.cells].slice(1)) cell.dataset.label = table.tHead.rows[0].cells[cell.cellIndex].textContent;
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
  addEventListener("hashchange", () => reveal(location.hash));
  addEventListener("click", ({ target }) => reveal(target.closest?.("a[href^='#']")?.hash));

  // What is folded is printed where annexes are asked for.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = by("annexes").checked ? [...document.querySelectorAll("details:not([open])")] : [];
    for (const part of opened) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });
  // Browsers keep what was typed when a page is loaded again.
  filter();
  reveal(location.hash);
})();
