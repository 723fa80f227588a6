// "D'où ?" panels: one open at a time, Escape closes and gives the focus back, a click outside
// closes, and a panel that would leave the window opens to the other side.

const MARGIN = 12;

function place(panel, details) {
  details.classList.remove("left", "right");
  const floats = getComputedStyle(panel).position === "absolute";
  if (!floats) return;
  const box = panel.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  if (box.right > width - MARGIN) details.classList.add("right");
  else if (box.left < MARGIN) details.classList.add("left");
}

export function provenance(root) {
  const all = () => root.querySelectorAll("details.prov[open]");
  const close = (details, focus) => {
    details.open = false;
    if (focus) details.querySelector("summary").focus();
  };

  for (const details of root.querySelectorAll("details.prov")) {
    details.addEventListener("toggle", () => {
      if (!details.open) return;
      for (const other of all()) if (other !== details) close(other, false);
      place(details.querySelector(".panel"), details);
    });
  }
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const details of all()) close(details, details.contains(root.activeElement));
  });
  root.addEventListener("click", (event) => {
    for (const details of all()) if (!details.contains(event.target)) close(details, false);
  });
}
