// Pictures, sounds and films in an answer.

import { make } from "./elements.js";
import { bytes } from "./figures.js";

const MOST = 10;
const BASE64 = [["iVBOR", "image/png"], ["/9j/", "image/jpeg"], ["UklGR", "image/webp"]];

/** What shows or plays a file, where the browser can; and a link to keep it. */
export function player(blob) {
  const src = URL.createObjectURL(blob);
  const [kind, form = "bin"] = blob.type.split(/[/;]/);
  const link = make("a", { href: src, download: `answer.${form.replace(/^x-|\+.*/g, "")}` }, "Download it");
  const about = `${bytes(blob.size)} bytes of ${blob.type || "no media type"}. `;
  if (kind === "image") return make("div", {}, make("img", { src, alt: "The picture that was answered" }), link);
  if (kind !== "audio" && kind !== "video") return make("p", {}, about, link);
  const element = make(kind, { src, controls: true });
  if (element.canPlayType(blob.type)) return make("div", {}, element, link);
  return make("p", {}, `${about}Browsers do not play that. `, link);
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
    const decoded = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    return new Blob([decoded], { type: head.split(";")[0] });
  } catch {
    return null;
  }
}
