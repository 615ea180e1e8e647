// Trying an operation: a form filled from the contract's examples, and the answer as it comes.

import { attempt, code, make, pretty } from "./elements.js";
import { answered } from "./answer.js";
import { curl } from "./curl.js";
import { merged, resolve } from "./schema.js";

/** The form of an operation, and the place for its answer. */
export function trial({ operation, body, parameters, provider, contract }) {
  const ways = operation.ways.filter((way) => !way.provider || way.provider === provider);
  const ready = contract.providers.find((each) => each.name === provider)?.key ?? "";
  const [type, media] = Object.entries(body?.content ?? {})[0] ?? [];
  const key = ways.length ? input("Key", ready, { type: "password" }) : null;
  const places = parameters.filter((each) => ["path", "query", "header"].includes(each.in))
    .map((each) => [each, input(`${each.name} (${each.in})`, sampleOf(each), { required: each.required })]);
  const content = type ? contentOf(type, media) : null;
  const outcome = make("div", { class: "outcome" });
  const line = code("", { "aria-label": "curl" });
  const call = () => callOf({ operation, way: ways[0], key, ready, places, content });
  const form = make("form", {
    class: "trial",
    submit: (event) => {
      event.preventDefault();
      attempt(() => answered(call(), outcome));
    },
    input: () => (line.textContent = curl(call())),
  }, key, places.map(([, label]) => label), content?.parts, make("button", {}, "Send"),
  make("details", {}, make("summary", {}, "As a curl line"), line), outcome);
  content?.onExample(() => (line.textContent = curl(call())));
  line.textContent = curl(call());
  return [make("h4", {}, "Try it"), form];
}

function input(name, value, facts = {}) {
  return make("label", {}, `${name} `, make("input", { autocomplete: "off", spellcheck: "false", value, ...facts }));
}

const valueOf = (label) => label.querySelector("input, textarea").value;

function sampleOf(parameter) {
  const example = parameter.example ?? resolve(Object.values(parameter.examples ?? {})[0]).value;
  const found = example ?? merged(parameter.schema).default;
  // A documented header such as a range would change what is answered.
  if (found === undefined || (parameter.in !== "path" && !parameter.required)) return "";
  return pretty(found);
}

function contentOf(type, media) {
  const examples = Object.entries(media.examples ?? {}).map(([name, each]) => [name, resolve(each)]);
  if (media.example !== undefined) examples.unshift(["example", { value: media.example }]);
  const known = examples.length ? examples : [["empty", { value: {} }]];
  const select = make("select", {}, known.map(([name, each], index) =>
    make("option", { value: index }, each.summary ? `${name}: ${each.summary}` : name)));
  const made = type.startsWith("multipart/") || type.includes("urlencoded") ? formFields : textField;
  const holder = made(type, media);
  let listener = () => {};
  const choose = () => holder.fill(known[select.value].at(1).value);
  select.addEventListener("change", () => (choose(), listener()));
  choose();
  return {
    type, read: holder.read, onExample: (told) => (listener = told),
    parts: [make("label", {}, "Example ", select), holder.part],
  };
}

function textField() {
  const area = make("textarea", { rows: "10", spellcheck: "false" });
  return {
    part: make("label", {}, "Body ", area),
    fill: (value) => (area.value = pretty(value)),
    read: () => area.value,
  };
}

/** A field for each member of a form; what is binary is a file, or the example's own bytes. */
function formFields(type, media) {
  const part = make("div", { class: "formfields" });
  let example = {};
  const properties = Object.entries(merged(media.schema).properties ?? {}).map(([name, each]) => [name, merged(each)]);
  return {
    part,
    fill: (value) => {
      example = value ?? {};
      part.replaceChildren(...properties.map(([name, schema]) => (isBinary(schema)
        ? make("label", {}, `${name} (a file; without one, the example's) `, make("input", { name, type: "file" }))
        : input(name, example[name] === undefined ? "" : pretty(example[name]), { name }))));
    },
    read: () => properties.flatMap(([name, schema]) => {
      const field = part.querySelector(`[name="${CSS.escape(name)}"]`);
      if (isBinary(schema)) return fileOf(name, field, example[name]);
      return field.value === "" ? [] : values(field.value, schema).map((value) => [name, value]);
    }),
  };
}

function isBinary(schema) {
  return schema.format === "binary" || Boolean(schema.contentMediaType && !schema.contentEncoding);
}

function fileOf(name, field, example) {
  if (field.files.length) return [...field.files].map((file) => [name, file]);
  if (typeof example !== "string") return [];
  return [[name, new File([Uint8Array.from(example, (letter) => letter.charCodeAt(0))], "example")]];
}

function values(text, schema) {
  if (schema.type !== "array") return [text];
  try {
    return JSON.parse(text).map(pretty);
  } catch {
    return text.split(",").map((each) => each.trim());
  }
}

function callOf({ operation, way, key, ready, places, content }) {
  const headers = [];
  const query = new URLSearchParams();
  let path = operation.path;
  for (const [parameter, label] of places) {
    const value = valueOf(label);
    if (parameter.in === "path") path = path.replaceAll(`{${parameter.name}}`, encodeURIComponent(value));
    else if (value && parameter.in === "query") query.append(parameter.name, value);
    else if (value) headers.push([parameter.name, value]);
  }
  const shown = key ? valueOf(key) : "";
  if (way && shown) {
    const value = way.prefix ? `${way.prefix.replace(/^./, (c) => c.toUpperCase())} ${shown}` : shown;
    if (way.place === "header") headers.push([way.field, value]);
    if (way.place === "query") query.append(way.field, shown);
  }
  const target = `${path}${query.size ? `?${query}` : ""}`;
  const secret = shown && shown !== ready ? shown : null;
  return { method: operation.method, target, headers, type: content?.type, content: content?.read(), secret };
}
