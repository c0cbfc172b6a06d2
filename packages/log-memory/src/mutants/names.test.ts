import type { Appended, AppendOptions, ReadOptions, Unwatch } from "@tidemark/log";
import type { Position, RawDraft, RawPage } from "@tidemark/protocol";
import { test } from "uvu";
import { type Killing, killedIn, Mutant } from "./killed.ts";

const killed = killedIn(test);

/** Register a fault of names: a channel is stored under another name. */
function misname(fault: string, nameOf: (channel: string) => string, killing: Killing): void {
  killed(
    fault,
    class extends Mutant {
      override append(
        channel: string,
        drafts: readonly RawDraft[],
        options?: AppendOptions,
      ): Promise<Appended> {
        return super.append(nameOf(channel), drafts, options);
      }
      override read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
        return super.read(nameOf(channel), from, options);
      }
      override watch(channel: string, wake: () => void): Promise<Unwatch> {
        return super.watch(nameOf(channel), wake);
      }
      override remove(channel: string): Promise<boolean> {
        return super.remove(nameOf(channel));
      }
    },
    killing,
  );
}

const OWN_CHANNEL = "extremes: every name is a separate channel";

misname("names are compared in lower case", (name) => name.toLowerCase(), {
  by: OWN_CHANNEL,
  topics: ["extremes"],
});
misname("names are compared without blanks", (name) => name.trim(), {
  by: OWN_CHANNEL,
  topics: ["extremes"],
});
misname("names are normalized", (name) => name.normalize("NFC"), { by: OWN_CHANNEL, topics: ["extremes"] });
misname("long names are cut", (name) => name.slice(0, 255), { by: OWN_CHANNEL, topics: ["extremes"] });
misname("names are decoded", decode, { by: OWN_CHANNEL, topics: ["extremes"] });
misname("the channel name is ignored", () => "all", {
  by: "appending: channels do not share messages",
});

function decode(name: string): string {
  return name.replaceAll("%2F", "/");
}

test.run();
