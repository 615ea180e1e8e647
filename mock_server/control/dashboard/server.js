// The server that this page came from, as the page asks it: always the same origin.

const TOKEN = "understudy-control-token";

export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

// The token comes in the fragment, which is sent nowhere, and must not stay in the address bar.
function takeToken() {
  const match = /(?:^#|&)token=([^&]*)/.exec(location.hash);
  if (match) {
    keepToken(decodeURIComponent(match[1]));
    history.replaceState(null, "", location.pathname + location.search);
  }
}

export function keepToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

export function hasToken() {
  return Boolean(sessionStorage.getItem(TOKEN));
}

takeToken();

/** Ask the control API; `path` is relative to it. Gives the Response; raises Refused. */
export async function request(path, { method = "GET", body, signal } = {}) {
  const headers = {};
  const token = sessionStorage.getItem(TOKEN);
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const sent = body === undefined ? undefined : JSON.stringify(body);
  let response;
  try {
    response = await fetch(path, { method, headers, body: sent, signal, cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused("The server does not answer.", 0);
  }
  if (!response.ok) throw new Refused(await reason(response), response.status);
  return response;
}

export async function ask(path, options) {
  return (await request(path, options)).json();
}

/** What an optional part of the server tells, or null where the server has no such part. */
export async function askIfThere(path) {
  try {
    return await ask(path);
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}

/** A path with those of the parameters that have a value. */
export function withQuery(path, parameters) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return query.size ? `${path}?${query}` : path;
}

async function reason(response) {
  const text = await response.text();
  try {
    const { message } = JSON.parse(text).error;
    return String(message);
  } catch {
    return `The server answered ${response.status}. ${text.slice(0, 200)}`;
  }
}

/** The events of a stream: EventSource could not send the token. */
export async function* events(response) {
  let rest = "";
  for await (const text of texts(response)) {
    rest += text;
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop();
    yield* blocks.map(event);
  }
}

/** The body of a response as text, piece by piece as it comes. */
async function* texts(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

export function event(block) {
  const found = { event: "message", data: [] };
  for (const line of block.split(/\r?\n/)) {
    const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === "event") found.event = value;
    if (name === "data") found.data.push(value);
  }
  return { event: found.event, data: found.data.join("\n") };
}
