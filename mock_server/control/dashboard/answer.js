// The answer to a call that was tried: status, headers, and the body as it comes.

import { code, make, pretty } from "./elements.js";
import { bytes, seconds } from "./figures.js";
import { mediaIn, player } from "./media.js";
import { event } from "./server.js";
import { wordsOf } from "./words.js";

const LONGEST = 200_000; // characters that are shown

/** Send a call, and show in `outcome` what comes. */
export async function answered(call, outcome) {
  const status = make("p", { class: "status", role: "status" }, "Sent");
  outcome.replaceChildren(status);
  const fail = (words) => Object.assign(status, { className: "status s0", textContent: words });
  const obstacle = obstacleTo(call);
  if (obstacle) return fail(obstacle);
  const began = performance.now();
  const response = await sent(call);
  if (!response) return fail("No answer came: the server does not answer, or broke the connection off.");
  const words = `${response.status} ${response.statusText}`;
  status.className = `status s${String(response.status)[0]}`;
  status.textContent = words;
  const heads = [...response.headers].map((pair) => pair.join(": ")).join("\n");
  outcome.append(make("details", {}, make("summary", {}, "Headers"), code(heads, { "aria-label": "Headers" })));
  const { size, is_whole } = await shown(response, outcome);
  const [length, took] = [bytes(size), seconds((performance.now() - began) / 1000)];
  // What had come, but was not read yet when the connection broke, browsers throw away.
  if (!is_whole) return fail(`${words}, broken off; ${length} bytes could be read in ${took}`);
  status.textContent = `${words}, ${length} bytes in ${took}`;
}

/** Why a browser cannot send a call that others can. */
function obstacleTo({ method, headers }) {
  if (["TRACE", "TRACK", "CONNECT"].includes(method)) return `Browsers do not send ${method}; the curl line does.`;
  const [name] = headers.find(([, value]) => /[^\t\x20-\xff]/.test(value)) ?? [];
  return name ? `Browsers send no such letters in a header: ${name}. Use Latin ones.` : null;
}

async function sent(call) {
  try {
    return await fetch(call.target, {
      method: call.method, headers: headersOf(call), body: bodyOf(call), cache: "no-store",
    });
  } catch {
    return null;
  }
}

function headersOf({ headers, type, content }) {
  const has_own = content === undefined || content === "" || Array.isArray(content);
  return has_own ? headers : [["Content-Type", type], ...headers];
}

function bodyOf({ method, type, content }) {
  if (method === "GET" || method === "HEAD" || !content) return undefined;
  if (!Array.isArray(content)) return content;
  const form = type.startsWith("multipart/") ? new FormData() : new URLSearchParams();
  for (const [name, value] of content) form.append(name, value);
  return form;
}

/** Show a body: how long it was, and whether it came whole. */
async function shown(response, outcome) {
  const type = (response.headers.get("content-type") ?? "").toLowerCase();
  const read = reading(response);
  if (type.startsWith("text/event-stream")) await streamed(read, outcome);
  else {
    const blob = new Blob(await Array.fromAsync(read.pieces), { type });
    const is_text = !/^(image|audio|video)\//.test(type) && /json|text|xml|subrip|vtt|^$/.test(type);
    if (is_text) await told(await blob.text(), outcome);
    else if (read.is_whole) outcome.append(player(blob));
  }
  return read;
}

/** The pieces of a body as they come: they end where the body does, or where it breaks off. */
function reading(response) {
  const read = { size: 0, is_whole: false };
  read.pieces = (async function* pieces() {
    const reader = response.body?.getReader();
    try {
      for (;;) {
        const { done, value } = await (reader?.read() ?? { done: true });
        if (done) break;
        read.size += value.length;
        yield value;
      }
      read.is_whole = true;
    } catch {
      // How far it came is told.
    }
  })();
  return read;
}

async function told(text, outcome) {
  let value = text;
  try {
    value = JSON.parse(text);
  } catch {
    // It is shown as it is.
  }
  outcome.append(code(pretty(value).slice(0, LONGEST), { "aria-label": "Body" }));
  outcome.append(...await mediaIn(value));
}

async function streamed({ pieces }, outcome) {
  const words = code("", { "aria-label": "Text" });
  const raw = code("", { "aria-label": "Events" });
  outcome.append(make("h5", {}, "Text"), words, make("h5", {}, "Events"), raw);
  const decoder = new TextDecoder();
  let text = "";
  let rest = "";
  for await (const bytes of pieces) {
    const piece = decoder.decode(bytes, { stream: true });
    const blocks = (rest + piece).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    text += wordsOf(blocks.map(event));
    words.textContent = text;
    if (raw.textContent.length < LONGEST) raw.append(piece);
  }
}
