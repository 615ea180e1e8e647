// The body of a call that is tried: its media type, its examples, and fields to change it in.

import { make, pretty } from "./elements.js";
import { merged, resolve } from "./schema.js";
import { ask, withQuery } from "./server.js";

/** Fields for the body of an operation; JSON where several media types are taken. */
export function bodyOf(operation, body) {
  const types = Object.keys(body?.content ?? {}).sort((a, b) => /[/+]json\b/.test(b) - /[/+]json\b/.test(a));
  if (!types.length) return null;
  const part = make("div", { class: "formfields" });
  const select = make("select", { change: () => choose() }, types.map((type) => make("option", {}, type)));
  let listener = () => {};
  let content;
  const choose = () => {
    const type = select.value;
    content = contentOf(operation, type, body.content[type], () => listener());
    part.replaceChildren(...(types.length > 1 ? [make("label", {}, "Media type ", select)] : []), ...content.parts);
    listener();
  };
  choose();
  return {
    part, type: () => select.value.replace(/^.*\*.*$/, "application/json"),
    read: () => content.read(), onFilled: (told) => (listener = told),
  };
}

function contentOf(operation, type, media, filled) {
  const known = Object.entries(media.examples ?? {}).map(([name, each]) => [name, resolve(each)]);
  if (media.example !== undefined) known.unshift(["example", { value: media.example }]);
  const made = type.startsWith("multipart/") || type.includes("urlencoded") ? formFields : textField;
  if (isFile(type, media)) return fileField();
  const holder = made(type, media);
  if (!known.length) return { read: holder.read, parts: [makeUp(operation, type, holder, filled), holder.part] };
  const select = make("select", {}, known.map(([name, each], index) =>
    make("option", { value: index }, each.summary ? `${name}: ${each.summary}` : name)));
  const choose = () => holder.fill(known[select.value][1].value);
  select.addEventListener("change", () => (choose(), filled()));
  choose();
  return { read: holder.read, parts: [make("label", {}, "Example ", select), holder.part] };
}

function isFile(type, media) {
  return /^(image|audio|video)\/|octet-stream/.test(type) || isBinary(merged(media.schema));
}

function fileField() {
  const field = make("input", { type: "file" });
  return { read: () => field.files[0], parts: [make("label", {}, "Body, a file ", field)] };
}

/** Where the contract has no example, the server makes one up that the schema takes. */
function makeUp(operation, type, holder, filled) {
  const hint = make("p", { class: "quiet", role: "status" }, "The contract has no example: one is being made up.");
  holder.fill(undefined);
  ask(withQuery("contract/body", { operation: operation.id, type })).then(({ value }) => {
    holder.fill(value);
    hint.textContent = "The contract has no example: this was made up.";
    filled();
  }).catch((error) => (hint.textContent = error.message));
  return hint;
}

function textField() {
  const area = make("textarea", { rows: "10", spellcheck: "false" });
  return {
    part: make("label", {}, "Body ", area),
    fill: (value) => (area.value = value === undefined ? "" : pretty(value)),
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
        : make("label", {}, `${name} `, make("input", {
          name, autocomplete: "off", spellcheck: "false",
          value: example[name] === undefined ? "" : pretty(example[name]),
        })))));
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
  const is_bytes = /^[\0-\xff]*$/.test(example);
  const bytes = is_bytes ? Uint8Array.from(example, (letter) => letter.charCodeAt(0)) : new TextEncoder().encode(example);
  const file = new File([bytes], "example");
  return [[name, Object.assign(file, { made: String.fromCharCode(...bytes) })]];
}

function values(text, schema) {
  if (schema.type !== "array") return [text];
  try {
    return JSON.parse(text).map(pretty);
  } catch {
    return text.split(",").map((each) => each.trim());
  }
}
