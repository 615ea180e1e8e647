// The list of the last exchanges, as they happen.

import { at, make, setText } from "./elements.js";
import { bytes, moment, seconds } from "./figures.js";
import { open } from "./exchange.js";

const MOST = 200;
const rows = new Map();
const filters = ["by-caller", "by-operation", "by-status"].map(at);
let has_more = false; // than are shown
const body = at("exchanges").tBodies[0];

export const last = () => [...rows.values()].map((row) => row.exchange);

export function begin(exchanges) {
  rows.clear();
  body.replaceChildren();
  has_more = exchanges.length >= MOST;
  change(exchanges);
}

export function change(exchanges) {
  for (const exchange of exchanges) {
    const row = rows.get(exchange.id) ?? enter(exchange);
    row.exchange = exchange;
    fill(row);
  }
  while (rows.size > MOST) {
    const [id, row] = rows.entries().next().value;
    const has_focus = row.line.contains(document.activeElement);
    row.line.remove();
    rows.delete(id);
    has_more = true;
    if (has_focus) [...body.querySelectorAll("tr:not([hidden]) button")].at(-1)?.focus();
  }
  summarise();
}

function enter(exchange) {
  const button = make("button", { type: "button", class: "link" });
  const cells = Array.from({ length: 9 }, () => make("td"));
  const line = make("tr", { click: () => open(row.exchange) }, make("td", {}, button), cells);
  const row = { line, button, cells, exchange };
  for (const index of [3, 4, 5]) cells[index].className = "number";
  rows.set(exchange.id, row);
  body.prepend(line);
  offer(at("by-caller"), exchange.caller);
  offer(at("by-operation"), exchange.operation);
  return row;
}

function offer(select, value) {
  if (value && ![...select.options].some((option) => option.value === value)) {
    select.append(make("option", { value }, value));
  }
}

function fill({ line, button, cells, exchange }) {
  const [operation, status, model, sent, tokens, took, faults, scenario, caller] = cells;
  setText(button, moment(exchange.at));
  setText(operation, exchange.operation ?? `${exchange.method} ${exchange.path}`);
  setText(status, standing(exchange));
  status.className = `status ${outcomeOf(exchange)}`;
  setText(model, exchange.model ?? "");
  setText(sent, bytes(exchange.sent));
  setText(tokens, tokensOf(exchange));
  setText(took, exchange.over ? seconds(exchange.took) : "…");
  setText(faults, (exchange.faults ?? []).join(", "));
  setText(scenario, exchange.scenario ?? "");
  setText(caller, exchange.caller ?? "");
  line.classList.toggle("open", !exchange.over);
  line.hidden = !fits(exchange);
}

function standing({ status, over, left, cut }) {
  const word = !over ? "open" : left ? "left" : cut ? "cut" : "";
  return [status || "", word].filter(Boolean).join(" ");
}

function outcomeOf({ status, left, cut }) {
  return left ? "left" : cut ? "cut" : `s${String(status)[0]}`;
}

function tokensOf({ prompt_tokens: prompt, completion_tokens: completion }) {
  return prompt == null ? "" : `${prompt} + ${completion ?? "?"}`;
}

function fits(exchange) {
  const [caller, operation, status] = filters.map((each) => each.value);
  if (caller && exchange.caller !== caller) return false;
  if (operation && exchange.operation !== operation) return false;
  if (status === "open") return !exchange.over;
  return !status || String(exchange.status).startsWith(status);
}

function summarise() {
  const shown = [...rows.values()].filter((row) => !row.line.hidden).length;
  const more = has_more ? "; older ones are in the journal" : "";
  setText(at("count"), rows.size ? `${shown} of the last ${rows.size}${more}` : "");
  at("nothing").hidden = rows.size > 0;
}

at("filters").addEventListener("submit", (event) => event.preventDefault());
for (const filter of filters) {
  filter.addEventListener("change", () => {
    for (const row of rows.values()) row.line.hidden = !fits(row.exchange);
    summarise();
  });
}
