(() => {
  const value = (row, place) => row.cells[place].dataset.sort ?? row.cells[place].textContent.trim();
  const sort = (table, heading) => {
    const place = heading.cellIndex, body = table.tBodies[0], lang = table.closest("[lang]").lang;
    const up = heading.getAttribute("aria-sort") !== "ascending";
    const numeric = heading.classList.contains("prai-n");
    const compare = (a, b) => (numeric ? a - b : a.localeCompare(b, lang, { numeric: true }));
    const rows = [...body.rows].map((row) => [value(row, place), row]);
    rows.sort(([a], [b]) => (a === "") - (b === "") || (up ? compare(a, b) : compare(b, a)));
    body.append(...rows.map(([, row]) => row));
    for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
  };
  for (const table of document.querySelectorAll(".prai table.prai-sort")) {
    if (table.praiWired) continue;
    table.praiWired = true;
    for (const heading of table.tHead.rows[0].cells) {
      let button = heading.querySelector("button");
      if (!button) {
        button = document.createElement("button");
        button.type = "button";
        button.append(...heading.childNodes);
        heading.append(button);
        heading.setAttribute("aria-sort", "none");
      }
      button.addEventListener("click", () => sort(table, heading));
    }
  }
})();
