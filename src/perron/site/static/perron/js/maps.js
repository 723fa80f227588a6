// A map and its table light each other up. The map is one stop of the Tab key; the arrows then move
// to the nearest unit in their direction, and Enter goes to its row.

import { DIRECTIONS, ahead } from "./directions.js";

function centre(unit) {
  const box = unit.getBBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

function link(figure, root) {
  const units = [...figure.querySelectorAll("a.unit")];
  if (!units.length) return;
  const table = root.getElementById(figure.dataset.table);
  const lift = figure.querySelector(".lift");
  const readout = figure.querySelector(".readout");
  const unitOf = new Map(units.map((unit) => [unit.dataset.code, unit]));
  const rowOf = new Map(
    [...(table ? table.querySelectorAll("tr[data-code]") : [])].map((r) => [r.dataset.code, r]),
  );
  let lit = null;

  const light = (code, focus) => {
    if (lit) rowOf.get(lit)?.classList.remove("on");
    lit = code;
    const unit = code && unitOf.get(code);
    lift.setAttribute("d", unit ? unit.querySelector("path").getAttribute("d") : "");
    lift.classList.toggle("focus", Boolean(focus));
    rowOf.get(code)?.classList.add("on");
    readout.textContent = "";
    if (!unit) return;
    const [name, ...rest] = unit.getAttribute("aria-label").split(" : ");
    const strong = document.createElement("b");
    strong.textContent = `${name} `;
    readout.append(strong, rest.join(" : "));
  };

  units.forEach((unit, i) => {
    const code = unit.dataset.code;
    unit.tabIndex = i ? -1 : 0;
    unit.addEventListener("pointerenter", () => light(code, false));
    unit.addEventListener("pointerleave", () => light(null, false));
    unit.addEventListener("focus", () => light(code, unit.matches(":focus-visible")));
    unit.addEventListener("blur", () => light(null, false));
    unit.addEventListener("keydown", (event) => {
      const direction = DIRECTIONS[event.key];
      const next = direction && ahead(unit, units, centre, direction);
      if (!direction) return;
      event.preventDefault();
      if (!next) return;
      unit.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
    // A finger asks for the figure; only a keyboard or a mouse means to travel to the row.
    unit.addEventListener("click", (event) => {
      if (event.pointerType !== "touch") return;
      event.preventDefault();
      light(code, false);
    });
  });
  for (const [code, row] of rowOf) {
    row.addEventListener("pointerenter", () => light(code, false));
    row.addEventListener("pointerleave", () => light(null, false));
    row.addEventListener("focusin", () => light(code, false));
    row.addEventListener("focusout", () => light(null, false));
  }
}

export function maps(root) {
  for (const figure of root.querySelectorAll("figure.mapped")) link(figure, root);
}
