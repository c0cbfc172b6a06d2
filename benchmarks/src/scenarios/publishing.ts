import { messageText } from "../load/message-text.ts";
import { ALL_TARGETS, type Scenario } from "./scenario.ts";

/** Sixteen publishers that wait for their answers, and some readers. */
export function publishing(readers: number): Scenario {
  return {
    id: `publish-${readers}`,
    title: `publishing, 16 publishers, ${readers} readers, in memory`,
    targets: ALL_TARGETS,
    figures: [
      { key: "rate", title: "publishes/s", more: true },
      { key: "cpuUs", title: "CPU µs per publish", digits: 1, more: false },
      { key: "loadBusy", title: "load busy", digits: 2, more: true },
    ],
    run: async (bench, scale) => {
      const { stream, publish } = bench.dialect;
      await bench.create("one");
      const audience = bench.audience();
      if (readers > 0 && stream) await audience.open(Array.from({ length: readers }, () => stream("one")));
      await bench.repeat(
        16,
        counted(readers === 0 ? 15_000 : 1_000, () => publish("one", messageText())),
      );
      await audience.quiet(50);
      const seen = audience.count;
      let published = 0;
      const until = performance.now() + 2_500 * scale;
      const cost = await bench.cost(async () => {
        await bench.repeat(16, () => {
          if (performance.now() > until) return undefined;
          published += 1;
          return publish("one", messageText());
        });
        await audience.until(seen + published * readers, 60_000);
      });
      return { rate: published / cost.seconds, cpuUs: cost.cpuUs / published, loadBusy: cost.loadBusy };
    },
  };
}

function counted(count: number, make: () => string): () => string | undefined {
  let left = count;
  return () => (left-- > 0 ? make() : undefined);
}
