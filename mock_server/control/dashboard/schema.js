// Schemas as lists of fields: types, ranges, defaults and what they are for.

import { make, prose } from "./elements.js";

let document_ = {};
const MOST = 12; // values of an enumeration that are shown

export function use(document) {
  document_ = document;
}

/** The node that a chain of local references ends at. */
export function resolve(node) {
  for (let step = 0; step < 100 && typeof node?.$ref === "string"; step++) {
    const { $ref, ...beside } = node;
    const found = at($ref);
    node = found && typeof found === "object" ? { ...found, ...beside } : beside;
    if (found?.$ref) node.$ref = found.$ref;
  }
  return node ?? {};
}

function at(reference) {
  const names = reference.replace(/^[^#]*#\/?/, "").split("/").filter(Boolean);
  return names.reduce((node, name) => {
    const key = unescaped(name);
    return node && Object.hasOwn(node, key) ? node[key] : undefined;
  }, document_);
}

function unescaped(name) {
  try {
    return decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return name;
  }
}

/** A schema with what `allOf` adds to it. */
export function merged(schema, depth = 0) {
  const node = resolve(schema);
  if (!Array.isArray(node.allOf) || depth > 8) return node;
  const { allOf, ...own } = node;
  return [own, ...allOf.map((each) => merged(each, depth + 1))].reduce((all, each) => ({
    ...each, ...all,
    required: [...(all.required ?? []), ...(each.required ?? [])],
    properties: { ...(each.properties ?? {}), ...(all.properties ?? {}) },
  }));
}

/** What a schema takes, as a list; what lies deeper is made when it is unfolded. */
export function fields(schema, { bare = false } = {}) {
  const node = merged(schema);
  const branches = node.oneOf ?? node.anyOf;
  const items = [
    ...Object.entries(node.properties ?? {}).map(([name, inner]) =>
      field(name, inner, (node.required ?? []).includes(name))),
    ...(branches ?? []).map((inner, index) => field(`either ${index + 1}`, inner, false)),
    ...(isFolded(node.items) ? [field("each", node.items, false)] : []),
  ];
  if (bare) return items;
  return make("ul", { class: "fields" }, items.length ? items : field("value", schema, false));
}

function isFolded(schema) {
  if (!schema || typeof schema !== "object") return false;
  const node = merged(schema);
  return Boolean(Object.keys(node.properties ?? {}).length || node.oneOf || node.anyOf || isFolded(node.items));
}

function field(name, schema, required) {
  const node = merged(schema);
  const about = [
    make("code", {}, name), " ", make("span", { class: "type" }, typeOf(node)),
    required ? make("span", { class: "tag" }, "required") : null,
    node.deprecated ? make("span", { class: "tag" }, "deprecated") : null,
    " ", make("span", { class: "quiet" }, limits(node)),
  ];
  const inner = isFolded(node) && name !== "value";
  const head = inner ? unfolding(about, node) : make("div", {}, about);
  return make("li", {}, head, prose(node.description));
}

function unfolding(about, node) {
  const details = make("details", {}, make("summary", {}, about));
  details.addEventListener("toggle", () => details.append(fields(node)), { once: true });
  return details;
}

function typeOf(node) {
  if ("const" in node) return JSON.stringify(node.const);
  if (Array.isArray(node.enum)) {
    const shown = node.enum.slice(0, MOST).map((each) => JSON.stringify(each)).join(", ");
    return node.enum.length > MOST ? `one of ${shown}, …` : `one of ${shown}`;
  }
  const types = [node.type ?? []].flat();
  const words = types.map((type) => (type === "array" && node.items
    ? `array of ${typeOf(merged(node.items)) || "anything"}` : type));
  if (!words.length && (node.oneOf ?? node.anyOf)) {
    return [...new Set((node.oneOf ?? node.anyOf).map((each) => typeOf(merged(each))))].filter(Boolean).join(" or ");
  }
  return [words.join(" or "), node.format].filter(Boolean).join(", ");
}

function limits(node) {
  const range = (least, most, unit) => {
    if (least == null && most == null) return null;
    if (most == null) return `at least ${least}${unit}`;
    return least == null ? `at most ${most}${unit}` : `${least} to ${most}${unit}`;
  };
  return [
    range(node.minimum, node.maximum, ""),
    node.exclusiveMinimum != null ? `above ${node.exclusiveMinimum}` : null,
    node.exclusiveMaximum != null ? `below ${node.exclusiveMaximum}` : null,
    range(node.minLength, node.maxLength, " characters"),
    range(node.minItems, node.maxItems, " items"),
    node.multipleOf ? `in steps of ${node.multipleOf}` : null,
    node.pattern ? `pattern ${node.pattern}` : null,
    "default" in node ? `default ${JSON.stringify(node.default)}` : null,
  ].filter(Boolean).join("; ");
}
