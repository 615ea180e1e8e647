// What else can be set of a key, or forgotten; and the scenarios in force.

import { at, attempt, code, make, pretty, renew, say } from "./elements.js";
import * as faults from "./faults.js";
import { key, whose } from "./scope.js";
import { ask, askIfThere, withQuery } from "./server.js";

const SCOPES = { key: "for this key", all: "for all keys", file: "of the file" };

export async function show() {
  at("key-hint").hidden = Boolean(key());
  for (const field of at("key-form").elements) field.disabled = !key();
  at("reset").textContent = key() ? "Reset this key" : "Reset everything";
  await attempt(async () => {
    await faults.show();
    await scenarios();
  });
}

/** Show what has changed meanwhile, as the state tells it. */
export async function refresh({ standing }) {
  faults.list(standing);
  await scenarios();
}

async function scenarios() {
  const told = await askIfThere(withQuery("scenarios", { key: key() }));
  renew(at("scenarios"), told ? parts(told)
    : make("p", { class: "empty" }, "This server tells of no scenarios."));
}

function parts({ rules, state, error }) {
  return [
    error ? make("p", { class: "error" }, error) : null,
    state ? make("p", {}, "State ", make("code", {}, state)) : null,
    rules.length ? make("ol", {}, rules.map(line)) : make("p", { class: "empty" }, "None: answers are made up."),
  ].filter(Boolean);
}

function line({ rule, for: scope, used, ...more }) {
  return make("li", {}, make("code", {}, rule), make("span", { class: "tag" }, SCOPES[scope] ?? scope),
    ` used ${used} times`, code(pretty(more), { "aria-label": `Rule ${rule}` }));
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
  if (!key() && !confirm("Forget the windows, jobs, journal, faults and advances of all keys?")) return;
  await ask("reset", { method: "POST", body: { key: key() } });
  await show();
  say(`What was kept of ${whose()} is forgotten.`);
}));
