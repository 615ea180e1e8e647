// Faults: found in the catalogue, switched on with their options, and off again.

import { at, attempt, foreign, make, renew, say, setText, spans } from "./elements.js";
import { key, whose } from "./scope.js";
import { ask, withQuery } from "./server.js";

const MOST = 40;
// What may be said of any fault: how often and to which answers it comes.
const CONDITIONS = {
  rate: { says: "share of the answers", minimum: 0, maximum: 1 },
  nth: { says: "which answers, such as 1, 3" },
  times: { says: "how often at most", minimum: 1 },
  operation: { says: "only of this operation", choices: [] },
  model: { says: "only of this model; `*` and `?` stand for anything" },
};
let catalogue = [];

/** Have these operations to choose from. */
export function offer(operations) {
  CONDITIONS.operation.choices = operations;
}

export async function show() {
  const told = await ask(withQuery("state", { key: key() }));
  list(told.standing);
  if (catalogue.length) return;
  ({ catalogue } = await ask("faults"));
  search();
}

/** What is on, by whom it meets. */
export function list(standing) {
  renew(at("faults-on"), standing.length ? standing.map(line) : make("li", { class: "empty" }, "None."));
}

function line(each) {
  const off = make("button", {
    type: "button", class: "plain", "aria-label": `Switch off ${each.fault}`,
    click: () => change("DELETE", withQuery("faults", { fault: each.fault, key: key() }), `${each.fault} is off`),
  }, "Switch off");
  return make("li", {}, told(each), whoseElse(each) ?? off);
}

/** For whom it is on, where it is not for those whom the page is about. */
function whoseElse({ is_for_all, key: label }) {
  if (label) return make("span", { class: "quiet" }, "for ", foreign(label), "; choose that key to switch it off");
  return is_for_all && key() ? make("span", { class: "quiet" }, "for all keys") : null;
}

function told({ fault, is_for_all, key: label, fitted, met, ...options }) {
  const given = Object.entries(options).filter(([, value]) => value != null);
  const words = [...given.map(([name, value]) => `${name} ${value}`), `met ${met} of ${fitted} answers`];
  return make("span", {}, make("code", {}, fault), " ", make("span", { class: "quiet" }, foreign(words.join(", "))));
}

async function change(method, path, outcome, body) {
  await attempt(async () => {
    await ask(path, { method, body });
    await show();
    say(`${outcome} for ${whose()}.`);
  });
}

function search() {
  const words = at("fault-words").value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = catalogue.filter((each) => {
    const text = `${each.fault} ${each.breaks ?? ""} ${each.effect ?? ""} ${each.says}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  // Those of the wire first: they are what clients meet most.
  found.sort((a, b) => Boolean(b.effect) - Boolean(a.effect));
  setText(at("fault-count"), found.length > MOST ? `${MOST} of ${found.length}` : `${found.length}`);
  at("faults").replaceChildren(...found.slice(0, MOST).map(entry));
}

function entry(fault) {
  const fields = { ...fault.options, ...CONDITIONS };
  const form = make("form", {
    submit: (event) => {
      event.preventDefault();
      const asked = asking(fault.fault, new FormData(form), fields);
      change("POST", "faults", `${fault.fault} is on`, { faults: [asked], key: key() });
    },
  },
  make("details", {}, make("summary", {}, "Options"), Object.entries(fields).map(field)),
  make("button", { "aria-label": `Switch on ${fault.fault}` }, "Switch on"));
  const tag = fault.effect ?? (fault.breaks ? `breaks ${fault.breaks}` : null);
  return make("li", {}, make("div", {}, make("code", {}, fault.fault), " ",
    tag ? make("span", { class: "tag" }, tag) : null, make("p", { class: "quiet" }, spans(fault.says))), form);
}

function field([name, facts]) {
  const choices = facts.choices && ["", ...facts.choices].map((each) => make("option", { value: each }, each || "any"));
  return make("label", {}, make("span", {}, make("code", {}, name), " ", spans(facts.says)),
    choices ? make("select", { name }, choices) : make("input", {
      name, type: isNumber(facts) ? "number" : "text", step: "any", min: facts.minimum,
      max: facts.maximum, placeholder: facts.default ?? "", autocomplete: "off",
    }));
}

function asking(fault, data, fields) {
  const filled = [...data].filter(([, value]) => value !== "");
  return { fault, ...Object.fromEntries(filled.map(([name, value]) => [name, read(name, value, fields)])) };
}

function read(name, value, fields) {
  if (name === "nth") return value.split(",").map(Number);
  return isNumber(fields[name]) ? Number(value) : value;
}

function isNumber({ minimum, maximum, default: usual }) {
  return minimum != null || maximum != null || typeof usual === "number";
}

at("fault-search").addEventListener("submit", (event) => event.preventDefault());
at("fault-words").addEventListener("input", search);
