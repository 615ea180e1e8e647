// Elements of the page. Texts become text nodes, whatever is in them: nothing is ever parsed.

const SVG = "http://www.w3.org/2000/svg";

export const at = (id) => document.getElementById(id);

export function make(tag, facts = {}, ...children) {
  return filled(document.createElement(tag), facts, children);
}

export function draw(tag, facts = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), facts, children);
}

function filled(element, facts, children) {
  for (const [name, value] of Object.entries(facts)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((each) => each != null && each !== false));
  return element;
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Text from elsewhere within a line: whichever way it is written, it turns nothing else round. */
export function foreign(text) {
  return make("bdi", {}, text);
}

/** Put these parts in a place; whoever was on one of its controls is on the same one after it. */
export function renew(place, ...parts) {
  const fresh = make("div", {}, parts);
  const same = fresh.childNodes.length === place.childNodes.length
    && [...fresh.childNodes].every((each, index) => each.isEqualNode(place.childNodes[index]));
  if (same) return;
  const focus = focusable(place).indexOf(document.activeElement);
  place.replaceChildren(...fresh.childNodes);
  if (focus < 0) return;
  place.tabIndex = -1;
  (focusable(place)[focus] ?? focusable(place).at(-1) ?? place).focus();
}

function focusable(place) {
  return [...place.querySelectorAll("a, button, input, select, summary, [tabindex]")];
}

/** Terms and what they mean; those without a meaning are left out. */
export function facts(pairs) {
  const told = Object.entries(pairs).filter(([, value]) => value != null && value !== "");
  return make("dl", {}, told.map(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

/** Text with its `code` set as code, its blank lines as paragraphs. */
export function prose(text) {
  const paragraphs = String(text ?? "").trim().split(/\n\s*\n/).filter(Boolean);
  return paragraphs.map((paragraph) => make("p", {}, ...spans(paragraph)));
}

export function spans(text) {
  const parts = String(text).replace(/\s+/g, " ").split("`");
  return parts.map((part, index) => (index % 2 ? make("code", {}, part) : part));
}

export function code(text, facts = {}) {
  return make("pre", { tabindex: "0", role: "region", ...facts }, text);
}

export function pretty(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

let saidAt = 0;

/** Tell the outcome of what somebody has done. */
export function say(text) {
  const mine = ++saidAt;
  at("trouble").textContent = "";
  at("said").textContent = text;
  setTimeout(() => mine === saidAt && (at("said").textContent = ""), 6000);
}

export function complain(text) {
  at("said").textContent = "";
  at("trouble").textContent = text;
}

/** Do what somebody asked for; where it cannot be done, say why. */
export async function attempt(deed) {
  at("trouble").textContent = "";
  try {
    await deed();
    return true;
  } catch (error) {
    if (error.name !== "AbortError") complain(error.message);
    return false;
  }
}
