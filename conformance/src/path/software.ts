import type { QuestionId } from "./answer.ts";

/** Software that the answers can name, and how. */
const NAMES: readonly (readonly [Software, RegExp])[] = [
  ["nginx", /\b(nginx|openresty)\b/i],
  ["haproxy", /\bhaproxy\b/i],
  ["apache", /\bapache\b/i],
  ["varnish", /\bvarnish\b/i],
  ["squid", /\bsquid\b/i],
  ["caddy", /\bcaddy\b/i],
  ["lighttpd", /\blighttpd\b/i],
];

/** A proxy whose configuration this package knows. */
export type Software = "nginx" | "haproxy" | "apache" | "varnish" | "squid" | "caddy" | "lighttpd";

/** Which software do `Server`, `Via` and similar fields name? */
export function softwareIn(headers: readonly (readonly [string, string])[]): readonly Software[] {
  const text = headers
    .filter(([name]) => /^(server|via|x-cache|x-varnish|x-cache-lookup|proxy-status)$/i.test(name))
    .map(([name, value]) => (/^x-varnish$/i.test(name) ? "varnish" : value))
    .join(" ");
  return NAMES.filter(([, pattern]) => pattern.test(text)).map(([name]) => name);
}

type Fixes = Readonly<Partial<Record<QuestionId, string>>>;

/** The lines of configuration that repair a fault, by software. */
const FIXES: Readonly<Record<Software, Fixes>> = {
  nginx: {
    query: "proxy_pass http://upstream;   # without a path and without variables, the query is kept",
    stream: "proxy_buffering off;   # and no proxy_ignore_headers X-Accel-Buffering;",
    fields: "proxy_buffering off;   # if the server does not send X-Accel-Buffering: no",
    post: "proxy_buffering off;",
    compression: "gzip_types without text/event-stream; gzip off; in this location",
    idle: "proxy_read_timeout 75s;",
    wait: "proxy_read_timeout 75s;",
    end: 'proxy_http_version 1.1; proxy_set_header Connection "";',
    disconnect: "proxy_ignore_client_abort off;",
    status: "proxy_intercept_errors off;",
    cached: "no proxy_cache_valid for errors, and no proxy_ignore_headers Cache-Control;",
    key: "proxy_cache_key $scheme$proxy_host$request_uri;",
    vary: "no proxy_ignore_headers Vary;",
    "response-fields": "no proxy_hide_header for these fields",
    "request-fields": "no proxy_set_header for these fields",
    body: "client_max_body_size 2m;",
    parallel: "limit_conn: allow at least 16 connections per client",
  },
  haproxy: {
    idle: "timeout server 75s   and   timeout client 75s",
    wait: "timeout server 75s",
    heartbeat: "timeout tunnel 1h",
    compression: "compression type without text/event-stream",
    cached: "no http-request cache-use for channels",
    disconnect: "option abortonclose   and   timeout client-fin 5s",
    status: "no errorfile for these statuses",
    parallel: "maxconn: allow more connections",
  },
  apache: {
    stream: "ProxyPass … flushpackets=on",
    fields: "ProxyPass … flushpackets=on",
    post: "ProxyPass … flushpackets=on",
    compression: "SetEnvIf Request_URI ^/channels/ no-gzip=1   or no DEFLATE for text/event-stream",
    idle: "ProxyTimeout 75",
    wait: "ProxyTimeout 75",
    status: "ProxyErrorOverride Off",
    cached: "CacheDisable /channels/",
    key: "CacheIgnoreQueryString Off",
    body: "LimitRequestBody 2097152",
    parallel: "MaxRequestWorkers: allow more connections",
  },
  varnish: {
    stream: "set beresp.do_stream = true;   # or return (pipe); for channels",
    fields: "set beresp.do_stream = true;",
    idle: "set beresp.between_bytes_timeout … : set bereq.between_bytes_timeout = 75s; in vcl_backend_fetch",
    wait: "set bereq.first_byte_timeout = 75s;   # in vcl_backend_fetch",
    cached:
      "sub vcl_backend_response { if (!beresp.http.Cache-Control) { set beresp.uncacheable = true; set beresp.ttl = 0s; } }",
    disconnect: "return (pipe);   # in vcl_recv, for streams",
    backpressure: "return (pipe);   # in vcl_recv, for streams",
    status: "no synthetic answers in vcl_backend_error for these statuses",
    key: "hash_data(req.url);   # in vcl_hash",
    compression: "set beresp.do_gzip = false;",
    end: "return (pipe);   # in vcl_recv, for streams",
  },
  squid: {
    idle: "read_timeout 75 seconds",
    wait: "read_timeout 75 seconds",
    cached: "negative_ttl 0 seconds   and   cache deny channels",
    key: "no strip_query_terms in a url_rewrite program",
    body: "request_body_max_size 2 MB",
    disconnect: "quick_abort_min 0 KB   and   quick_abort_max 0 KB",
    backpressure: "read_ahead_gap 16 KB   and   cache deny channels",
    status: "no deny_info for these statuses",
  },
  caddy: {
    stream: "reverse_proxy … { flush_interval -1 }",
    fields: "reverse_proxy … { flush_interval -1 }",
    post: "reverse_proxy … { flush_interval -1 }",
    head: "reverse_proxy … { flush_interval -1 }",
    compression: "encode: match without text/event-stream",
    idle: "reverse_proxy … { transport http { read_timeout 75s } }",
    wait: "reverse_proxy … { transport http { response_header_timeout 75s } }",
    body: "request_body { max_size 2MB }",
  },
  lighttpd: {
    stream: "server.stream-response-body = 2",
    fields: "server.stream-response-body = 2",
    post: "server.stream-response-body = 2",
    head: "server.stream-response-body = 2",
    backpressure: "server.stream-response-body = 2",
    disconnect: "server.stream-response-body = 2",
    idle: 'server.max-read-idle = 75   and   "read-timeout" => 75 in proxy.server',
    wait: '"read-timeout" => 75 in proxy.server',
    end: 'proxy.header = ( "force-http10" => "disable" )',
    body: "server.max-request-size = 2048",
    compression: "deflate.mimetypes without text/event-stream",
  },
};

/** The line of configuration that repairs a fault. Undefined if none is known. */
export function fixFor(software: Software, id: QuestionId): string | undefined {
  return FIXES[software][id];
}
