// Points of a plot and the rows of its table light each other up. The plot is one stop of the Tab key;
// the arrows then move to the nearest point in their direction, and Enter goes to its row.
import { DIRECTIONS, ahead } from "./directions.js";

function centre(point) {
  const box = point.querySelector("svg.tip").getBoundingClientRect();
  return [box.x, box.y];
}

function link(figure, root) {
  const points = [...figure.querySelectorAll("a.point")];
  const table = root.getElementById(figure.dataset.table);
  const readout = figure.querySelector(".readout");
  const rowOf = new Map(
    [...(table ? table.querySelectorAll("tr[data-code]") : [])].map((r) => [r.dataset.code, r]),
  );
  const pointOf = new Map(points.map((point) => [point.dataset.code, point]));
  let lit = null;

  const light = (code) => {
    if (lit) {
      rowOf.get(lit)?.classList.remove("on");
      pointOf.get(lit)?.classList.remove("on");
    }
    lit = code;
    readout.textContent = "";
    const point = code && pointOf.get(code);
    if (!point) return;
    rowOf.get(code)?.classList.add("on");
    point.classList.add("on");
    const [name, ...rest] = point.getAttribute("aria-label").split(" : ");
    const strong = document.createElement("b");
    strong.textContent = `${name} `;
    readout.append(strong, rest.join(" : "));
  };

  points.forEach((point, i) => {
    const code = point.dataset.code;
    point.tabIndex = i === points.length - 1 ? 0 : -1;
    point.addEventListener("pointerenter", () => light(code));
    point.addEventListener("pointerleave", () => light(null));
    point.addEventListener("focus", () => light(code));
    point.addEventListener("blur", () => light(null));
    point.addEventListener("keydown", (event) => {
      const direction = DIRECTIONS[event.key];
      if (!direction) return;
      event.preventDefault();
      const next = ahead(point, points, centre, direction);
      if (!next) return;
      point.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
    // A finger asks for the figure; only a keyboard or a mouse means to travel to the row.
    point.addEventListener("click", (event) => {
      if (event.pointerType !== "touch") return;
      event.preventDefault();
      light(code);
    });
  });
  for (const [code, row] of rowOf) {
    row.addEventListener("pointerenter", () => light(code));
    row.addEventListener("pointerleave", () => light(null));
  }
}

export function points(root) {
  for (const figure of root.querySelectorAll("figure.pointed")) link(figure, root);
}
