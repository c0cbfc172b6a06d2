import assert from "node:assert/strict";
import { endOf, numbers, readAll, refused, startOf, texts } from "../steps.ts";
import { group, type LogTest, type Subject } from "../subject.ts";
import { WakeUpReader } from "../wake-up-reader.ts";

/** Make a change, and wait for a wake-up after which it is readable. */
async function wakesUp(
  subject: Subject,
  channel: string,
  change: () => Promise<unknown>,
  isReadable: () => Promise<boolean>,
): Promise<void> {
  let wake = (): void => {};
  const woken = new Promise<void>((resolve, reject) => {
    wake = () => void isReadable().then((readable) => readable && resolve(), reject);
  });
  const unwatch = await subject.log.watch(channel, wake);
  await change();
  await subject.within("a wake-up after which the change is readable", woken);
  await unwatch();
}

/** A watch whose wake-ups are counted and can be waited for. */
async function countWakes(subject: Subject, channel: string) {
  let count = 0;
  let onWake = (): void => {};
  const unwatch = await subject.log.watch(channel, () => {
    count += 1;
    onWake();
  });
  /** Make a change and wait for its wake-up. */
  const wokenBy = async (change: () => Promise<unknown>): Promise<void> => {
    const woken = new Promise<void>((resolve) => {
      onWake = resolve;
    });
    await change();
    await subject.within("a wake-up", woken);
  };
  return { unwatch, wokenBy, count: () => count };
}

const waking = group("watching", {
  "each append wakes watchers, including the first to an unwritten channel": async (subject, channel) => {
    const { log } = subject;
    for (let count = 1; count <= 5; count++) {
      const from = await endOf(log, channel);
      await wakesUp(
        subject,
        channel,
        () => log.append(channel, numbers(1, count)),
        async () => (await readAll(log, channel, from)).messages.length > 0,
      );
    }
  },

  "closing wakes watchers": async (subject, channel) => {
    const { log } = subject;
    await log.append(channel, numbers(1));
    await wakesUp(
      subject,
      channel,
      () => log.append(channel, [], { close: true }),
      async () => (await readAll(log, channel)).closed,
    );
  },

  "removal wakes watchers": async (subject, channel) => {
    const { log } = subject;
    await log.append(channel, numbers(1));
    await wakesUp(
      subject,
      channel,
      () => log.remove(channel),
      async () => (await readAll(log, channel)).messages.length === 0,
    );
  },

  "a watch outlives the channel's removal": async (subject, channel) => {
    const { log } = subject;
    await log.append(channel, numbers(1));
    const watch = await countWakes(subject, channel);
    await watch.wokenBy(() => log.remove(channel));
    await watch.wokenBy(() => log.append(channel, numbers(1)));
    await watch.unwatch();
  },

  "every watch of a channel is woken, and only by that channel": async (subject, channel) => {
    const names = [channel, channel, `${channel}-other`];
    const watches: Awaited<ReturnType<typeof countWakes>>[] = [];
    for (const name of names) watches.push(await countWakes(subject, name));
    for (const [index, watch] of watches.entries()) {
      await watch.wokenBy(() => subject.log.append(names[index] ?? "", numbers(1)));
    }
    await Promise.all(watches.map((watch) => watch.unwatch()));
  },
});

const following = group("watching", {
  "a reader that relies on wake-ups misses nothing": async (subject, channel) => {
    const { log } = subject;
    const reader = await WakeUpReader.start(log, channel, await startOf(log, channel));
    for (let count = 1; count <= 20; count++) {
      await log.append(channel, numbers(1, count));
      await reader.reaches(count, subject);
    }
    await Promise.all(Array.from({ length: 50 }, (_, i) => log.append(channel, numbers(2, 21 + 2 * i))));
    await reader.reaches(120, subject);
    assert.deepEqual(
      reader.seen,
      (await readAll(log, channel)).messages.map(({ json }) => json),
    );
    await reader.stop();
  },

  "no change is missed once a watch is established": async (subject, channel) => {
    const { log } = subject;
    const from = await startOf(log, channel);
    for (let round = 1; round <= 20; round++) {
      const [, reader] = await Promise.all([
        log.append(channel, numbers(1, 2 * round - 1)),
        WakeUpReader.start(log, channel, from),
      ]);
      await log.append(channel, numbers(1, 2 * round));
      await reader.reaches(2 * round, subject);
      assert.deepEqual(reader.seen, texts(2 * round));
      await reader.stop();
    }
  },
});

const ending = group("watching", {
  "an ended watch is never woken again": async (subject, channel) => {
    const { log } = subject;
    const [ended, control] = [await countWakes(subject, channel), await countWakes(subject, channel)];
    await ended.wokenBy(() => log.append(channel, numbers(1)));
    await ended.unwatch();
    await ended.unwatch();
    const before = ended.count();
    for (let count = 2; count <= 5; count++)
      await control.wokenBy(() => log.append(channel, numbers(1, count)));
    assert.equal(ended.count(), before);
    await control.unwatch();
  },

  "a pending wake-up does not arrive after unwatch": async (subject, channel) => {
    const { log } = subject;
    const [ended, control] = [await countWakes(subject, channel), await countWakes(subject, channel)];
    const appending = log.append(channel, numbers(1));
    const unwatching = ended.unwatch();
    const before = ended.count();
    await Promise.all([appending, unwatching]);
    await control.wokenBy(() => log.append(channel, numbers(1, 2)));
    assert.equal(ended.count(), before);
    await control.unwatch();
  },

  "the same function can watch several times": async (subject, channel) => {
    const { log } = subject;
    let count = 0;
    const wake = (): void => {
      count += 1;
    };
    const [first, second] = [await log.watch(channel, wake), await log.watch(channel, wake)];
    const control = await countWakes(subject, channel);
    await first();
    await control.wokenBy(() => log.append(channel, numbers(1)));
    await control.wokenBy(() => log.append(channel, numbers(1)));
    assert.ok(count > 0, "the second watch is still active");
    await Promise.all([second(), control.unwatch()]);
  },

  "disposing ends all watches, and later calls are rejected": async (subject, channel) => {
    const { log } = subject;
    const watch = await countWakes(subject, channel);
    await watch.wokenBy(() => log.append(channel, numbers(1)));
    await log.dispose();
    const before = watch.count();
    await refused("unavailable", log.append(channel, numbers(1)));
    await refused("unavailable", log.read(channel, "start", { maxMessages: 1 }));
    await refused(
      "unavailable",
      log.watch(channel, () => {}),
    );
    await refused("unavailable", log.remove(channel));
    await log.dispose();
    await watch.unwatch();
    assert.equal(watch.count(), before);
  },
});

export const watching: readonly LogTest[] = [...waking, ...following, ...ending];
