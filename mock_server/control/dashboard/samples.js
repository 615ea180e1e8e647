// What earlier answers have named: ids and addresses that an operation may be asked for.

import { resolve } from "./schema.js";
import { ask, withQuery } from "./server.js";

const MOST = 5; // answers that are looked into

/** What was named for a parameter of the path, the last first; and the operation that makes one. */
export async function namedBefore(parameter, operation, contract, provider, key) {
  const links = leading(operation, parameter, contract);
  const makers = links.filter(({ maker }) => maker.method !== "GET");
  const { exchanges } = await ask(withQuery("journal", { key, status: "2xx", limit: "200" }));
  const near = contract.operations.filter((each) => each.method === "POST" && each.providers.includes(provider));
  const from = new Set((links.length ? makers.map(({ maker }) => maker) : near).map(({ id }) => id));
  const last = exchanges.filter((each) => from.has(each.operation)).slice(-MOST).reverse();
  const answers = await Promise.all(last.map(({ id }) => ask(`journal/${encodeURIComponent(id)}`)));
  const found = answers.flatMap(({ answer, operation: id }) => (links.length
    ? makers.filter(({ maker }) => maker.id === id).map(({ pointer }) => pointed(answer.body, pointer))
    : [...strings(answer.body)].map((text) => inAddress(text, operation.path, parameter))));
  const values = [...new Set(found.filter((value) => typeof value === "string" && value))];
  return { values, maker: makers[0]?.maker };
}

/** The links that lead to an operation, by way of others that ask for the same, too. */
function leading(operation, parameter, contract, seen = new Set()) {
  seen.add(operation.id);
  const links = contract.operations.flatMap((each) => linksOf(each, operation, parameter, contract));
  const between = links.map(({ maker }) => maker).filter(({ id, method }) => method === "GET" && !seen.has(id));
  return [...links, ...between.flatMap((each) => leading(each, parameter, contract, seen))];
}

/** The links by which the answers to an operation lead to another one (OpenAPI 3.1, Link Object). */
function linksOf(maker, operation, parameter, { document }) {
  const node = resolve(document.paths[maker.path])[maker.method.toLowerCase()];
  const links = Object.values(node.responses ?? {}).flatMap((each) => Object.values(resolve(each).links ?? {}));
  return links.map(resolve).filter((link) => link.operationId === operation.id).flatMap((link) => {
    const [, pointer] = /^\$response\.body#(.*)$/.exec(link.parameters?.[parameter]) ?? [];
    return pointer === undefined ? [] : [{ maker, pointer }];
  });
}

function pointed(value, pointer) {
  return pointer.split("/").slice(1).reduce((node, name) => node?.[name], value);
}

function* strings(value) {
  if (typeof value === "string") yield value;
  else if (value && typeof value === "object") for (const inner of Object.values(value)) yield* strings(inner);
}

/** What an address on this server has in place of a parameter of a path. */
function inAddress(text, path, parameter) {
  if (!URL.canParse(text) || new URL(text).origin !== location.origin) return null;
  const pieces = path.split(/\{([^}]+)\}/);
  const pattern = pieces.map((piece, index) => (index % 2 ? "([^/]+)" : plain(piece)));
  const found = new RegExp(`^${pattern.join("")}$`).exec(new URL(text).pathname);
  const place = pieces.filter((_, index) => index % 2).indexOf(parameter);
  return found && decodeURIComponent(found[place + 1]);
}

function plain(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
