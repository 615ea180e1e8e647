// Figures as people read them.

export function bytes(count) {
  if (count < 1000) return `${count}`;
  return count < 1e6 ? `${(count / 1000).toFixed(1)} k` : `${(count / 1e6).toFixed(1)} M`;
}

export function seconds(value) {
  if (value == null) return "";
  if (value < 1) return `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms`;
  if (value < 120) return `${value.toFixed(value < 10 ? 2 : 0)} s`;
  return value < 7200 ? `${Math.round(value / 60)} min` : `${Math.round(value / 3600)} h`;
}

export function moment(time) {
  const date = new Date(time * 1000);
  return isNaN(date) ? String(time) : date.toISOString().slice(11, 23);
}

export function day(time) {
  const date = new Date(time * 1000);
  return isNaN(date) ? String(time) : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.length ? sorted[sorted.length >> 1] : 0;
}
