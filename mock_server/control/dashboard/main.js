// The page: its views, the exchanges as they come, and the state asked for again and again.

import { at, attempt, setText } from "./elements.js";
import * as clock from "./clock.js";
import * as contract from "./contract.js";
import * as controls from "./controls.js";
import * as exchanges from "./exchanges.js";
import * as keys from "./keys.js";
import * as plots from "./plots.js";
import * as scope from "./scope.js";
import { ask, events, keepToken, request, withQuery } from "./server.js";
import * as verdict from "./verdict.js";

const EVERY = 1000; // milliseconds
const AGAIN = 2000;
const VIEWS = { traffic: state, controls: controls.show, verdict: verdict.show, contract: contract.show };
let watching = new AbortController();

function view() {
  const [name] = location.hash.slice(1).split("/");
  const chosen = name in VIEWS ? name : "traffic";
  for (const each of Object.keys(VIEWS)) at(`view-${each}`).hidden = each !== chosen;
  for (const link of document.querySelectorAll("header nav a")) {
    if (link.hash === `#${chosen}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  return chosen;
}

function turn() {
  VIEWS[view()]();
}

/** Follow the exchanges for as long as the page is open. */
async function watch() {
  for (;;) {
    watching = new AbortController();
    const { signal } = watching;
    try {
      const response = await request(withQuery("live", { key: scope.key() }), { signal });
      connected("Live");
      for await (const { event, data } of events(response)) heard(event, JSON.parse(data).exchanges);
    } catch (error) {
      if (signal.aborted) continue;
      refused(error);
    }
    connected("Not connected");
    await pause(signal);
  }
}

function pause(signal) {
  return new Promise((resolve) => {
    setTimeout(resolve, AGAIN);
    signal.addEventListener("abort", resolve);
  });
}

function heard(event, told) {
  if (event === "snapshot") exchanges.begin(told);
  else exchanges.change(told);
  plots.show(exchanges.last());
  state();
}

function connected(word) {
  setText(at("link"), word);
  at("link").className = word === "Live" ? "good" : "error";
}

function refused(error) {
  if (error.status === 401 || error.status === 403) at("admission").hidden = false;
}

async function state() {
  try {
    const told = await ask(withQuery("state", { key: scope.key() }));
    clock.show(told.clock);
    keys.show(told.keys);
  } catch (error) {
    refused(error);
  }
}

async function begin() {
  await attempt(async () => {
    const { version } = await ask("health");
    setText(at("version"), version);
    scope.offer(await contract.providers());
    at("admission").hidden = true;
  });
}

at("admission").addEventListener("submit", (event) => {
  event.preventDefault();
  keepToken(at("token").value);
  at("token").value = "";
  at("trouble").textContent = "";
  begin().then(() => (watching.abort(), turn()));
});
scope.onChange(() => {
  watching.abort();
  state();
  turn();
});
clock.onMove(state);
addEventListener("hashchange", turn);
setInterval(() => document.hidden || state(), EVERY);
view();
watch();
begin().then(turn);
