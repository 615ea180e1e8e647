// A call as a curl line; a key of one's own does not stand in it.

export function curl({ method, target, headers, type, content, secret }) {
  const quoted = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;
  const hidden = (text) => (secret ? text.replaceAll(secret, "YOUR_KEY") : text);
  const parts = [`curl -N -X ${method} ${quoted(hidden(location.origin + target))}`];
  for (const [name, value] of headers) parts.push(`-H ${quoted(`${name}: ${hidden(value)}`)}`);
  if (Array.isArray(content)) {
    const flag = type.startsWith("multipart/") ? "-F" : "--data-urlencode";
    for (const [name, value] of content) {
      parts.push(`${flag} ${quoted(value instanceof File ? `${name}=@${value.name}` : `${name}=${value}`)}`);
    }
  } else if (content) {
    parts.push(`-H ${quoted(`Content-Type: ${type}`)}`, `-d ${quoted(content)}`);
  }
  return parts.join(" \\\n  ");
}
