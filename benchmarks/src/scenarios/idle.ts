import { ALL_TARGETS, type Scenario } from "./scenario.ts";

const STREAMS = 10_000;

/** The memory of idle streams. */
export const idle: Scenario = {
  id: "idle-10000",
  title: "memory of an idle stream, of 10 000 on one channel",
  targets: ALL_TARGETS,
  figures: [
    { key: "kib", title: "KiB per stream", digits: 1, more: false },
    { key: "openUs", title: "CPU µs to open one", more: false },
    { key: "idleUs", title: "CPU ms in 2 s of silence", digits: 1, more: false },
  ],
  run: async (bench, scale) => {
    const { stream } = bench.dialect;
    if (!stream) throw new Error("no streams");
    await bench.create("one");
    const warm = bench.audience();
    await warm.open(Array.from({ length: 200 }, () => stream("one")));
    await bench.inside();
    const count = Math.round(STREAMS * scale);
    const before = bench.usage();
    const audience = bench.audience();
    await audience.open(Array.from({ length: count }, () => stream("one")));
    const opened = bench.usage();
    await bench.inside(); // collects garbage
    await new Promise((resolve) => setTimeout(resolve, 500));
    const settled = bench.usage();
    await new Promise((resolve) => setTimeout(resolve, 2_000 * scale));
    return {
      kib: (settled.residentBytes - before.residentBytes) / 1_024 / count,
      openUs: (opened.cpuUs - before.cpuUs) / count,
      idleUs: (bench.usage().cpuUs - settled.cpuUs) / 1_000,
    };
  },
};
