import type { Control } from "../../engine/drive/control.ts";
import type { Driver } from "../../engine/drive/driver.ts";
import type { HttpTarget } from "../../engine/run/http-context.ts";
import type { HeaderLine } from "../../engine/wire/headers.ts";
import type { RequestInit } from "../../engine/wire/request.ts";
import type { Settings } from "./options.ts";
import { fillIn, type Taken } from "./setup.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The stream under test, as discovery found it. */
export interface Target extends HttpTarget {
  readonly settings: Settings;
  /** The URL after redirects. */
  readonly url: string;
  readonly taken: Taken;
  readonly vocabulary: Vocabulary;
  readonly driver?: Driver | undefined;
  readonly control?: Control | undefined;
}

/** What every request for the stream accepts. */
const ACCEPT: HeaderLine = ["Accept", "text/event-stream"];

/** No content coding: without this field, any coding would be acceptable (RFC 9110, 12.5.3). */
const UNCODED: HeaderLine = ["Accept-Encoding", "identity"];

/** The request that opens the stream. */
export function openingRequest({
  settings,
  taken,
  url,
}: Pick<Target, "settings" | "taken" | "url">): RequestInit {
  const { method, body } = settings;
  const type: HeaderLine[] = body ? [["Content-Type", body.type]] : [];
  const accept: HeaderLine = method === "GET" ? ACCEPT : ["Accept", "application/json, text/event-stream"];
  return {
    method,
    url,
    headers: [accept, ...type, UNCODED, ["Cache-Control", "no-store"]],
    ...(body ? { body: fillIn(body.text, taken) } : {}),
  };
}

/** The request that resumes the stream after an id; undefined if nobody says where a single reader's stream is. */
export function resumingRequest(
  target: Pick<Target, "settings" | "taken" | "url">,
  id: string,
  location?: string,
): RequestInit | undefined {
  const { resumeUrl, method } = target.settings;
  const own = method === "GET" ? target.url : undefined;
  const template = resumeUrl === undefined ? undefined : fillIn(resumeUrl, target.taken);
  const url = template?.replaceAll("{id}", encodeURIComponent(id)) ?? location ?? own;
  if (url === undefined) return undefined;
  // The header carries UTF-8, as a browser sends it.
  const value = Buffer.from(id, "utf8").toString("latin1");
  const lines: HeaderLine[] = id === "" ? [] : [["Last-Event-ID", value]];
  return { url, headers: [ACCEPT, UNCODED, ["Cache-Control", "no-store"], ...lines] };
}
