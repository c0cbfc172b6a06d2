import { type ChannelPattern, channelPatterns } from "../patterns/channel-pattern.ts";

/** What can be done with a channel; publishing includes closing it. */
export const ACTIONS = ["read", "publish", "remove"] as const;
export type Action = (typeof ACTIONS)[number];

/** Which channels may be read, published to and removed. */
export type Permissions = Readonly<Record<Action, ChannelPattern>>;

/** The action that a request needs. Methods that no mechanism has are refused later. */
export function actionOf(method: string): Action {
  if (method === "POST") return "publish";
  return method === "DELETE" ? "remove" : "read";
}

/**
 * Read permissions: for each action a pattern or a list of patterns, for none of them nothing.
 * @throws TypeError that says what is wrong
 */
export function readPermissions(value: unknown, name: string): Permissions {
  const given = value ?? {};
  if (typeof given !== "object" || Array.isArray(given))
    throw new TypeError(`${name} has to be an object with read, publish and remove`);
  const of = (action: Action): ChannelPattern =>
    patternsOf((given as Readonly<Record<string, unknown>>)[action], `${name}.${action}`);
  return { read: of("read"), publish: of("publish"), remove: of("remove") };
}

function patternsOf(value: unknown, name: string): ChannelPattern {
  const list = value === undefined || value === null ? [] : [value].flat();
  if (!list.every((each) => typeof each === "string"))
    throw new TypeError(`${name} has to be a pattern or a list of patterns, such as orders-*`);
  return channelPatterns(list);
}
