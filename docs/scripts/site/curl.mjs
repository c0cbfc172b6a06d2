/**
 * The curl command that sends the request of an exchange.
 * @param {string} exchange request, empty line, answer; as the chapters show it
 * @returns {string}
 */
export function curlOf(exchange) {
  const [request = ""] = exchange.split(/\n(?=HTTP\/1\.1 )/);
  const [head = "", body = ""] = request.trim().split("\n\n");
  const [line = "", ...fields] = head.split("\n");
  const [method = "", target = ""] = line.split(" ");
  const host = fields
    .find((field) => field.startsWith("Host:"))
    ?.slice("Host:".length)
    .trim();
  const options = [
    method === "GET" ? [] : method === "HEAD" ? ["-I"] : [`-X ${method}`],
    fields.filter((field) => !field.startsWith("Host:")).map((field) => `-H ${quoted(field)}`),
    body === "" ? [] : [`-d ${quoted(body)}`],
  ];
  return ["curl -i -N", ...options.flat(), quoted(`http://${host}${target}`)].join(" ");
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
