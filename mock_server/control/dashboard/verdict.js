// The verdict on the client: what it did wrong, and what it has met.

import { at, attempt, facts, foreign, make, renew, spans } from "./elements.js";
import { key } from "./scope.js";
import { askIfThere, withQuery } from "./server.js";
import { open } from "./exchange.js";
import { last } from "./exchanges.js";

export async function show() {
  await attempt(refresh);
}

export async function refresh() {
  const verdict = await askIfThere(withQuery("verdict", { key: key() }));
  renew(at("judgement"), verdict ? parts(verdict)
    : make("p", { class: "empty" }, "This server gives no verdict."));
}

function parts({ clean, findings, coverage }) {
  const wrong = findings.filter((each) => each.severity === "wrong").length;
  const risky = findings.length - wrong;
  const outcome = `${wrong || "Nothing"} to mend${risky ? `, ${risky} at risk` : ""}.`;
  return [
    make("p", { class: clean ? "good" : "error" }, outcome),
    make("ol", { class: "findings" }, sorted(findings).map(finding)),
    make("h3", {}, "Coverage"),
    table(coverage.operations ?? {}),
    facts({
      "Faults met": Object.entries(coverage.faults?.met ?? {}).map(([name, effect]) =>
        (effect ? `${name} (${effect})` : name)).join(", ") || "none",
      "Never met": coverage.faults?.missing_effects?.join(", "),
    }),
  ];
}

function sorted(findings) {
  return findings.toSorted((a, b) => (b.severity === "wrong") - (a.severity === "wrong"));
}

function table(operations) {
  const heads = ["Operation", "Exchanges", "Statuses met", "Never met", "Undocumented", "Streamed"];
  return make("div", { class: "scroll", role: "region", "aria-label": "Coverage", tabindex: "0" },
    make("table", {}, make("thead", {}, make("tr", {}, heads.map((each) => make("th", { scope: "col" }, each)))),
      make("tbody", {}, Object.entries(operations).map(([name, each]) => line(name, each)))));
}

function line(name, { exchanges, statuses, streams }) {
  const { met = {}, missing = [], undocumented = [] } = statuses ?? {};
  const times = Object.entries(met).map(([status, count]) => (count > 1 ? `${status} ×${count}` : status));
  const streamed = streams ? `${streams.streamed} of ${streams.streamed + streams.whole}` : "";
  const cells = [exchanges, times.join(", "), missing.join(", "), undocumented.join(", "), streamed];
  return make("tr", {}, make("th", { scope: "row" }, foreign(name)), cells.map((each) => make("td", {}, each)));
}

function finding({ rule, severity, says, instead, times, exchanges = [] }) {
  return make("li", {},
    make("p", {}, make("strong", {}, rule), " ", severity ? make("span", { class: "tag" }, severity) : null,
      times > 1 ? ` ${times} times` : null),
    make("p", {}, says),
    instead ? make("p", { class: "quiet" }, spans(instead)) : null,
    make("p", {}, exchanges.map((id) => [make("button", {
      type: "button", class: "link", click: () => open(known(id)),
    }, id), " "])));
}

function known(id) {
  return last().find((each) => each.id === id) ?? { id, method: "Exchange", path: id, sent: 0 };
}

at("judge").addEventListener("click", show);
