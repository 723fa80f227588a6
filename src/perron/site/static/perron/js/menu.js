// The menus of the head close with Escape and with a click beside them.

export function menu(root) {
  for (const details of root.querySelectorAll("details.menu, details.account")) {
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !details.open) return;
      details.open = false;
      details.querySelector("summary").focus();
    });
    root.addEventListener("click", (event) => {
      if (!details.contains(event.target)) details.open = false;
    });
  }
}
