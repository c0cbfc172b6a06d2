import { outerPort, type ProxyAdapter, upstreamOf } from "./adapter.ts";

const HA_BIND = /^(\s*bind\s+)\S*?:(\d+)(.*)$/gm;
const HA_SERVER = /^(\s*server\s+\S+\s+)([\w.*-]+:\d+)(.*)$/gm;

/** HAProxy. */
export const HAPROXY: ProxyAdapter = {
  software: "haproxy",
  programs: ["haproxy"],
  isFor: (name, text) =>
    /haproxy/i.test(name) || (/^\s*(frontend|listen)\s/m.test(text) && /^\s*bind\s/m.test(text)),
  prepare(text, places) {
    const listens = [...text.matchAll(HA_BIND)].map(([, , port]) => Number(port));
    const own = new Set(listens);
    const upstreams = [...text.matchAll(HA_SERVER)].map(([, , address = ""]) => address);
    const rewritten = text
      .replace(
        HA_BIND,
        (_, start: string, port: string, rest: string) =>
          `${start}127.0.0.1:${places.portFor(Number(port))}${rest.replace(/crt\s+\S+/, "crt both.pem")}`,
      )
      .replace(
        HA_SERVER,
        (_, start: string, address: string, rest: string) =>
          `${start}${upstreamOf(address, own, places)}${rest.replace(/\bssl\b.*$/, "")}`,
      )
      .replace(/^\s*(chroot|user|group|daemon|pidfile|stats\s+socket|log\s+\/dev\/log).*$/gm, "");
    const listened = outerPort(listens, upstreams);
    return {
      files: { "haproxy.cfg": rewritten },
      args: ["-db", "-f", "haproxy.cfg"],
      check: ["-c", "-q", "-f", "haproxy.cfg"],
      listens: listened,
      isSecure: new RegExp(`^\\s*bind\\s+\\S*:${listened}\\b.*\\bssl\\b`, "m").test(text),
      path: "/",
    };
  },
};

const SQUID_PORT = /^(\s*http_port\s+)(?:\S+:)?(\d+)(.*)$/gm;
const SQUID_PEER = /^(\s*cache_peer\s+)(\S+)(\s+parent\s+)(\d+)(.*)$/gm;

/** Squid in front of a server (`accel`). */
export const SQUID: ProxyAdapter = {
  software: "squid",
  programs: ["squid"],
  isFor: (name, text) => /squid/i.test(name) || /^\s*cache_peer\s/m.test(text),
  prepare(text, places) {
    const listens = [...text.matchAll(SQUID_PORT)].map(([, , port]) => Number(port));
    const rewritten = text
      .replace(
        SQUID_PORT,
        (_, start: string, port: string, rest: string) =>
          `${start}127.0.0.1:${places.portFor(Number(port))}${rest}`,
      )
      .replace(
        SQUID_PEER,
        (_, start: string, _host: string, parent: string, _port: string, rest: string) =>
          `${start}${places.origin.host}${parent}${places.origin.port}${rest}`,
      );
    const own = [
      "pid_filename none",
      `cache_log ${places.folder}/cache.log`,
      "access_log none",
      `coredump_dir ${places.folder}`,
      "shutdown_lifetime 0 seconds",
      "visible_hostname squid.example",
      "pinger_enable off",
    ];
    return {
      files: { "squid.conf": `${rewritten}\n${own.join("\n")}\n` },
      args: ["-N", "-f", `${places.folder}/squid.conf`],
      check: ["-k", "parse", "-f", `${places.folder}/squid.conf`],
      listens: listens[0] ?? 80,
      isSecure: false,
      path: "/",
    };
  },
};

/** Varnish: its VCL. The port is not in the configuration. */
export const VARNISH: ProxyAdapter = {
  software: "varnish",
  programs: ["varnishd"],
  isFor: (name, text) => /\.vcl$/i.test(name) || /^\s*vcl\s+4/m.test(text),
  prepare(text, places) {
    const rewritten = text
      .replace(/(\.host\s*=\s*)"[^"]*"/g, `$1"${places.origin.host}"`)
      .replace(/(\.port\s*=\s*)"[^"]*"/g, `$1"${places.origin.port}"`);
    const listen = `127.0.0.1:${places.portFor(80)}`;
    return {
      files: { "default.vcl": rewritten },
      args: [
        "-F",
        "-a",
        listen,
        "-f",
        `${places.folder}/default.vcl`,
        "-n",
        `${places.folder}/work`,
        "-s",
        "malloc,64m",
      ],
      check: ["-C", "-f", `${places.folder}/default.vcl`, "-n", `${places.folder}/check`],
      listens: 80,
      isSecure: false,
      path: "/",
    };
  },
};

const SITE = /^(?!\s|[(@#{}])([^{}#\n]+?)\s*\{/gm;

/** Caddy: a Caddyfile. */
export const CADDY: ProxyAdapter = {
  software: "caddy",
  programs: ["caddy"],
  isFor: (name, text) => /caddyfile/i.test(name) || /^\s*reverse_proxy\s/m.test(text),
  prepare(text, places) {
    const sites = [...text.matchAll(SITE)].map(([, address = ""]) => portOfSite(address));
    const own = new Set(sites);
    const members = [...text.matchAll(/\breverse_proxy\s[^\n{]*/g)].flatMap(
      ([line]) => line.match(/[\w.-]+:\d+/g) ?? [],
    );
    const rewritten = text
      .replace(SITE, (_, address: string) => `http://127.0.0.1:${places.portFor(portOfSite(address))} {`)
      .replace(/\breverse_proxy\s[^\n{]*/g, (line) =>
        line.replace(/(?:https?:\/\/)?([\w.-]+:\d+)/g, (_, address: string) =>
          upstreamOf(address, own, places),
        ),
      );
    const global = /^\s*\{/.test(rewritten) ? rewritten.replace("{", "{ \n") : rewritten;
    return {
      files: {
        Caddyfile: /^\s*\{/.test(rewritten) ? global : `{\n\tadmin off\n\tauto_https off\n}\n${rewritten}`,
      },
      args: ["run", "--config", "Caddyfile", "--adapter", "caddyfile"],
      check: ["validate", "--config", "Caddyfile", "--adapter", "caddyfile"],
      listens: outerPort(sites, members),
      isSecure: false,
      path: "/",
    };
  },
};

function portOfSite(address: string): number {
  const port = /:(\d+)/.exec(address)?.[1];
  return port === undefined ? (address.startsWith("http://") ? 80 : 443) : Number(port);
}
