// What else can be set of a key, or forgotten; and the scenarios in force.

import { at, attempt, code, make, say } from "./elements.js";
import * as faults from "./faults.js";
import { key, whose } from "./scope.js";
import { ask, askIfThere, withQuery } from "./server.js";

export async function show() {
  at("key-hint").hidden = Boolean(key());
  for (const field of at("key-form").elements) field.disabled = !key();
  at("reset").textContent = key() ? "Reset this key" : "Reset everything";
  await attempt(faults.show);
  await attempt(scenarios);
}

async function scenarios() {
  const told = await askIfThere(withQuery("scenarios", { key: key() }));
  at("scenarios").replaceChildren(...(told ? parts(told)
    : [make("p", { class: "empty" }, "This server tells of no scenarios.")]));
}

function parts({ rules = [], state, error }) {
  const lines = rules.map((rule) => make("li", {}, code(JSON.stringify(rule, null, 1), {
    "aria-label": `Rule ${rule.name ?? ""}`,
  })));
  return [
    error ? make("p", { class: "error" }, typeof error === "string" ? error : JSON.stringify(error)) : null,
    state ? make("p", {}, "State: ", make("code", {}, typeof state === "string" ? state : JSON.stringify(state))) : null,
    rules.length ? make("ol", {}, lines) : make("p", { class: "empty" }, "None: answers are made up."),
  ].filter(Boolean);
}

at("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const wish = {};
  if (at("pace").value.trim()) wish.pace = at("pace").value.trim();
  if (at("rate").value !== "") wish.rate_limit = at("rate").valueAsNumber;
  attempt(async () => {
    const set = await ask(`keys/${encodeURIComponent(key())}`, { method: "PUT", body: wish });
    say(`Set: ${Object.entries(set).map(([name, value]) => `${name} ${value}`).join(", ")}.`);
  });
});

at("reset").addEventListener("click", () => attempt(async () => {
  await ask("reset", { method: "POST", body: { key: key() } });
  await show();
  say(`What was kept of ${whose()} is forgotten.`);
}));
