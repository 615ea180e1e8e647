// One exchange, whole: what was asked and what was answered, as it grows.

import { at, attempt, code, facts, foreign, make, pretty, setText } from "./elements.js";
import { bytes, day, seconds } from "./figures.js";
import { askIfThere } from "./server.js";
import { wordsOf } from "./words.js";

const EVERY = 500; // milliseconds
const dialog = at("exchange");
let shown = null;
let seen = "";

export function open(exchange) {
  shown = exchange;
  seen = "";
  at("exchange-body").replaceChildren(make("p", { class: "empty" }, "Looking it up"));
  dialog.showModal();
  follow(exchange.id);
}

async function follow(id) {
  const is_wanted = () => dialog.open && shown.id === id;
  while (is_wanted()) {
    let over = true;
    await attempt(async () => {
      const whole = await askIfThere(`journal/${encodeURIComponent(id)}`);
      if (!is_wanted()) return;
      show({ ...shown, ...whole });
      over = whole === null || whole.finished || whole.left || whole.took != null;
    });
    if (over) return;
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}

function show(exchange) {
  const state = JSON.stringify(exchange);
  if (state === seen) return;
  seen = state;
  at("exchange-title").replaceChildren(foreign(exchange.method), " ", foreign(exchange.path));
  grow(at("exchange-body"), parts(exchange));
}

// Whoever reads or marks a part while another one grows is not thrown out of it.
function grow(holder, wanted) {
  const present = [...holder.children];
  if (present.map((each) => each.tagName).join() !== wanted.map((each) => each.tagName).join()) {
    holder.replaceChildren(...wanted);
    return;
  }
  present.forEach((each, index) => {
    if (each.tagName === "PRE") setText(each, wanted[index].textContent);
    else if (!each.isEqualNode(wanted[index])) each.replaceWith(wanted[index]);
  });
}

function parts(exchange) {
  const { request, answer } = exchange;
  return [
    facts({
      Id: exchange.id, Time: exchange.at && day(exchange.at), Operation: exchange.operation,
      Caller: exchange.caller, Model: exchange.model, Status: String(exchange.status || "open"),
      Error: exchange.error, Bytes: bytes(exchange.sent), "First byte": seconds(exchange.first_byte),
      Took: seconds(exchange.took), Faults: exchange.faults?.join(", "), Scenario: exchange.scenario,
    }),
    request ? [make("h3", {}, "Request"), message(request, "Request")] : null,
    answer ? [make("h3", {}, "Answer"), message(answer, "Answer")] : null,
    request || answer ? null : make("p", { class: "empty" }, "The server tells no more of it."),
  ].flat().filter(Boolean).flat();
}

function message({ headers, body, events, messages, query }, whose) {
  const lines = events ?? messages;
  const whole = lines ? lines.map(line).join("\n") : body == null ? "" : pretty(body);
  const words = events ? wordsOf(events) : "";
  return [
    words ? [make("h4", {}, "Text"), code(words, { "aria-label": "Text" })] : null,
    query ? [make("h4", {}, "Query"), code(query, { "aria-label": `${whose}: query` })] : null,
    whole ? [make("h4", {}, events ? "Events" : messages ? "Messages" : "Body"),
      code(whole, { "aria-label": `${whose}: body` })] : null,
    headers ? [make("h4", {}, "Headers"), code(heads(headers), { "aria-label": `${whose}: headers` })] : null,
  ].flat().filter(Boolean);
}

function line(event) {
  return typeof event === "string" ? event : JSON.stringify(event);
}

function heads(headers) {
  return Object.entries(headers).map((pair) => pair.join(": ")).join("\n");
}

at("close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
