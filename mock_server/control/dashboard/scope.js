// Whose state is shown and set: everybody's, or that of one key, which is kept in the page alone.

import { at, make } from "./elements.js";

const ANOTHER = "another";
const listeners = [];

/** The key that is meant; undefined stands for all. */
export function key() {
  const choice = at("scope-choice").value;
  return (choice === ANOTHER ? at("scope-key").value.trim() : choice) || undefined;
}

export function whose() {
  return key() ? "this key" : "all keys";
}

export function onChange(listener) {
  listeners.push(listener);
}

export function offer(providers) {
  const ready = providers.filter((each) => each.key);
  at("scope-choice").replaceChildren(
    make("option", { value: "" }, "all keys"),
    ...ready.map((each) => make("option", { value: each.key }, `${each.title}: ${each.key}`)),
    make("option", { value: ANOTHER }, "another key"),
  );
}

function changed() {
  for (const listener of listeners) listener();
}

offer([]);
at("scope").addEventListener("submit", (event) => event.preventDefault());
at("scope-key").addEventListener("change", changed);
at("scope-choice").addEventListener("change", () => {
  at("scope-key").hidden = at("scope-choice").value !== ANOTHER;
  changed();
});
