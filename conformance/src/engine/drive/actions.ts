import type { ExtraHeader } from "../wire/secrets.ts";
import type { Driver } from "./driver.ts";
import { type CommandTemplate, channelVariables, execute, publishByCommand } from "./exec-driver.ts";
import { type HttpTemplate, publishByHttp, sendTemplate } from "./http-driver.ts";

/** One way to change a channel. */
export type DriverAction =
  /** By the suite's own protocol. */
  | { readonly by: "protocol"; readonly driver: Driver }
  | { readonly by: "http"; readonly template: HttpTemplate }
  | { readonly by: "exec"; readonly template: CommandTemplate }
  | { readonly by: "module"; readonly driver: Driver };

/** The actions that a driver is made of. */
export interface DriverActions {
  readonly publish: DriverAction;
  readonly declare?: DriverAction;
  readonly close?: DriverAction;
  readonly remove?: DriverAction;
}

/** Combine actions into one driver. A module that publishes also does the rest by default. */
export function driverOf(actions: DriverActions): Driver {
  const { publish } = actions;
  const usual = publish.by === "module" || publish.by === "protocol" ? publish : undefined;
  const { declare = usual, close = usual, remove = usual } = actions;
  const declaring = declare && changeOf(declare, "declare");
  const closing = close && changeOf(close, "close");
  const removing = remove && changeOf(remove, "remove");
  return {
    name: publish.by === "module" ? publish.driver.name : publish.by,
    secrets: [publish, declare, close, remove].flatMap((action) => (action ? secretsOf(action) : [])),
    publish: publishOf(publish),
    ...(declaring ? { declare: async (...args) => void (await declaring(...args)) } : {}),
    ...(closing ? { close: async (...args) => void (await closing(...args)) } : {}),
    ...(removing ? { remove: async (...args) => (await removing(...args)) !== false } : {}),
  };
}

function publishOf(action: DriverAction): Driver["publish"] {
  switch (action.by) {
    case "protocol":
    case "module":
      return (...args) => action.driver.publish(...args);
    case "http":
      return (channel, drafts, context) => publishByHttp(action.template, channel, drafts, context);
    case "exec":
      return (channel, drafts, context) => publishByCommand(action.template, channel, drafts, context);
  }
}

/** Resolves to false if the target does not offer removal. */
type Change = (...args: Parameters<NonNullable<Driver["remove"]>>) => Promise<unknown>;

function changeOf(action: DriverAction, what: "declare" | "close" | "remove"): Change | undefined {
  if (action.by === "http")
    return ({ name }, context) => sendTemplate(action.template, { channel: name, drafts: [] }, context);
  if (action.by === "exec")
    return (channel, context) => execute(action.template, channelVariables(channel), context);
  const { driver } = action;
  const change: Change | undefined = driver[what];
  return change && ((...args) => change.apply(driver, args));
}

function secretsOf(action: DriverAction): readonly ExtraHeader[] {
  if (action.by === "http") return action.template.headers ?? [];
  return action.by === "exec" ? [] : (action.driver.secrets ?? []);
}
