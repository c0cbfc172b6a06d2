import { type ChannelPattern, channelPattern } from "../patterns/channel-pattern.ts";

/** The class of a channel that matches no pattern. */
const OTHER = "other";

/** The most channels whose class is remembered. */
const MAX_REMEMBERED = 10_000;

const NAME = /^[\w.-]{1,64}$/;

/** Sorts channels into a few classes: one time series for each channel would be too many. */
export class ChannelClasses {
  readonly names: readonly string[];
  readonly #classes: readonly { readonly name: string; readonly matches: ChannelPattern }[];
  readonly #known = new Map<string, string>();

  /** `classes`: `name=pattern` each. The first pattern that matches decides. @throws TypeError */
  constructor(classes: readonly string[]) {
    this.#classes = classes.map(readClass);
    this.names = [...new Set([...this.#classes.map(({ name }) => name), OTHER])];
  }

  of(channel: string): string {
    const known = this.#known.get(channel);
    if (known !== undefined) return known;
    const name = this.#classes.find(({ matches }) => matches(channel))?.name ?? OTHER;
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(channel, name);
    return name;
  }
}

function readClass(text: string): { readonly name: string; readonly matches: ChannelPattern } {
  const at = text.indexOf("=");
  const name = text.slice(0, Math.max(0, at));
  if (!NAME.test(name))
    throw new TypeError(
      `${JSON.stringify(text)} is not a class of channels: write name=pattern, for example orders=orders-*`,
    );
  return { name, matches: channelPattern(text.slice(at + 1)) };
}
