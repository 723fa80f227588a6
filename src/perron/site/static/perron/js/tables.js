// Sorting by the buttons of the header (or a list on a phone) and filtering of long tables.
// A word of state ("supprimé") has no value: it stays last in both directions.

const ROLES = { THEAD: "rowgroup", TBODY: "rowgroup", TFOOT: "rowgroup", TR: "row", TD: "cell" };

// On a phone rows are laid out as cards; their roles are said again, since some browsers drop the
// meaning of a table whose display changes.
function keepRoles(table) {
  table.setAttribute("role", "table");
  for (const part of table.querySelectorAll("thead, tbody, tfoot, tr, td, th")) {
    const header = part.scope === "row" ? "rowheader" : "columnheader";
    part.setAttribute("role", ROLES[part.tagName] || header);
  }
}

export function plain(text, locale) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase(locale);
}

function sorter(table, headers, collator) {
  const body = table.tBodies[0];
  const value = (row, column, numeric) => {
    const cell = row.cells[column];
    if (!numeric) return cell.textContent.trim();
    return cell.dataset.v === undefined ? null : Number(cell.dataset.v);
  };
  return (column, direction) => {
    const numeric = headers[column].dataset.sort === "number";
    const sign = direction === "descending" ? -1 : 1;
    const rows = [...body.rows].map((row) => [value(row, column, numeric), row]);
    rows.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return sign * (numeric ? a - b : collator.compare(a, b));
    });
    body.append(...rows.map(([, row]) => row));
    for (const header of headers) header.removeAttribute("aria-sort");
    headers[column].setAttribute("aria-sort", direction);
  };
}

function sortable(table, tools, locale) {
  const headers = [...table.tHead.rows[0].cells];
  const sort = sorter(table, headers, new Intl.Collator(locale, { numeric: true }));
  const list = tools && tools.querySelector("select");
  headers.forEach((header, column) => {
    const label = header.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    const first = header.dataset.sort === "number" ? "descending" : "ascending";
    const other = first === "descending" ? "ascending" : "descending";
    button.addEventListener("click", () => {
      sort(column, header.getAttribute("aria-sort") === first ? other : first);
      if (list) list.value = String(column);
    });
    if (list) list.add(new Option(label, String(column), false, header.hasAttribute("aria-sort")));
  });
  if (list) {
    if (!table.querySelector("th[aria-sort]")) list.selectedIndex = -1;
    list.addEventListener("change", () => {
      const column = Number(list.value);
      sort(column, headers[column].dataset.sort === "number" ? "descending" : "ascending");
    });
  }
}

// A very long table is folded to its first rows; its button, a filter or a link to a row unfold it.
function foldable(table, root) {
  const more = root.querySelector(`.more[data-for="${table.id}"]`);
  if (!more) return;
  const unfold = () => {
    table.classList.remove("folded");
    more.hidden = true;
  };
  const arrive = () => {
    const row = location.hash && root.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!row || !table.tBodies[0].contains(row)) return;
    unfold();
    row.scrollIntoView({ block: "center" });
  };
  table.classList.add("folded");
  more.hidden = false;
  more.firstElementChild.addEventListener("click", () => {
    const next = [...table.tBodies[0].rows].find((row) => !row.checkVisibility());
    unfold();
    if (!next) return;
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
  });
  table.addEventListener("perron:unfold", unfold);
  addEventListener("hashchange", arrive);
  arrive();
}

function filterable(table, tools, locale) {
  const input = tools.querySelector(".filter");
  if (!input) return;
  const count = tools.querySelector(".count");
  const rows = [...table.tBodies[0].rows].map((row) => [
    plain(row.cells[0].textContent, locale),
    row,
  ]);
  input.addEventListener("input", () => {
    const wanted = plain(input.value.trim(), locale);
    table.dispatchEvent(new Event("perron:unfold"));
    let kept = 0;
    for (const [text, row] of rows) {
      row.hidden = !text.includes(wanted);
      kept += !row.hidden;
    }
    count.textContent = !wanted ? "" : kept ? `${kept} / ${rows.length}` : count.dataset.none;
  });
}

export function tables(root) {
  const locale = root.documentElement.lang || "fr-BE";
  for (const table of root.querySelectorAll("table.stack")) {
    keepRoles(table);
    const tools = table.id && root.querySelector(`.tools[data-for="${table.id}"]`);
    if (table.classList.contains("sortable")) sortable(table, tools, locale);
    if (tools) {
      filterable(table, tools, locale);
      tools.hidden = false;
    }
    if (table.id) foldable(table, root);
  }
}
