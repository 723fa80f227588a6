// Ctrl-K (or Command-K) goes to the search box, in the header or in the menu of a phone.

export function search(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    const boxes = [...root.querySelectorAll("form.search input")];
    let box = boxes.find((input) => input.checkVisibility());
    if (!box) {
      const menu = root.querySelector("details.menu");
      menu.open = true;
      box = menu.querySelector("form.search input");
    }
    event.preventDefault();
    box.focus();
    box.select();
  });
}
