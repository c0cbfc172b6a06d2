import { outerPort, type ProxyAdapter, upstreamOf } from "./adapter.ts";

/** The modules that Debian enables, and those that a reverse proxy needs. */
const MODULES = [
  ...[
    "mpm_event",
    "authn_core",
    "authz_core",
    "authz_host",
    "alias",
    "dir",
    "env",
    "mime",
    "filter",
    "deflate",
  ],
  ...[
    "setenvif",
    "reqtimeout",
    "headers",
    "rewrite",
    "proxy",
    "proxy_http",
    "cache",
    "cache_disk",
    "ssl",
    "http2",
  ],
  ...["socache_shmcb", "lbmethod_byrequests", "slotmem_shm", "proxy_balancer"],
];

/** What Debian's deflate.conf compresses. */
const DEFLATE =
  "AddOutputFilterByType DEFLATE text/html text/plain text/xml text/css text/javascript application/javascript application/json application/xml";

const TARGET = /^(\s*(?:ProxyPass\w*|BalancerMember|RewriteRule)\s.*?https?:\/\/)([\w.-]+(?::\d+)?)(.*)$/gim;
const LISTEN = /^(\s*Listen\s+)(?:\S+:)?(\d+)(.*)$/gim;
const HOST = /^(\s*<VirtualHost\s+)\S*?:(\d+)(\s*>.*)$/gim;

/** Apache httpd: what belongs into the main file or `sites-enabled`. */
export const APACHE: ProxyAdapter = {
  software: "apache",
  programs: ["apache2", "httpd"],
  isFor: (name, text) => /apache|httpd/i.test(name) || /^\s*ProxyPass\s/im.test(text),
  prepare(text, places) {
    const listened = [...text.matchAll(LISTEN)].map(([, , port]) => Number(port));
    const hosts = [...text.matchAll(HOST)].map(([, , port]) => Number(port));
    const all = [...new Set([...listened, ...hosts])];
    const ports = all.length > 0 ? all : [80];
    const own = new Set(ports);
    const targets = [...text.matchAll(TARGET)].map(([, , address = ""]) => address);
    const rewritten = text
      .replace(LISTEN, "")
      .replace(
        HOST,
        (_, start: string, port: string, rest: string) =>
          `${start}127.0.0.1:${places.portFor(Number(port))}${rest}`,
      )
      .replace(
        TARGET,
        (_, start: string, address: string, rest: string) =>
          `${start.replace(/https:\/\/$/, "http://")}${upstreamOf(address, own, places)}${rest}`,
      )
      .replace(/^\s*(LoadModule|ErrorLog|CustomLog|User|Group|PidFile|ServerRoot|Include\w*)\s.*$/gim, "");
    return {
      files: { "main.conf": mainOf(places.folder, ports.map(places.portFor)), "site.conf": rewritten },
      args: ["-DFOREGROUND", "-f", `${places.folder}/main.conf`],
      check: ["-t", "-f", `${places.folder}/main.conf`],
      listens: outerPort(ports, targets),
      isSecure: false,
      path: /^\s*ProxyPass\s+"?(\/[^\s"]*)/im.exec(text)?.[1] ?? "/",
    };
  },
};

function mainOf(folder: string, ports: readonly number[]): string {
  return [
    `ServerRoot ${folder}`,
    "ServerName path.example",
    ...MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
    ...ports.map((port) => `Listen 127.0.0.1:${port}`),
    `PidFile ${folder}/apache.pid`,
    `Mutex file:${folder} default`,
    `ErrorLog ${folder}/error.log`,
    "User www-data",
    "Group www-data",
    `DefaultRuntimeDir ${folder}`,
    `CacheRoot ${folder}/cache`,
    "TypesConfig /dev/null",
    DEFLATE,
    "Include site.conf",
    "",
  ].join("\n");
}

const LIGHT_PORT = /^(\s*server\.port\s*=\s*)(\d+)/gm;
const LIGHT_HOST = /("host"\s*=>\s*)"[^"]*"/g;
const LIGHT_TARGET = /("port"\s*=>\s*)("?)\d+("?)/g;

/** lighttpd: a whole configuration, or what belongs into `conf-enabled`. */
export const LIGHTTPD: ProxyAdapter = {
  software: "lighttpd",
  programs: ["lighttpd"],
  isFor: (name, text) => /lighttpd/i.test(name) || /^\s*proxy\.server\s*\+?=/m.test(text),
  prepare(text, places) {
    const port = Number([...text.matchAll(LIGHT_PORT)].at(-1)?.[2] ?? 80);
    const rewritten = text
      .replace(LIGHT_PORT, "")
      .replace(LIGHT_HOST, `$1"${places.origin.host}"`)
      .replace(LIGHT_TARGET, `$1$2${places.origin.port}$3`)
      .replace(
        /^\s*(server\.(document-root|upload-dirs|errorlog|pid-file|username|groupname|bind)|include_shell|include)\b.*$/gm,
        "",
      );
    const own = [
      `server.port = ${places.portFor(port)}`,
      'server.bind = "127.0.0.1"',
      `server.document-root = "${places.folder}"`,
      `server.errorlog = "${places.folder}/error.log"`,
      'server.feature-flags += ("server.h2proto" => "enable", "server.h2c" => "enable")',
      ...(/mod_proxy/.test(rewritten) ? [] : ['server.modules += ("mod_proxy")']),
    ];
    return {
      files: { "lighttpd.conf": `${rewritten}\n${own.join("\n")}\n` },
      args: ["-D", "-f", `${places.folder}/lighttpd.conf`],
      check: ["-tt", "-f", `${places.folder}/lighttpd.conf`],
      listens: port,
      isSecure: false,
      path: /\$HTTP\["url"\]\s*=[~^]\s*"\^?(\/[\w/-]*)/.exec(text)?.[1] ?? "/",
    };
  },
};
