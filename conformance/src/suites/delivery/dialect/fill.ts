import type { Draft } from "../../../engine/drive/driver.ts";
import { renderJson } from "../../../engine/drive/template.ts";
import type { HeaderLine } from "../../../engine/wire/headers.ts";
import type { RequestInit } from "../../../engine/wire/request.ts";
import type { RequestTemplate } from "./dialect.ts";

/** The values of placeholders, by name. */
export type Values = Readonly<Record<string, string>>;

const FORM = "application/x-www-form-urlencoded";

const PLACEHOLDER = /\{([\w-]+)\}/g;

/** Whether every placeholder of a text has a value. */
function isFilled(text: string, values: Values): boolean {
  return [...text.matchAll(PLACEHOLDER)].every(([, name = ""]) => values[name] !== undefined);
}

/** Replace the placeholders that have a value; other braces stay. */
export function fillText(text: string, values: Values, encode: (value: string) => string = same): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : encode(value);
  });
}

function same(value: string): string {
  return value;
}

/** The URL. `{base}` is written as it is; a parameter of the query that has a placeholder without a value is left out. */
export function fillUrl(template: string, values: Values): string {
  const { base = "", ...others } = values;
  const [path = "", ...queries] = template.replaceAll("{base}", base).split("?");
  const query = queries
    .flatMap((part) => part.split("&"))
    .filter((part) => part !== "" && isFilled(part, others))
    .map((part) => fillText(part, others, encodeURIComponent))
    .join("&");
  return `${fillText(path, others, encodeURIComponent)}${query === "" ? "" : `?${query}`}`;
}

/** The request of a template. A header field that has a placeholder without a value is left out. */
export function fillRequest(
  template: RequestTemplate,
  values: Values,
  drafts: readonly Draft[] = [],
): RequestInit {
  const { url, fields = {}, json, body, type = "text/plain" } = template;
  const { method = json === undefined && body === undefined ? "GET" : "POST" } = template;
  const [draft] = drafts;
  const payload = draft && { payload: draft.text ?? draft.json };
  const all: Values = { ...values, ...payload };
  const lines = Object.entries(fields)
    .filter(([, value]) => isFilled(value, all))
    .map(([name, value]): HeaderLine => [name, Buffer.from(fillText(value, all), "utf8").toString("latin1")]);
  const given = new Set(lines.map(([name]) => name.toLowerCase()));
  const typed = (media: string): HeaderLine[] => (given.has("content-type") ? [] : [["Content-Type", media]]);
  const base = { method, url: fillUrl(url, all) };
  if (json !== undefined) {
    const text = renderJson(deepFill(json, values), {
      channel: values.channel ?? "",
      drafts,
    });
    return { ...base, headers: [...typed("application/json"), ...lines], body: text };
  }
  if (body === undefined) return { ...base, headers: lines };
  return {
    ...base,
    headers: [...typed(type), ...lines],
    body: fillText(body, all, type === FORM ? encodeURIComponent : same),
  };
}

function deepFill(template: unknown, values: Values): unknown {
  if (typeof template === "string") return fillText(template, values);
  if (Array.isArray(template)) return template.map((item) => deepFill(item, values));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, deepFill(value, values)]));
}
