// The answer to a call that was tried: status, headers, and the body as it comes.

import { code, make, pretty } from "./elements.js";
import { bytes, seconds } from "./figures.js";
import { mediaIn, player } from "./media.js";
import { event, texts } from "./server.js";
import { wordsOf } from "./words.js";

const LONGEST = 200_000; // characters that are shown

/** Send a call, and show in `outcome` what comes. */
export async function answered(call, outcome) {
  const began = performance.now();
  const status = make("p", { class: "status", role: "status" }, "Sent");
  outcome.replaceChildren(status);
  const response = await fetch(call.target, {
    method: call.method, headers: headersOf(call), body: bodyOf(call), cache: "no-store",
  });
  const words = `${response.status} ${response.statusText}`;
  status.className = `status s${String(response.status)[0]}`;
  status.textContent = words;
  const heads = [...response.headers].map((pair) => pair.join(": ")).join("\n");
  outcome.append(make("details", {}, make("summary", {}, "Headers"), code(heads, { "aria-label": "Headers" })));
  const size = await shown(response, outcome);
  status.textContent = `${words}, ${bytes(size)} bytes in ${seconds((performance.now() - began) / 1000)}`;
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

async function shown(response, outcome) {
  const type = (response.headers.get("content-type") ?? "").toLowerCase();
  if (type.startsWith("text/event-stream")) return streamed(response, outcome);
  if (/^(image|audio|video)\//.test(type)) {
    const blob = await response.blob();
    outcome.append(player(blob));
    return blob.size;
  }
  if (!/json|text|xml|subrip|vtt|^$/.test(type)) {
    const blob = await response.blob();
    outcome.append(make("p", {}, `${bytes(blob.size)} bytes of ${type}`));
    return blob.size;
  }
  return told(await response.text(), outcome);
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
  return new TextEncoder().encode(text).length;
}

async function streamed(response, outcome) {
  const words = code("", { "aria-label": "Text" });
  const raw = code("", { "aria-label": "Events" });
  outcome.append(make("h5", {}, "Text"), words, make("h5", {}, "Events"), raw);
  let text = "";
  let rest = "";
  let size = 0;
  for await (const piece of texts(response)) {
    size += new TextEncoder().encode(piece).length;
    const blocks = (rest + piece).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    text += wordsOf(blocks.map(event));
    words.textContent = text;
    if (raw.textContent.length < LONGEST) raw.append(piece);
  }
  return size;
}
