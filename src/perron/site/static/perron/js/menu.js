// The menu of a narrow window closes with Escape and with a click beside it.

export function menu(root) {
  const details = root.querySelector("details.menu");
  if (!details) return;
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
  root.addEventListener("click", (event) => {
    if (!details.contains(event.target)) details.open = false;
  });
}
