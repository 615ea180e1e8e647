// The page: its views, the exchanges as they come, and the state asked for again and again.

import { at, attempt, complain, setText } from "./elements.js";
import * as clock from "./clock.js";
import * as contract from "./contract.js";
import * as controls from "./controls.js";
import * as exchanges from "./exchanges.js";
import * as faults from "./faults.js";
import * as keys from "./keys.js";
import * as plots from "./plots.js";
import * as scope from "./scope.js";
import { ask, events, hasToken, keepToken, request, withQuery } from "./server.js";
import * as verdict from "./verdict.js";

const EVERY = 1000; // milliseconds
const AGAIN = 2000;
const VIEWS = { traffic: state, controls: controls.show, verdict: verdict.show, contract: contract.show };
let watching = new AbortController();
let is_shut = true; // nothing is asked before the server has let this page in
let is_watching = false;
let is_judged = false; // the verdict that is shown is of all exchanges that were heard of

const chosen = () => {
  const [name] = location.hash.slice(1).split("/");
  return name in VIEWS ? name : "traffic";
};

function turn() {
  if (is_shut) return;
  const view = chosen();
  for (const each of Object.keys(VIEWS)) at(`view-${each}`).hidden = each !== view;
  for (const link of document.querySelectorAll("header nav a")) {
    if (link.hash === `#${view}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (link.hash === `#${view}`) document.title = `${link.textContent} - understudy`;
  }
  is_judged = true;
  VIEWS[view]();
}

/** Follow the exchanges for as long as the server lets this page in. */
async function watch() {
  if (is_watching) return;
  is_watching = true;
  while (!is_shut) await follow();
  is_watching = false;
}

async function follow() {
  watching = new AbortController();
  const { signal } = watching;
  try {
    const response = await request(withQuery("live", { key: scope.key() }), { signal });
    connected("Live");
    for await (const { event, data } of events(response)) heard(event, JSON.parse(data).exchanges);
  } catch (error) {
    if (signal.aborted) return;
    refused(error);
  }
  if (is_shut) return;
  connected("Not connected");
  await pause(signal);
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
  is_judged = false;
  plots.show(exchanges.last());
  state();
}

function connected(word) {
  setText(at("link"), word);
  at("link").className = word === "Live" ? "good" : "error";
}

/** Where the server lets nobody in without its token, ask for that, and ask nothing of the server. */
function refused({ status, message }) {
  if (is_shut || (status !== 401 && status !== 403)) return;
  shut(true);
  connected("Not let in");
  if (status === 403) complain(message);
  else askForToken();
}

function shut(is_so) {
  is_shut = is_so;
  for (const part of document.querySelectorAll("main, .bar, #scope")) part.hidden = is_so;
}

function askForToken() {
  at("admission").hidden = false;
  setText(at("admission-hint"), hasToken() ? "That is not its token." : "");
  at("token").focus();
}

async function state() {
  if (is_shut) return;
  try {
    const told = await ask(withQuery("state", { key: scope.key() }));
    clock.show(told.clock);
    keys.show(told.keys);
    if (chosen() === "controls") await controls.refresh(told);
    if (chosen() === "verdict" && !is_judged) {
      is_judged = true;
      await verdict.refresh();
    }
  } catch (error) {
    refused(error);
  }
}

/** Ask for what does not change, which shows whether this page is let in. */
async function begin() {
  try {
    setText(at("version"), (await ask("health")).version);
    shut(false);
    const { providers, operations } = await contract.read();
    scope.offer(providers);
    faults.offer(operations.map((each) => each.id));
  } catch (error) {
    refused(error);
    if (!is_shut) complain(error.message);
  }
  if (is_shut) return;
  at("admission").hidden = true;
  turn();
  watch();
}

at("admission").addEventListener("submit", (event) => {
  event.preventDefault();
  keepToken(at("token").value);
  at("token").value = "";
  attempt(begin).then(() => is_shut || at("main").focus());
});
scope.onChange(() => {
  watching.abort();
  state();
  turn();
});
clock.onMove(state);
addEventListener("hashchange", () => {
  at("trouble").textContent = "";
  turn();
});
setInterval(() => document.hidden || state(), EVERY);
shut(true);
begin();
