// Faults: found in the catalogue, switched on with their options, and off again.

import { at, attempt, make, say, setText, spans } from "./elements.js";
import { key, whose } from "./scope.js";
import { ask, withQuery } from "./server.js";

const MOST = 40;
// What may be said of any fault: how often and to which answers it comes.
const CONDITIONS = {
  rate: { says: "share of the answers", minimum: 0, maximum: 1 },
  nth: { says: "which answers, such as 1, 3" },
  times: { says: "how often at most", minimum: 1 },
  operation: { says: "only of this operation" },
  model: { says: "only of this model; * and ? stand for anything" },
};
let catalogue = [];
let own = [];

export async function show() {
  const { standing, catalogue: known } = await ask(withQuery("faults", { key: key() }));
  catalogue = known;
  own = standing.filter((each) => each.is_for_all === !key());
  list(standing);
  search();
}

function list(standing) {
  const lines = standing.map((each) => make("li", {}, told(each), own.includes(each)
    ? make("button", {
      type: "button", class: "plain", "aria-label": `Switch off ${each.fault}`,
      click: () => put(own.filter((one) => one !== each), `${each.fault} is off`),
    }, "Switch off")
    : make("span", { class: "quiet" }, "for all keys")));
  at("faults-on").replaceChildren(...(lines.length ? lines : [make("li", { class: "empty" }, "None.")]));
}

function told({ fault, is_for_all, fitted, met, ...options }) {
  const words = Object.entries(given(options)).map(([name, value]) => `${name} ${value}`);
  if (fitted != null) words.push(`met ${met} of ${fitted} answers`);
  return make("span", {}, make("code", {}, fault), " ", make("span", { class: "quiet" }, words.join(", ")));
}

function given(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value != null));
}

async function put(faults, outcome) {
  await attempt(async () => {
    await ask("faults", { method: "PUT", body: { faults: faults.map(wish), key: key() } });
    await show();
    say(`${outcome} for ${whose()}.`);
  });
}

/** What is on, as it is asked for: without what the server counts. */
function wish({ fault, is_for_all, fitted, met, ...options }) {
  const asked = given(options);
  return Object.keys(asked).length ? { fault, ...asked } : fault;
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
  const fields = { ...(fault.options ?? {}), ...(fault.options ? CONDITIONS : {}) };
  const form = make("form", {
    submit: (event) => {
      event.preventDefault();
      const asked = asking(fault.fault, new FormData(form), fields);
      put([...own.filter((each) => each.fault !== fault.fault), asked], `${fault.fault} is on`);
    },
  },
  Object.keys(fields).length
    ? make("details", {}, make("summary", {}, "Options"), Object.entries(fields).map(field)) : null,
  make("button", { "aria-label": `Switch on ${fault.fault}` }, "Switch on"));
  const tag = fault.effect ?? (fault.breaks ? `breaks ${fault.breaks}` : null);
  return make("li", {}, make("div", {}, make("code", {}, fault.fault), " ",
    tag ? make("span", { class: "tag" }, tag) : null, make("p", { class: "quiet" }, spans(fault.says))), form);
}

function field([name, facts]) {
  return make("label", {}, make("span", {}, make("code", {}, name), ` ${facts.says}`), make("input", {
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
