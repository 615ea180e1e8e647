// What a stream says: the words in its events, joined.

/** Events are data lines, or objects with `data`, which may be read already. */
export function wordsOf(events) {
  return events.map(read).map(said).join("");
}

function read(event) {
  const data = event?.data ?? event;
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

function said(value) {
  const delta = value?.choices?.[0]?.delta ?? value?.delta;
  const words = [delta?.reasoning_content, delta?.content, delta?.thinking, delta?.text];
  return words.filter((each) => typeof each === "string").join("");
}
