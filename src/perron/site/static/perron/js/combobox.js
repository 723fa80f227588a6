// The search boxes answer while one types: a combobox with a list of links, by kind (ARIA 1.2).
// Without script, or where the network fails, the form goes to the page of results.

const WAIT = 120;
const SHORTEST = 2;

export function combobox(root) {
  for (const form of root.querySelectorAll("form.search[data-quick]")) enhance(form);
}

function enhance(form) {
  const box = form.querySelector("input");
  const list = make("div", { id: `${box.id}-list`, role: "listbox", "aria-label": form.dataset.list, class: "found", hidden: "" });
  const said = make("p", { role: "status", class: "vh" });
  form.append(list, said);
  box.type = "text"; // a search field takes no other role
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) box.setAttribute(name, value);

  let asked = "";
  let timer = 0;
  let going = null;
  let active = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];

  const close = () => {
    clearTimeout(timer);
    going?.abort();
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    choose(-1);
  };
  const choose = (place) => {
    const all = options();
    active = place;
    for (const [i, option] of all.entries()) option.setAttribute("aria-selected", String(i === place));
    if (place < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", all[place].id);
    all[place].scrollIntoView({ block: "nearest" });
  };
  const show = (answer) => {
    list.replaceChildren(...answer.groups.map((group, g) => drawn(group, `${list.id}-${g}`, form.dataset.fiction)));
    said.textContent = answer.said;
    list.hidden = !answer.groups.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    choose(-1);
  };
  const ask = async () => {
    going?.abort();
    going = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.quick}?q=${encodeURIComponent(asked)}`, { signal: going.signal, headers: { accept: "application/json" } });
      if (answer.ok) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") close(); // the form still goes to the page of results
    }
  };

  box.addEventListener("input", () => {
    asked = box.value.trim();
    clearTimeout(timer);
    if (asked.length < SHORTEST) return close();
    timer = setTimeout(ask, WAIT);
  });
  box.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "Escape" && !list.hidden) {
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden && count) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(active < 0 ? (step > 0 ? 0 : count - 1) : (active + step + count) % count);
    } else if (event.key === "ArrowDown" && box.value.trim().length >= SHORTEST) {
      asked = box.value.trim();
      ask();
    } else if (event.key === "Enter" && active >= 0 && !list.hidden) {
      location.assign(options()[active].href);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
}

function drawn(group, id, fiction) {
  const section = make("div", { role: "group", "aria-labelledby": id });
  const label = make("p", { id, class: "kind" }, group.label);
  label.setAttribute("role", "presentation");
  section.append(label);
  for (const [i, one] of group.found.entries()) {
    const option = make("a", { id: `${id}-${i}`, role: "option", href: one.url, tabindex: "-1", "aria-selected": "false" });
    option.append(make("b", {}, one.title));
    if (one.fictional) option.append(" ", make("span", { class: "tag fiction" }, fiction));
    if (one.kind) option.append(make("span", { class: "sub" }, one.kind));
    section.append(option);
  }
  return section;
}

function make(name, attributes, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}
