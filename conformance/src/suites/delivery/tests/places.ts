import type { DeliveryContext } from "../context.ts";
import type { Mechanism } from "../dialect/dialect.ts";
import type { Position } from "../dialect/places.ts";
import type { Feed } from "../feed.ts";
import type { Reader } from "../read/reader.ts";

/** A position, and how many messages of the feed are before it. */
export interface Known {
  readonly position: Position;
  readonly from: number;
  readonly reader: Reader;
}

/** The marks of what was published, in order. */
export function orderOf(feed: Feed): readonly string[] {
  return feed.sent.map(({ mark }) => mark);
}

/** The positions of a reader whose place in the feed is known. */
export function positionsOf(feed: Feed, reader: Reader): readonly Known[] {
  const order = orderOf(feed);
  const known = reader.reached.flatMap(({ position, after }): Known[] => {
    const last = reader.marks[after - 1];
    if (after === 0) return reader.marks[0] === order[0] ? [{ position, from: 0, reader }] : [];
    const place = last === undefined ? -1 : order.indexOf(last);
    return place === -1 ? [] : [{ position, from: place + 1, reader }];
  });
  return known;
}

/** A reader that has read so many messages, one at a time, and its positions. Ends the test if there are none. */
export async function readSome(
  t: DeliveryContext,
  mechanism: Mechanism,
  count: number,
): Promise<{ readonly feed: Feed; readonly reader: Reader; readonly positions: readonly Known[] }> {
  const feed = await t.feed();
  const reader = feed.reader(mechanism);
  await t.present(feed, [reader]);
  // Messages that are published together have positions of their own, too.
  await feed.publish(count - 3);
  await feed.batch(3);
  await t.complete(feed, [reader], feed.sent.length);
  await reader.stop();
  return { feed, reader, positions: positionsOf(feed, reader) };
}

/** Some of a list, spread over it; the last one is among them. */
export function spread<T>(list: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, Math.ceil(list.length / most));
  return list.filter((_, index) => (list.length - 1 - index) % step === 0);
}
