// A network answers to the pointer and the keyboard: a node lights its neighbours, arrows follow the
// links, the wheel with Ctrl and the links of the key enlarge the picture, a drag moves it. The stage
// scrolls by itself, so fingers, wheel and keyboard move it without a line of this.
import { DIRECTIONS, ahead } from "./directions.js";
import { plain } from "./tables.js";

const LARGEST = 6;
// A drag shorter than this is a click.
const STILL = 4;
const NAMED = 6;
// Width of a letter and height of a line of names, in pixels.
const LETTER = 6.6;
const LINE = 14;

function lighting(figure, sheet, points) {
  const nodes = [...points.querySelectorAll("a.node")];
  const place = new Map(nodes.map((node, i) => [node, i]));
  const lines = figure.querySelector(".lines");
  const { width, height } = lines.viewBox.baseVal;
  const at = nodes.map((node) => {
    const circle = node.querySelector("circle");
    return [
      (parseFloat(circle.getAttribute("cx")) * width) / 100,
      (parseFloat(circle.getAttribute("cy")) * height) / 100,
    ];
  });
  const lit = lines.querySelector(".lit");
  const readout = figure.querySelector(".readout");
  const near = (node) => node.dataset.near.split(" ").filter(Boolean).map(Number);
  const name = (node) => node.querySelector("text").textContent;
  let on = null;

  const say = (node, others) => {
    readout.textContent = "";
    if (!node) return;
    const [title, ...rest] = node.querySelector("title").textContent.split(" : ");
    const strong = document.createElement("b");
    strong.textContent = `${title} `;
    readout.append(strong, rest.join(" : "));
    if (!others.length) return;
    // One more is named rather than counted.
    const most = others.length === NAMED + 1 ? NAMED + 1 : NAMED;
    const shown = others.slice(0, most).map((i) => name(nodes[i]));
    const left = others.length - shown.length;
    if (left > 0) shown.push(readout.dataset.more.replace("{n}", left));
    const list = document.createElement("span");
    list.className = "sub";
    list.textContent = shown.join(" · ");
    readout.append(list);
  };

  // Where the name of a node stands, in pixels of the sheet as it is now.
  const box = (node, i, wide, high) => {
    const text = node.querySelector("text");
    const x = (at[i][0] / width) * wide + Number(text.getAttribute("dx") || 0);
    const y = (at[i][1] / height) * high + Number(text.getAttribute("dy"));
    const long = text.textContent.length * LETTER;
    const anchor = text.getAttribute("text-anchor");
    const left = anchor === "start" ? x : anchor === "end" ? x - long : x - long / 2;
    return [left, y - LINE + 3, left + long, y + 3];
  };

  // The node says its name, then its neighbours as long as no name lies on another.
  const nameAround = (node, others) => {
    const { offsetWidth: wide, offsetHeight: high } = sheet;
    const taken = [box(node, place.get(node), wide, high)];
    for (const i of others) {
      const mine = box(nodes[i], i, wide, high);
      const free = mine[0] >= 0 && mine[2] <= wide && taken.every(
        (b) => mine[2] < b[0] || b[2] < mine[0] || mine[3] < b[1] || b[3] < mine[1],
      );
      if (!free) continue;
      taken.push(mine);
      nodes[i].classList.add("called");
    }
  };

  const light = (node) => {
    if (node === on) return;
    for (const old of points.querySelectorAll(".on, .near"))
      old.classList.remove("on", "near", "called");
    on = node;
    sheet.classList.toggle("dim", Boolean(node));
    if (!node) {
      lit.setAttribute("d", "");
      say(null);
      return;
    }
    const others = near(node);
    const [x, y] = at[place.get(node)];
    node.classList.add("on");
    for (const i of others) nodes[i].classList.add("near");
    nameAround(node, others);
    lit.setAttribute("d", others.map((i) => `M${x} ${y}L${at[i][0]} ${at[i][1]}`).join(""));
    say(node, others);
  };
  const centre = (node) => at[place.get(node)];
  return { nodes, near, centre, light, lit: () => on };
}

