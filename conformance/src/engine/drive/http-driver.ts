import type { Channel } from "../wire/channel.ts";
import { describeAnswer } from "../wire/describe.ts";
import type { HeaderLine } from "../wire/headers.ts";
import type { RequestInit } from "../wire/request.ts";
import { type ExtraHeader, headerLines } from "../wire/secrets.ts";
import { type Draft, type DriverContext, DriverError } from "./driver.ts";
import { renderJson, renderText, renderUrl, type TemplateValues, takesAll } from "./template.ts";

/** A request to the target's own interface; see the configuration for the placeholders. */
export interface HttpTemplate {
  /** @defaultValue "POST" */
  readonly method?: string;
  readonly url: string;
  readonly headers?: readonly ExtraHeader[];
  /** The body as a JSON template. */
  readonly json?: unknown;
  /** The body as text, with its media type. */
  readonly body?: string;
  readonly type?: string;
}

/** Send the template per message, or once if it has `{messages}`. @throws {DriverError} unless answered 2xx */
export async function publishByHttp(
  template: HttpTemplate,
  channel: Channel,
  drafts: readonly Draft[],
  context: DriverContext,
): Promise<void> {
  const all = takesAll([template.json, template.body]);
  const requests = all ? [drafts] : drafts.map((draft) => [draft]);
  for (const part of requests) await sendTemplate(template, { channel: channel.name, drafts: part }, context);
}

/** Send the template once. @throws {DriverError} for an answer other than 2xx */
export async function sendTemplate(
  template: HttpTemplate,
  values: TemplateValues,
  context: DriverContext,
): Promise<void> {
  const init = renderRequest(template, values);
  const exchange = await context.exchangeBare(init);
  if (exchange.status === undefined || exchange.status < 200 || exchange.status > 299)
    throw new DriverError(
      `the driver's ${init.method} ${init.url} was answered with ${describeAnswer(exchange)}`,
    );
}

function renderRequest(template: HttpTemplate, values: TemplateValues): RequestInit {
  const { method = "POST", url, headers = [], json, body, type = "text/plain" } = template;
  const base = { method, url: renderUrl(url, values) };
  const lines: readonly HeaderLine[] = headerLines(headers);
  if (json !== undefined)
    return {
      ...base,
      headers: [["Content-Type", "application/json"], ...lines],
      body: renderJson(json, values),
    };
  if (body === undefined) return { ...base, headers: lines };
  return { ...base, headers: [["Content-Type", type], ...lines], body: renderText(body, values) };
}
