import type { QuestionId } from "../answer.ts";
import type { PathReport } from "../run-path.ts";
import type { Software } from "../software.ts";

type Patterns = Readonly<Partial<Record<QuestionId, RegExp>>>;

/** The lines of a configuration that cause a fault which was seen, by software. */
const CAUSES: Readonly<Partial<Record<Software, Patterns>>> = {
  nginx: {
    query: /\bproxy_pass\s[^;]*(\$uri|\?)|\brewrite\s[^;]*\?/,
    stream: /\bproxy_buffering\s+on\b|\bproxy_ignore_headers\s[^;]*X-Accel-Buffering|\blimit_conn\s/i,
    fields: /\bproxy_buffering\s+on\b/,
    post: /\bproxy_buffering\s+on\b/,
    compression: /\bgzip_types\s|\bgzip\s+on\b/,
    idle: /\bproxy_read_timeout\s|\bsend_timeout\s/,
    wait: /\bproxy_read_timeout\s/,
    end: /\bproxy_http_version\s+1\.0/,
    disconnect: /\bproxy_ignore_client_abort\s+on/,
    status: /\bproxy_intercept_errors\s+on|\berror_page\s/,
    cached: /\bproxy_cache_valid\s|\bproxy_ignore_headers\s[^;]*Cache-Control/i,
    key: /\bproxy_cache_key\s/,
    vary: /\bproxy_ignore_headers\s[^;]*Vary/i,
    parallel: /\blimit_conn\s|\bworker_connections\s/,
    body: /\bclient_max_body_size\s/,
    "response-fields": /\bproxy_hide_header\s/,
    "request-fields": /\bproxy_set_header\s|\bproxy_pass_request_headers\s+off/,
  },
  haproxy: {
    idle: /^\s*timeout\s+(server|client|tunnel)\s/,
    wait: /^\s*timeout\s+server\s/,
    compression: /^\s*compression\s/,
    cached: /cache-(use|store)/,
    key: /set-query|cache-use/,
    query: /set-query|replace-path|set-uri/,
    parallel: /\bmaxconn\b/,
    "response-fields": /http-response\s+del-header/,
    "request-fields": /http-request\s+del-header/,
    status: /errorfile|http-error/,
  },
  apache: {
    idle: /^\s*(ProxyTimeout|Timeout)\b|\btimeout=/i,
    wait: /^\s*(ProxyTimeout|Timeout)\b|\btimeout=/i,
    compression: /DEFLATE|BROTLI/i,
    stream: /flushpackets=off|DEFLATE|\bBUFFER\b/i,
    status: /^\s*(ProxyErrorOverride|ErrorDocument)\b/i,
    cached: /^\s*(CacheEnable|CacheIgnoreCacheControl|CacheStoreNoStore|CacheDefaultExpire)\b/i,
    key: /^\s*CacheIgnoreQueryString\b/i,
    body: /^\s*LimitRequestBody\b/i,
    "response-fields": /^\s*Header\s+(always\s+)?unset\b/i,
    "request-fields": /^\s*RequestHeader\s+unset\b/i,
  },
  varnish: {
    stream: /do_stream\s*=\s*false/,
    fields: /do_stream\s*=\s*false/,
    idle: /between_bytes_timeout/,
    wait: /first_byte_timeout/,
    cached: /\bttl\s*=|\buncacheable\b/,
    key: /hash_data|regsub\(req\.url|querystring/,
    query: /set\s+req\.url\s*=/,
    compression: /do_gzip\s*=\s*true/,
  },
  lighttpd: {
    stream: /stream-response-body/,
    fields: /stream-response-body/,
    body: /max-request-size/,
    idle: /timeout|max-read-idle/,
  },
  squid: {
    idle: /read_timeout/,
    wait: /read_timeout/,
    cached: /negative_ttl|refresh_pattern/,
    body: /request_body_max_size/,
  },
  caddy: {
    stream: /flush_interval|\bencode\b/,
    fields: /flush_interval/,
    idle: /_timeout/,
    wait: /_timeout/,
    compression: /\bencode\b/,
  },
};

/** A configuration whose proxy was measured. */
export interface MeasuredConfig {
  readonly file: string;
  readonly text: string;
  readonly software: Software;
}

/** Add to each setting the lines of the configuration that cause it. */
export function withCauses(report: PathReport, { file, text, software }: MeasuredConfig): PathReport {
  const lines = text.split("\n");
  const settings = report.settings.map((setting) => {
    const pattern = CAUSES[software]?.[setting.id];
    const causes = lines.flatMap((line, index) => {
      const code = line.replace(/(^|\s)#.*$/, "").trim();
      return pattern?.test(code) ? [`${file}:${index + 1}: ${code}`] : [];
    });
    return causes.length > 0 ? { ...setting, causes } : setting;
  });
  return { ...report, settings };
}
