// Faults: found in the catalogue, switched on with their options, and off again.

import { at, attempt, make, say, setText } from "./elements.js";
import { key, whose } from "./scope.js";
import { ask, withQuery } from "./server.js";

const MOST = 40;
// What may be said of any fault: how often and to which answers it comes.
const CONDITIONS = {
  rate: { says: "share of the answers", minimum: 0, maximum: 1 },
  nth: { says: "which answers, such as 1, 3" },
  times: { says: "how often at most", minimum: 1 },
  operation: { says: "operation" },
  model: { says: "model, * and ? stand for any" },
};
let catalogue = [];
let on = [];

export async function show() {
  const [all, own] = await Promise.all([ask("faults"), key() ? ask(withQuery("faults", { key: key() })) : null]);
  catalogue = all.catalogue;
  const common = new Set(all.on.map(nameOf));
  on = own ? own.on.filter((each) => !common.has(nameOf(each))) : all.on;
  listOn(own ? all.on : []);
  search();
}

function nameOf(each) {
  return typeof each === "string" ? each : each.fault;
}

function listOn(everybodys) {
  const lines = [
    ...on.map((each) => make("li", {}, told(each), make("button", {
      type: "button", class: "plain", click: () => put(on.filter((one) => one !== each), `${nameOf(each)} is off`),
      "aria-label": `Switch off ${nameOf(each)}`,
    }, "Switch off"))),
    ...everybodys.map((each) => make("li", {}, told(each), make("span", { class: "quiet" }, "for all keys"))),
  ];
  at("faults-on").replaceChildren(...(lines.length ? lines : [make("li", { class: "empty" }, "None.")]));
}

function told(each) {
  if (typeof each === "string") return make("code", {}, each);
  const { fault, ...rest } = each;
  const more = Object.entries(rest).filter(([, value]) => value != null && value !== "");
  const words = more.map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  return make("span", {}, make("code", {}, fault), " ", make("span", { class: "quiet" }, words.join(", ")));
}

async function put(faults, outcome) {
  await attempt(async () => {
    await ask("faults", { method: "PUT", body: { faults: faults.map(wish), key: key() } });
    await show();
    say(`${outcome} for ${whose()}.`);
  });
}

/** What is on, as it is asked for: without what the server counts. */
function wish(each) {
  if (typeof each === "string") return each;
  const { fitted, met, ...asked } = each;
  return asked;
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
      put([...on.filter((each) => nameOf(each) !== fault.fault), asked], `${fault.fault} is on`);
    },
  },
  Object.keys(fields).length
    ? make("details", {}, make("summary", {}, "Options"), Object.entries(fields).map(field)) : null,
  make("button", { "aria-label": `Switch on ${fault.fault}` }, "Switch on"));
  const tag = fault.effect ?? (fault.breaks ? `breaks ${fault.breaks}` : null);
  return make("li", {}, make("div", {}, make("code", {}, fault.fault), " ",
    tag ? make("span", { class: "tag" }, tag) : null, make("p", { class: "quiet" }, fault.says)), form);
}

function field([name, { says, default: usual, minimum, maximum }]) {
  const is_number = minimum != null || maximum != null || typeof usual === "number";
  return make("label", {}, `${name}${says ? `: ${says}` : ""} `, make("input", {
    name, type: is_number ? "number" : "text", step: "any", min: minimum, max: maximum,
    placeholder: usual ?? "", autocomplete: "off",
  }));
}

function asking(fault, data, fields) {
  const given = [...data].filter(([, value]) => value !== "");
  if (!given.length) return fault;
  return { fault, ...Object.fromEntries(given.map(([name, value]) => [name, read(name, value, fields)])) };
}

function read(name, value, fields) {
  if (name === "nth") return value.split(",").map(Number);
  const { minimum, maximum, default: usual } = fields[name];
  const is_number = minimum != null || maximum != null || typeof usual === "number";
  return is_number ? Number(value) : value;
}

at("fault-search").addEventListener("submit", (event) => event.preventDefault());
at("fault-words").addEventListener("input", search);
