// Latency and tokens of the last exchanges, drawn; what they show is told in words beside them.

import { at, draw, make } from "./elements.js";
import { median, seconds } from "./figures.js";

const MOST = 60;
const WIDTH = 320;
const HEIGHT = 70;
const STEP = WIDTH / MOST;
let drawn = "";

export function show(exchanges) {
  const over = exchanges.filter((each) => each.over && each.took != null).slice(-MOST);
  const state = over.map((each) => each.id).join();
  if (state === drawn) return;
  drawn = state;
  const nothing = make("p", { class: "empty" }, "No exchange is over yet.");
  at("plots").replaceChildren(...(over.length ? [latency(over), tokens(over)] : [nothing]));
}

function latency(over) {
  const took = over.map((each) => each.took);
  const first = over.map((each) => each.first_byte ?? each.took);
  const most = Math.max(...took, 1e-6);
  const words = `First byte after ${seconds(median(first))}, whole after ${seconds(median(took))} `
    + `in the median; the slowest took ${seconds(most)}.`;
  return figure("Latency", words, [["whole", "b"], ["first byte", "a"]], over.flatMap((_, index) => [
    bar(index, took[index] / most, 0, "b"), bar(index, first[index] / most, 0, "a"),
  ]));
}

function tokens(over) {
  const told = over.map((each) => [each.prompt_tokens ?? 0, each.completion_tokens ?? 0]);
  const most = Math.max(...told.map(([prompt, answer]) => prompt + answer), 1);
  const sum = (index) => told.reduce((total, each) => total + each[index], 0);
  const words = `${sum(0)} tokens of questions and ${sum(1)} of answers in ${over.length} exchanges.`;
  return figure("Tokens", words, [["answers", "a"], ["questions", "b"]],
    told.flatMap(([prompt, answer], index) => [
      bar(index, prompt / most, 0, "b"), bar(index, answer / most, prompt / most, "a"),
    ]));
}

function bar(index, share, from, kind) {
  const height = share ? Math.max(1, share * HEIGHT) : 0;
  return draw("rect", {
    class: kind, x: (index * STEP).toFixed(1), width: (STEP - 1.2).toFixed(1),
    y: (HEIGHT - from * HEIGHT - height).toFixed(1), height: height.toFixed(1),
  });
}

function figure(title, words, legend, bars) {
  const marks = legend.map(([name, kind]) => make("span", { class: `mark ${kind}` }, name));
  const picture = draw("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true",
  }, bars);
  const caption = make("figcaption", {}, make("strong", {}, title), " ", marks, make("br"), words);
  return make("figure", {}, picture, caption);
}
