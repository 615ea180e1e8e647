// The clock: shown, advanced, stopped and let run.

import { at, attempt, say, setText } from "./elements.js";
import { day, seconds } from "./figures.js";
import { key, whose } from "./scope.js";
import { ask } from "./server.js";

let mode = "real";
let ahead = 0;
let listener = () => {};

export function onMove(moved) {
  listener = moved;
}

export function show(clock) {
  mode = clock.mode;
  setText(at("now"), day(clock.now));
  if (clock.ahead !== undefined) ahead = clock.ahead;
  setText(at("mode"), ahead ? `${mode}, ${seconds(ahead)} ahead` : mode);
  setText(at("switch"), mode === "real" ? "Stop the clock" : "Let the clock run");
}

async function advance(by) {
  await attempt(async () => {
    show(await ask("clock", { method: "POST", body: { advance: by, key: key() } }));
    say(`The clock of ${whose()} was advanced by ${seconds(by)}.`);
    listener();
  });
}

for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", () => advance(Number(button.dataset.advance)));
}
at("clock").addEventListener("submit", (event) => {
  event.preventDefault();
  advance(at("seconds").valueAsNumber);
});
at("switch").addEventListener("click", () => attempt(async () => {
  const wanted = mode === "real" ? "virtual" : "real";
  show(await ask("clock", { method: "POST", body: { mode: wanted } }));
  say(wanted === "real" ? "The clock runs for all keys." : "The clock stands still for all keys.");
  listener();
}));
