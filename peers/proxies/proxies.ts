import { fileURLToPath } from "node:url";
import type { ensureProgram } from "../../tools/ensure.mjs";

/** A proxy that is measured with its default configuration and with the one that the guide shows. */
export interface MeasuredProxy {
  readonly name: string;
  readonly program: Parameters<typeof ensureProgram>[0];
  /** The arguments that print its version. */
  readonly version: readonly string[];
  readonly standard: string;
  readonly good: string;
  /** The lines that are not as they should be, with the default configuration and with the good one. */
  readonly expected: { readonly standard: readonly string[]; readonly good: readonly string[] };
  /** Lines of the good configuration that depend on how the writes reach the proxy's buffers. */
  readonly varies?: readonly string[];
}

const standard = (file: string): string => fileURLToPath(new URL(`default/${file}`, import.meta.url));
const good = (file: string): string => fileURLToPath(new URL(`../../docs/samples/${file}`, import.meta.url));
const both = (file: string): Pick<MeasuredProxy, "standard" | "good"> => ({
  standard: standard(file),
  good: good(file),
});

/** Without a field, nginx 1.22 sometimes holds a write back until the next one, as its buffers are filled. */
const NGINX_BUFFERS = ["fields"];

/** Debian's proxies. Each expected line is a fault of the version that Debian 12 has. */
export const PROXIES: readonly MeasuredProxy[] = [
  {
    name: "nginx",
    program: "nginx",
    version: ["-v"],
    ...both("nginx.conf"),
    expected: { standard: ["fields", "end"], good: [] },
    varies: NGINX_BUFFERS,
  },
  {
    name: "nginx, twice",
    program: "nginx",
    version: ["-v"],
    ...both("nginx-twice.conf"),
    expected: { standard: ["stream"], good: [] },
    varies: NGINX_BUFFERS,
  },
  {
    name: "nginx, cache",
    program: "nginx",
    version: ["-v"],
    ...both("nginx-cache.conf"),
    expected: { standard: ["fields", "end", "cached"], good: [] },
    varies: NGINX_BUFFERS,
  },
  {
    name: "nginx, HTTP/2",
    program: "nginx",
    version: ["-v"],
    ...both("nginx-http2.conf"),
    expected: { standard: ["fields", "end"], good: [] },
    varies: NGINX_BUFFERS,
  },
  {
    name: "HAProxy",
    program: "haproxy",
    version: ["-v"],
    ...both("haproxy.cfg"),
    expected: { standard: ["disconnect"], good: [] },
  },
  {
    name: "Apache",
    program: "apache2",
    version: ["-v"],
    ...both("apache.conf"),
    expected: { standard: ["disconnect"], good: ["disconnect"] },
  },
  {
    name: "Apache, deflate",
    program: "apache2",
    version: ["-v"],
    standard: standard("apache-deflate.conf"),
    good: good("apache.conf"),
    expected: { standard: ["compression", "disconnect"], good: ["disconnect"] },
  },
  {
    name: "Varnish",
    program: "varnishd",
    version: ["-V"],
    ...both("varnish.vcl"),
    expected: { standard: ["disconnect", "backpressure", "cached"], good: [] },
  },
  {
    name: "Squid",
    program: "squid",
    version: ["-v"],
    ...both("squid.conf"),
    expected: { standard: [], good: [] },
  },
  {
    name: "Caddy",
    program: "caddy",
    version: ["version"],
    ...both("Caddyfile"),
    expected: { standard: ["end"], good: ["end"] },
  },
  {
    name: "lighttpd",
    program: "lighttpd",
    version: ["-v"],
    ...both("lighttpd.conf"),
    expected: { standard: ["stream"], good: ["disconnect"] },
  },
];
