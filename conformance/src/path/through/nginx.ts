import { outerPort, type Places, type ProxyAdapter, upstreamOf } from "./adapter.ts";

const LISTEN = /\blisten\s+([^;{}]+);/g;
const PASS = /\bproxy_pass\s+https?:\/\/([^/;\s]+)/g;
const MEMBER = /\bserver\s+([\w.-]+(?::\d+)?)((?:\s[^;{}]*)?);/g;

/** nginx: a whole configuration, or what belongs into `http`. */
export const NGINX: ProxyAdapter = {
  software: "nginx",
  programs: ["nginx"],
  isFor: (name, text) => /nginx/i.test(name) || /\bproxy_pass\s+https?:/.test(text),
  prepare(text, places) {
    const plain = withoutComments(text);
    const listens = [...plain.matchAll(LISTEN)].map(([, what = ""]) => portOf(what));
    const own = new Set(listens);
    const names = new Set([...plain.matchAll(/\bupstream\s+([\w.-]+)/g)].map(([, name = ""]) => name));
    const direct = [...plain.matchAll(PASS)].map(([, host = ""]) => host).filter((host) => !names.has(host));
    const members = [...plain.matchAll(MEMBER)].map(([, address = ""]) => address);
    const listened = outerPort(listens, [...direct, ...members]);
    const secure = [...plain.matchAll(LISTEN)].find(
      ([, what = ""]) => portOf(what) === listened && /\bssl\b/.test(what),
    );
    return {
      files: { "nginx.conf": wrap(rewrite(text, own, names, places), places.folder) },
      args: ["-p", places.folder, "-c", "nginx.conf", "-e", "error.log"],
      check: ["-t", "-q", "-p", places.folder, "-c", "nginx.conf", "-e", "error.log"],
      listens: listened,
      isSecure: secure !== undefined,
      path: pathIn(plain, listened),
    };
  },
};

function withoutComments(text: string): string {
  return text.replace(/#[^\n]*/g, "");
}

function portOf(what: string): number {
  return Number(/(?:^|[:\]])(\d+)(?:\s|$)/.exec(what.trim())?.[1] ?? 80);
}

function rewrite(text: string, own: ReadonlySet<number>, names: ReadonlySet<string>, places: Places): string {
  return text
    .replace(LISTEN, (_, what: string) =>
      /^\s*(\[|unix:)/.test(what) ? "" : `listen 127.0.0.1:${places.portFor(portOf(what))}${flagsOf(what)};`,
    )
    .replace(PASS, (whole, host: string) =>
      names.has(host) || host.includes("$") ? whole : `proxy_pass http://${upstreamOf(host, own, places)}`,
    )
    .replace(
      MEMBER,
      (_, address: string, rest: string) => `server ${upstreamOf(address, own, places)}${rest};`,
    )
    .replace(/\bssl_certificate\s+[^;]+;/g, "ssl_certificate cert.pem;")
    .replace(/\bssl_certificate_key\s+[^;]+;/g, "ssl_certificate_key key.pem;")
    .replace(/\b(user|pid|error_log|daemon)\s+[^;{}]+;/g, "")
    .replace(/\baccess_log\s+[^;{}]+;/g, "access_log off;")
    .replace(/\bproxy_cache_path\s+\S+/g, "proxy_cache_path cache");
}

function flagsOf(what: string): string {
  const flags = what.match(/\b(ssl|http2)\b/g) ?? [];
  return flags.map((flag) => ` ${flag}`).join("");
}

/** The path of the location that forwards, in the server that listens on the port. */
function pathIn(text: string, port: number): string {
  const servers = text.split(/\bserver\s*\{/).slice(1);
  const server = servers.find((part) =>
    [...part.matchAll(LISTEN)].some(([, what = ""]) => portOf(what) === port),
  );
  const before = (server ?? text).split(/\bproxy_pass\b/)[0] ?? "";
  const location = [...before.matchAll(/\blocation\s+(?:(?:=|\^~)\s+)?(\/[^\s{]*)\s*\{/g)].at(-1)?.[1];
  return location ?? "/";
}

/** Everything in front is on the first line, so that line numbers stay those of the user's file. */
function wrap(text: string, folder: string): string {
  const main = `daemon off; pid ${folder}/nginx.pid; error_log error.log;`;
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${kind};`)
    .join(" ");
  if (/\bevents\s*\{/.test(text))
    return `${main} ${text.replace(/\bhttp\s*\{/, (open) => `${open} ${temporary}`)}`;
  return `${main} events { worker_connections 512; } http { ${temporary} access_log off; sendfile on; tcp_nopush on; gzip on; ${text}\n}\n`;
}
