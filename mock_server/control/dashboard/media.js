// Pictures, sounds and films in an answer.

import { make } from "./elements.js";

const MOST = 10;
const BASE64 = [["iVBOR", "image/png"], ["/9j/", "image/jpeg"], ["UklGR", "image/webp"]];

export function player(blob) {
  const src = URL.createObjectURL(blob);
  if (blob.type.startsWith("image/")) return make("img", { src, alt: "The picture that was answered" });
  if (blob.type.startsWith("audio/")) return make("audio", { src, controls: true });
  return make("video", { src, controls: true });
}

/** What can be seen of the pictures that a value holds, or links to on this server. */
export async function mediaIn(value) {
  const found = [...strings(value)].map(sourceOf).filter(Boolean).slice(0, MOST);
  const blobs = await Promise.all([...new Set(found)].map(load));
  return blobs.filter((blob) => /^(image|audio|video)\//.test(blob?.type)).map(player);
}

function* strings(value) {
  if (typeof value === "string") yield value;
  else if (value && typeof value === "object") for (const inner of Object.values(value)) yield* strings(inner);
}

function sourceOf(text) {
  const [, type] = BASE64.find(([beginning]) => text.startsWith(beginning)) ?? [];
  if (type && text.length > 60) return `data:${type};base64,${text}`;
  if (/^data:(image|audio|video)\//.test(text)) return text;
  // Nothing but this server is ever asked.
  return URL.canParse(text) && new URL(text).origin === location.origin ? text : null;
}

async function load(source) {
  try {
    if (!source.startsWith("data:")) return (await fetch(source)).blob();
    const [head, data] = source.slice(5).split(",", 2);
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    return new Blob([bytes], { type: head.split(";")[0] });
  } catch {
    return null;
  }
}
