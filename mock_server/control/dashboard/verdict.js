// The verdict on the client: what it did wrong, and what it has met.

import { at, attempt, make } from "./elements.js";
import { key } from "./scope.js";
import { askIfThere, withQuery } from "./server.js";
import { open } from "./exchange.js";
import { last } from "./exchanges.js";

export async function show() {
  await attempt(async () => {
    const verdict = await askIfThere(withQuery("verdict", { key: key() }));
    at("judgement").replaceChildren(...(verdict ? parts(verdict)
      : [make("p", { class: "empty" }, "This server gives no verdict.")]));
  });
}

function parts({ clean, findings = [], coverage }) {
  const outcome = clean ? "Nothing to blame." : `${findings.length} to mend.`;
  return [
    make("p", { class: clean ? "good" : "error" }, outcome),
    make("ol", { class: "findings" }, findings.map(finding)),
    coverage ? make("h3", {}, "Coverage") : null,
    coverage ? tree(coverage) : null,
  ].filter(Boolean);
}

function finding({ rule, severity, says, instead, times, exchanges = [] }) {
  return make("li", {},
    make("p", {}, make("strong", {}, rule), " ", severity ? make("span", { class: "tag" }, severity) : null,
      times > 1 ? ` ${times} times` : null),
    make("p", {}, says),
    instead ? make("p", { class: "quiet" }, instead) : null,
    make("p", {}, exchanges.map((id) => [make("button", {
      type: "button", class: "link", click: () => open(known(id)),
    }, id), " "])));
}

function known(id) {
  return last().find((each) => each.id === id) ?? { id, method: "Exchange", path: id, sent: 0 };
}

function tree(value) {
  if (Array.isArray(value) && value.every((each) => typeof each !== "object")) return value.join(", ") || "none";
  if (value === null || typeof value !== "object") return String(value);
  return make("dl", {}, Object.entries(value).map(([name, inner]) => [
    make("dt", {}, name), make("dd", {}, tree(inner)),
  ]));
}

at("judge").addEventListener("click", show);
