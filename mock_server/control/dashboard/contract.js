// The contract: its operations by provider, each readable and ready to be tried.

import { at, attempt, facts, foreign, make, prose, spans } from "./elements.js";
import { fields, resolve, use } from "./schema.js";
import { ask } from "./server.js";
import { trial } from "./trial.js";

let asked = null;
let shown = "";

export function read() {
  asked ??= ask("contract").then((told) => (use(told.document), told)).catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

export async function show() {
  await attempt(async () => {
    const contract = await read();
    if (!at("operations").hasChildNodes()) list(contract);
    const [, provider, id] = location.hash.split("/").map(decodeURIComponent);
    const operation = contract.operations.find((each) => each.id === id) ?? contract.operations[0];
    if (operation) describe(operation, provider ?? operation.providers[0], contract);
  });
}

function list({ document, providers, operations }) {
  const groups = providers.map(({ name, title }) => [
    name, title, operations.filter((each) => each.providers.includes(name)),
  ]);
  const others = operations.filter((each) => !each.providers.length);
  if (others.length) groups.push(["", document.info?.title ?? "Operations", others]);
  at("operations").replaceChildren(...groups.flatMap(([name, title, members]) => [
    make("h3", {}, String(title)),
    make("ul", {}, members.map((each) => make("li", {}, make("a", { href: link(name, each) },
      make("span", { class: "method" }, each.method), " ", foreign(each.path))))),
  ]));
}

function link(provider, { id }) {
  return `#contract/${encodeURIComponent(provider ?? "")}/${encodeURIComponent(id)}`;
}

function describe(operation, provider, contract) {
  const mark = link(provider, operation);
  for (const each of at("operations").querySelectorAll("a")) {
    if (each.getAttribute("href") === mark) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
  if (shown === mark) return;
  shown = mark;
  const item = resolve(contract.document.paths[operation.path]);
  const node = item[operation.method.toLowerCase()];
  const body = resolve(node.requestBody);
  const parameters = parametersOf(item, node);
  at("operation").replaceChildren(...[
    make("h3", {}, make("span", { class: "method" }, operation.method), " ", foreign(operation.path)),
    node.deprecated ? make("p", { class: "tag" }, "deprecated") : null,
    node.summary ? make("p", {}, make("strong", {}, spans(node.summary))) : null,
    prose(node.description),
    trial({ operation, node, body, parameters, provider, contract }),
    parameters.length ? [make("h4", {}, "Parameters"), make("ul", { class: "fields" }, parameters.map(parameter))] : null,
    Object.entries(body?.content ?? {}).map(([type, media]) => [
      make("h4", {}, "Body ", make("code", {}, type), body.required ? " required" : ""),
      fields(media.schema),
    ]),
    make("h4", {}, "Answers"),
    make("ul", { class: "fields" }, Object.entries(node.responses ?? {}).map(answer)),
  ].flat(Infinity).filter(Boolean));
}

/** Those of the operation replace those of its path that have the same name and place. */
function parametersOf(item, node) {
  const known = new Map();
  for (const each of [...(item.parameters ?? []), ...(node.parameters ?? [])].map(resolve)) {
    known.set(`${each.in} ${each.name}`, each);
  }
  return [...known.values()];
}

function parameter(each) {
  const schema = each.schema ?? Object.values(each.content ?? {})[0]?.schema;
  const about = `${each.name} (${each.in})`;
  return fields({ type: "object", required: each.required ? [about] : [], properties: {
    [about]: { allOf: [schema ?? {}], description: each.description },
  } }, { bare: true });
}

function answer([status, reference]) {
  const node = resolve(reference);
  const media = Object.entries(node.content ?? {});
  const inside = make("details", {}, make("summary", {},
    make("code", {}, status), " ", spans(node.description ?? "")),
  facts({ Headers: Object.keys(node.headers ?? {}).join(", ") }));
  inside.addEventListener("toggle", () => inside.append(...media.flatMap(([type, each]) => [
    make("p", {}, make("code", {}, type)), fields(each.schema),
  ])), { once: true });
  return make("li", {}, inside);
}
