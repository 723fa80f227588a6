// The theme changes at once; the form is sent behind, so that the next page agrees.

const NEXT = { auto: "light", light: "dark", dark: "auto" };

export function theme(root) {
  const buttons = root.querySelectorAll("button.theme");
  for (const button of buttons) {
    button.form.addEventListener("submit", (event) => {
      if (event.submitter !== button) return;
      event.preventDefault();
      const chosen = button.value;
      const data = new FormData(button.form);
      data.set("theme", chosen);
      root.documentElement.dataset.theme = chosen;
      for (const other of buttons) other.value = NEXT[chosen];
      fetch(button.form.action, { method: "POST", body: data, redirect: "manual" });
    });
  }
}
