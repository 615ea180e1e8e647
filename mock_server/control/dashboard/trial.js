// Trying an operation: a form filled from the contract's examples, and the answer as it comes.

import { attempt, code, make, pretty } from "./elements.js";
import { answered } from "./answer.js";
import { bodyOf } from "./bodies.js";
import { curl } from "./curl.js";
import { namedBefore } from "./samples.js";
import { merged, resolve } from "./schema.js";
import * as scope from "./scope.js";

let rekey = () => {};

/** The form of an operation, and the place for its answer. */
export function trial({ operation, body, parameters, provider, contract }) {
  const asker = askerOf(operation, provider, contract);
  const places = parameters.filter((each) => ["path", "query", "header"].includes(each.in))
    .map((each) => [each, input(`${each.name} (${each.in})`, sampleOf(each, provider), { required: each.required })]);
  const content = bodyOf(operation, body);
  const outcome = make("div", { class: "outcome" });
  const line = code("", { "aria-label": "curl" });
  const call = () => callOf({ operation, asker, places, content });
  const tell = () => (line.textContent = curl(call()));
  const form = make("form", {
    class: "trial",
    submit: (event) => {
      event.preventDefault();
      attempt(() => answered(call(), outcome));
    },
    input: tell,
  }, asker.parts, places.map(([, label]) => label), content?.part, make("button", {}, "Send"),
  make("details", {}, make("summary", {}, "As a curl line"), line), outcome);
  content?.onFilled(tell);
  rekey = () => {
    asker.take();
    tell();
    suggest(places, operation, contract, provider, asker.key() || scope.key(), tell);
  };
  rekey();
  return [make("h4", {}, "Try it"), form];
}

function input(name, value, facts = {}) {
  return make("label", {}, `${name} `, make("input", { autocomplete: "off", spellcheck: "false", value, ...facts }));
}

const valueOf = (label) => label.querySelector("input").value;

/** Who asks: with the key chosen at the top where the provider may know it, else with the ready one. */
function askerOf(operation, provider, { providers }) {
  const ways = operation.ways.filter((way) => !way.provider || way.provider === provider);
  const { key: ready = "", title } = providers.find((each) => each.name === provider) ?? {};
  const label = input("Key", "", { type: "password" });
  const hint = make("p", { class: "quiet" });
  const fits = (key) => !providers.some((each) => each.key === key && each.name !== provider)
    && (!ways.length || ways.some(({ pattern }) => !pattern || matches(pattern, key)));
  return {
    way: ways[0], ready,
    key: () => (ways.length ? valueOf(label) : ready),
    parts: ways.length ? [label, hint] : [],
    take: () => {
      const chosen = scope.key();
      const is_mine = chosen && fits(chosen);
      label.querySelector("input").value = is_mine ? chosen : ready ?? "";
      hint.textContent = chosen && !is_mine ? `The key chosen at the top is none of ${title ?? "this server"}: `
        + `${ready ? "the ready one stands here" : "put one in"}.` : "";
      hint.hidden = !hint.textContent;
    },
  };
}

function matches(pattern, key) {
  try {
    return new RegExp(pattern).test(key);
  } catch {
    return true; // a pattern of another language than this one's
  }
}

function sampleOf(parameter, provider) {
  const { [provider]: own, ...others } = parameter.examples ?? {};
  const example = resolve(own).value ?? parameter.example ?? resolve(Object.values(others)[0]).value;
  const schema = merged(parameter.schema);
  const found = example ?? schema.default ?? schema.example ?? schema.examples?.[0] ?? schema.enum?.[0]
    ?? (parameter.in === "path" ? schema.minimum ?? 1 : undefined);
  // A documented header such as a range would change what is answered.
  if (found === undefined || (parameter.in !== "path" && !parameter.required)) return "";
  return pretty(found);
}

/** Offer what there is for parameters of the path, or say that it has to be made first. */
function suggest(places, operation, contract, provider, key, tell) {
  const passes = "x-lifetime" in resolve(contract.document.paths[operation.path])[operation.method.toLowerCase()];
  for (const [parameter, label] of places) {
    if (parameter.in !== "path" || parameter.examples?.[provider]) continue;
    namedBefore(parameter.name, operation, contract, provider, key).then(({ values, maker }) => {
      label.querySelector("datalist, .quiet")?.remove();
      const field = label.querySelector("input");
      if (values.length) {
        const id = `known-${parameter.name}`;
        field.setAttribute("list", id);
        field.value = values[0];
        label.append(make("datalist", { id }, values.map((value) => make("option", { value }))));
      } else if (maker || passes) {
        label.append(make("span", { class: "quiet" }, maker
          ? `This key has none yet; ${maker.method} ${maker.path} makes one.`
          : "This key has none yet: one has to be made first."));
      }
      tell();
    }).catch(() => {}); // The contract's example stands there.
  }
}

function callOf({ operation, asker, places, content }) {
  const headers = [];
  const query = new URLSearchParams();
  let path = operation.path;
  for (const [parameter, label] of places) {
    const value = valueOf(label);
    if (parameter.in === "path") path = path.replaceAll(`{${parameter.name}}`, encodeURIComponent(value));
    else if (value && parameter.in === "query") query.append(parameter.name, value);
    else if (value) headers.push([parameter.name, value]);
  }
  const { way, ready } = asker;
  const shown = asker.key();
  if (way && shown) {
    const value = way.prefix ? `${way.prefix.replace(/^./, (c) => c.toUpperCase())} ${shown}` : shown;
    if (way.place === "header") headers.push([way.field, value]);
    if (way.place === "query") query.append(way.field, shown);
  }
  const target = `${path}${query.size ? `?${query}` : ""}`;
  const secret = shown && shown !== ready ? shown : null;
  return { method: operation.method, target, headers, type: content?.type(), content: content?.read(), secret };
}

scope.onChange(() => rekey());