// Listeners stand on the sheet: an SVG element that listens for focus becomes a stop of the Tab key.
function keyboard(sheet, { nodes, near, centre, light, lit }) {
  if (nodes.length) nodes[0].tabIndex = 0;
  const of = (event) => event.target.closest("a.node");
  sheet.addEventListener("pointerover", (event) => light(of(event)));
  sheet.addEventListener("pointerleave", () => light(sheet.querySelector("a.node:focus")));
  sheet.addEventListener("focusin", (event) => light(of(event)));
  sheet.addEventListener("focusout", () => light(null));
  sheet.addEventListener("keydown", (event) => {
    const node = of(event);
    const direction = DIRECTIONS[event.key];
    if (!node || !direction) return;
    event.preventDefault();
    // Along a link where one goes that way, else to whatever lies there: every group is reached.
    const linked = near(node).map((i) => nodes[i]);
    const next = ahead(node, linked, centre, direction) || ahead(node, nodes, centre, direction);
    if (!next) return;
    node.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  // A first touch shows what the node is; a second one opens it.
  let touched = null;
  sheet.addEventListener("click", (event) => {
    const node = of(event);
    if (!node || event.pointerType !== "touch" || touched === node) return;
    event.preventDefault();
    touched = node;
    if (lit() !== node) light(node);
  });
}

function zooming(figure, stage, sheet) {
  const links = [...figure.querySelectorAll("[data-zoom]")];
  let level = Number(figure.querySelector("[data-zoom][aria-current]")?.dataset.zoom || 1);

  const zoom = (wanted, x, y) => {
    const before = level;
    level = Math.min(LARGEST, Math.max(1, wanted));
    if (level === before) return;
    const left = stage.scrollLeft + x;
    const top = stage.scrollTop + y;
    const wide = sheet.offsetWidth;
    sheet.style.width = `${level * 100}%`;
    const grown = sheet.offsetWidth / wide;
    stage.scrollTo({ left: left * grown - x, top: top * grown - y, behavior: "instant" });
    for (const link of links) {
      if (Number(link.dataset.zoom) === level) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      zoom(Number(link.dataset.zoom), stage.clientWidth / 2, stage.clientHeight / 2);
    });
  }
  stage.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = stage.getBoundingClientRect();
      const factor = Math.exp(-event.deltaY / 300);
      zoom(level * factor, event.clientX - box.left, event.clientY - box.top);
    },
    { passive: false },
  );
}

// A mouse drags the picture; a finger scrolls it natively.
function dragging(stage) {
  let from = null;
  let moved = false;
  stage.addEventListener("dragstart", (event) => event.preventDefault());
  stage.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button) return;
    from = [event.clientX, event.clientY, stage.scrollLeft, stage.scrollTop];
    moved = false;
  });
  stage.addEventListener("pointermove", (event) => {
    if (!from) return;
    const dx = event.clientX - from[0];
    const dy = event.clientY - from[1];
    if (!moved && Math.hypot(dx, dy) < STILL) return;
    if (!moved) stage.setPointerCapture(event.pointerId);
    moved = true;
    stage.scrollTo({ left: from[2] - dx, top: from[3] - dy, behavior: "instant" });
  });
  const stop = () => {
    from = null;
  };
  stage.addEventListener("pointerup", stop);
  stage.addEventListener("pointercancel", stop);
  stage.addEventListener(
    "click",
    (event) => {
      if (!moved) return;
      event.preventDefault();
      event.stopPropagation();
      moved = false;
    },
    true,
  );
}

function finding(input, { nodes }, locale) {
  const said = input.form.querySelector(".found-count");
  const texts = nodes.map((node) => plain(node.querySelector("title").textContent.split(" : ")[0], locale));
  const find = () => {
    const wanted = plain(input.value.trim(), locale);
    const found = nodes.filter((node, i) => {
      const is = wanted.length > 1 && texts[i].includes(wanted);
      node.classList.toggle("found", is);
      return is;
    });
    said.textContent =
      wanted.length < 2
        ? ""
        : found.length
          ? said.dataset.some.replace("{n}", found.length)
          : said.dataset.none;
  };
  input.addEventListener("input", find);
}

for (const figure of document.querySelectorAll("figure.network")) {
  const stage = figure.querySelector(".stage");
  const sheet = figure.querySelector(".sheet");
  const points = figure.querySelector(".points");
  const lights = lighting(figure, sheet, points);
  keyboard(sheet, lights);
  zooming(figure, stage, sheet);
  dragging(stage);
  const input = document.querySelector(`[data-find="${figure.id}"]`);
  if (input) finding(input, lights, document.documentElement.lang || "fr-BE");
}
