// The keys that called last: their rate windows, streams, jobs and faults, as bars that move.

import { at, foreign, make, setText } from "./elements.js";
import { seconds } from "./figures.js";

const cards = new Map();

export function show(keys) {
  const labels = new Set(keys.map((each) => each.label));
  for (const [label, card] of cards) {
    if (labels.has(label)) continue;
    card.remove();
    cards.delete(label);
  }
  if (!keys.length) {
    at("keys").replaceChildren(make("p", { class: "empty" }, "No key has called yet."));
    return;
  }
  at("keys").querySelector(":scope > .empty")?.remove();
  for (const key of keys) fill(cards.get(key.label) ?? enter(key.label), key);
}

function enter(label) {
  const card = make("section", { class: "key", "aria-label": label }, make("h4", {}, foreign(label)));
  cards.set(label, card);
  at("keys").append(card);
  return card;
}

function fill(card, key) {
  const wanted = [...lines(key)];
  const names = new Set(wanted.map(([name]) => name));
  for (const line of [...card.querySelectorAll("[data-name]")]) {
    if (!names.has(line.dataset.name)) line.remove();
  }
  for (const [name, text, share, kind] of wanted) {
    const line = [...card.querySelectorAll("[data-name]")].find((one) => one.dataset.name === name)
      ?? begin(card, name, share != null, kind);
    setText(line.firstElementChild, text);
    if (share != null) move(line.lastElementChild, share, `${key.label}, ${name}: ${text}`);
  }
}

function begin(card, name, has_bar, kind) {
  const line = make("div", { "data-name": name, class: kind }, make("p", { dir: "auto" }));
  if (has_bar) line.append(make("progress", { max: "1" }));
  card.append(line);
  return line;
}

function move(bar, share, label) {
  if (bar.value !== share || !bar.hasAttribute("value")) bar.value = share;
  bar.setAttribute("aria-label", label);
}

function* lines({ window, now, streams, jobs, faults, ahead, pace }) {
  if (window) {
    const { used, limit, began, reset } = window;
    if (limit == null) yield ["window", `${used} in this window, no limit`];
    else yield ["window", `${used} of ${limit} requests`, Math.min(1, used / limit), used > limit && "over"];
    const left = Math.max(0, reset - now);
    yield ["time", `window ends in ${Math.ceil(left)} s`, (now - began) / (reset - began), "thin"];
  }
  else yield ["idle", "no window"];
  if (streams) yield ["streams", `${streams} open ${streams === 1 ? "answer" : "answers"}`];
  for (const { id, status, share, left } of jobs) {
    const until = left ? `, ${seconds(left)} left` : "";
    yield [id, `${id}: ${status}, ${Math.floor(share * 100)} %${until}`, share, status];
  }
  if (ahead) yield ["ahead", `${seconds(ahead)} ahead of the others`];
  if (pace) yield ["pace", `pace ${pace}`];
  if (faults.length) yield ["faults", `faults: ${faults.join(", ")}`];
}
