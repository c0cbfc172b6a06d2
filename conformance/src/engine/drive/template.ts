import { type Draft, DriverError } from "./driver.ts";

/** The values for the placeholders of a template. */
export interface TemplateValues {
  readonly channel: string;
  /** The messages of one request: one, or all of them if the template has `{messages}`. */
  readonly drafts: readonly Draft[];
}

/** Whether the template takes all messages of a publish at once. */
export function takesAll(template: unknown): boolean {
  return JSON.stringify(template ?? "").includes("{messages}");
}

/**
 * Render a template as JSON text. A string that is exactly `{payload}` or `{messages}` becomes that JSON
 * value, with its numbers exactly as written.
 * @throws {DriverError} when a message has an event name, but the template has no place for it
 */
export function renderJson(template: unknown, values: TemplateValues): string {
  assertRoom(template, values);
  return jsonText(template, values);
}

function jsonText(template: unknown, values: TemplateValues): string {
  if (template === "{payload}") return payload(values);
  if (template === "{messages}") return messages(values);
  if (typeof template === "string") return JSON.stringify(fill(template, values));
  if (Array.isArray(template)) return `[${template.map((item) => jsonText(item, values)).join(",")}]`;
  if (typeof template !== "object" || template === null) return JSON.stringify(template);
  const members = Object.entries(template).map(
    ([name, value]) => `${JSON.stringify(fill(name, values))}:${jsonText(value, values)}`,
  );
  return `{${members.join(",")}}`;
}

/** Render a template as text. @throws {DriverError} as {@link renderJson} */
export function renderText(template: string, values: TemplateValues): string {
  assertRoom(template, values);
  return fill(template, values);
}

/** Render a template as part of a URL. */
export function renderUrl(template: string, values: TemplateValues): string {
  return template
    .replaceAll("{channel}", encodeURIComponent(values.channel))
    .replaceAll("{event}", encodeURIComponent(eventOf(values)))
    .replaceAll("{payload}", encodeURIComponent(payloadText(values)));
}

function fill(template: string, values: TemplateValues): string {
  return template.replace(/\{(channel|event|payload|messages)\}/g, (_, name: string) => {
    if (name === "channel") return values.channel;
    if (name === "event") return eventOf(values);
    return name === "payload" ? payloadText(values) : messages(values);
  });
}

function payload({ drafts }: TemplateValues): string {
  return drafts[0]?.json ?? "null";
}

/** The payload inside of other text: as it is if it is text, otherwise as JSON. */
function payloadText(values: TemplateValues): string {
  return values.drafts[0]?.text ?? payload(values);
}

function messages({ drafts }: TemplateValues): string {
  const items = drafts.map(({ event, json }) =>
    event === undefined ? `{"data":${json}}` : `{"event":${JSON.stringify(event)},"data":${json}}`,
  );
  return `[${items.join(",")}]`;
}

function eventOf({ drafts }: TemplateValues): string {
  return drafts[0]?.event ?? "message";
}

/** If the template dropped an event name, the target would seem to have lost it. */
function assertRoom(template: unknown, { drafts }: TemplateValues): void {
  const named = drafts.find(({ event }) => event !== undefined && event !== "message");
  const text = JSON.stringify(template);
  if (named && !text.includes("{event}") && !text.includes("{messages}"))
    throw new DriverError(
      `the driver's template has no place for the event name ${JSON.stringify(named.event)}: add {event}`,
    );
}
