// A call as a curl line; a key of one's own does not stand in it.

const LONGEST = 20_000; // bytes of a file that may stand in the line itself

export function curl({ method, target, headers, type, content, secret }) {
  const hidden = (text) => (secret ? String(text).replaceAll(secret, "YOUR_KEY") : text);
  const verb = method === "HEAD" ? "--head" : `-X ${method}`;
  const parts = [`curl -N ${verb} ${quoted(hidden(location.origin + target))}`];
  for (const [name, value] of headers) parts.push(`-H ${quoted(`${name}: ${hidden(value)}`)}`);
  if (content instanceof File) {
    parts.push(`-H ${quoted(`Content-Type: ${type}`)}`, `--data-binary ${quoted(`@${content.name}`)}`);
  } else if (!Array.isArray(content)) {
    const flag = content?.startsWith("@") ? "--data-raw" : "-d";
    if (content) parts.push(`-H ${quoted(`Content-Type: ${type}`)}`, `${flag} ${quoted(hidden(content))}`);
  } else if (type.startsWith("multipart/")) {
    const fed = content.find(([, value]) => value.made !== undefined && value.size <= LONGEST);
    if (fed) parts[0] = `echo ${btoa(fed[1].made)} | base64 -d | \\\n${parts[0]}`;
    parts.push(...content.map((pair) => part(pair, pair === fed, hidden)));
  } else {
    parts.push(...content.map(([name, value]) => `--data-urlencode ${quoted(`${name}=${hidden(value)}`)}`));
  }
  return parts.join(" \\\n  ");
}

/** A part of a form: curl reads more than text into what begins with @ or < or holds a semicolon. */
function part([name, value], is_fed, hidden) {
  if (!(value instanceof File)) {
    const flag = /^[@<]|;/.test(value) ? "--form-string" : "-F";
    return `${flag} ${quoted(`${name}=${hidden(value)}`)}`;
  }
  const file = `"${value.name.replace(/[\\"]/g, "\\$&")}"`;
  return `-F ${quoted(is_fed ? `${name}=@-;filename=${file}` : `${name}=@${file}`)}`;
}

function quoted(text) {
  return `'${String(text).replaceAll("'", `'\\''`)}'`;
}
