import { createHash } from "node:crypto";
import { formatLogCursor, gapError, newEpoch, newTag, parseLogCursor, type ReadOptions } from "@tidemark/log";
import type { Position, RawPage } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ChannelState } from "../store/memory-store.ts";
import { RetainedMessages } from "../store/retained-messages.ts";
import { failures, killedIn, Mutant } from "./killed.ts";

const killed = killedIn(test);

test("the unmodified log passes every test", async () => {
  assert.equal(await failures((options, store) => new Mutant(options, store)), []);
});

function seqOf(from: Position): number | undefined {
  return parseLogCursor(from)?.seq;
}

killed(
  "the tag is not compared",
  class extends Mutant {
    protected override locate(state: ChannelState, from: Position): number {
      const cursor = parseLogCursor(from);
      const { startSeq, endSeq } = state.retained;
      const isThere = cursor && cursor.seq >= startSeq && cursor.seq <= endSeq;
      return isThere && cursor.epoch === state.epoch ? cursor.seq - startSeq : super.locate(state, from);
    }
  },
  {
    by: "failover: it stays a gap when more messages are appended than were lost",
    topics: ["failover", "gaps"],
  },
);

killed(
  "trimmed messages are skipped without a gap",
  class extends Mutant {
    protected override locate(state: ChannelState, from: Position): number {
      const cursor = parseLogCursor(from);
      const isBefore = cursor?.epoch === state.epoch && cursor.seq < state.retained.startSeq;
      return isBefore ? 0 : super.locate(state, from);
    }
  },
  {
    by: "retention: a position is valid iff no message after it was dropped",
    topics: ["retention", "concurrency"],
  },
);

killed(
  "the position just before the oldest message is a gap",
  class extends Mutant {
    protected override locate(state: ChannelState, from: Position): number {
      const isTrimmed = state.retained.startSeq > 0 && from === state.retained.start;
      if (isTrimmed) throw gapError("retention", from, state.retained);
      return super.locate(state, from);
    }
  },
  {
    by: "retention: when all messages are dropped, the end is the only valid position",
    topics: ["retention"],
  },
);

killed(
  "a position ahead of the end is read as the end",
  class extends Mutant {
    protected override locate(state: ChannelState, from: Position): number {
      const cursor = parseLogCursor(from);
      const isAhead = cursor?.epoch === state.epoch && cursor.seq > state.retained.endSeq;
      return isAhead ? state.retained.length : super.locate(state, from);
    }
  },
  { by: "failover: a cursor of a lost message is a gap", topics: ["failover", "gaps"] },
);

for (const place of ["start", "end"] as const) {
  killed(
    `an unknown position is read as the ${place}`,
    class extends Mutant {
      protected override locate(state: ChannelState, from: Position): number {
        return super.locate(
          state,
          seqOf(from) === undefined && from !== "start" && from !== "end" ? place : from,
        );
      }
    },
    { by: "gaps: a cursor that no log issued", topics: ["gaps"] },
  );
}

killed(
  "reading is inclusive",
  class extends Mutant {
    protected override locate(state: ChannelState, from: Position): number {
      const offset = super.locate(state, from);
      return seqOf(from) === undefined ? offset : Math.max(0, offset - 1);
    }
  },
  {
    by: "reading: a read from a cursor returns exactly what was appended after it",
  },
);

killed(
  "cursors are compared as text",
  class extends Mutant {
    protected override locate(state: ChannelState, from: Position): number {
      super.locate(state, from);
      const seq = seqOf(from);
      if (seq === undefined) return from === "end" ? state.retained.length : 0;
      const all = state.retained.slice(0, state.retained.length, Number.POSITIVE_INFINITY);
      return all.filter(({ cursor }) => String(seqOf(cursor)) <= String(seq)).length;
    }
  },
  {
    by: "reading: a read from a cursor returns exactly what was appended after it",
  },
);

killed(
  "a removed channel keeps its epoch",
  class extends Mutant {
    readonly #zeros = new Map<string, string>();
    override async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
      const page = await super.read(channel, from, options);
      if (!this.#zeros.has(channel)) this.#zeros.set(channel, page.from);
      return page;
    }
    override async remove(channel: string): Promise<boolean> {
      const { epoch } = this.store.get(channel);
      const existed = await super.remove(channel);
      const zero = this.#zeros.get(channel) ?? formatLogCursor({ epoch, seq: 0, tag: newTag() });
      if (existed)
        this.store.keep(channel, { epoch, retained: new RetainedMessages(zero, 0), closed: false });
      return existed;
    }
  },
  {
    by: "removal: all its cursors become gaps, including the empty channel's",
    topics: ["keys", "removal"],
  },
);

killed(
  "the sequence restarts after a restart of the log",
  class extends Mutant {
    override async append(...args: Parameters<Mutant["append"]>): ReturnType<Mutant["append"]> {
      this.#begin(args[0]);
      return super.append(...args);
    }
    override async read(...args: Parameters<Mutant["read"]>): Promise<RawPage> {
      this.#begin(args[0]);
      return super.read(...args);
    }
    protected override locate({ epoch, retained }: ChannelState, from: Position): number {
      const cursor = parseLogCursor(from);
      const isHere =
        cursor?.epoch === epoch && cursor.seq >= retained.startSeq && cursor.seq <= retained.endSeq;
      return isHere ? cursor.seq - retained.startSeq : super.locate({ epoch, retained, closed: false }, from);
    }
    /** Derives the epoch from the channel's name, so it is the same after each restart. */
    #begin(channel: string): void {
      if (this.store.get(channel).retained.endSeq > 0 || this.#begun.has(channel)) return;
      this.#begun.add(channel);
      const epoch = createHash("sha256").update(channel).digest("base64url").slice(0, 12);
      const retained = new RetainedMessages(formatLogCursor({ epoch, seq: 0, tag: "AAAAAAAA" }), 0);
      this.store.keep(channel, { epoch, retained, closed: false });
    }
    readonly #begun = new Set<string>();
  },
  {
    by: "restarting: an earlier cursor continues as before or is a gap",
    topics: ["failover", "gaps", "restarting"],
  },
);

killed(
  "an unwritten channel has another position at each read",
  class extends Mutant {
    override async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
      const { retained, closed } = this.store.get(channel);
      if (retained.endSeq > 0 || closed || (from !== "start" && from !== "end"))
        return super.read(channel, from, options);
      const cursor = formatLogCursor({ epoch: newEpoch(), seq: 0, tag: newTag() });
      return { messages: [], from: cursor, cursor, more: false, closed: false };
    }
  },
  {
    by: "reading: the empty channel's cursor stays valid when messages arrive",
  },
);

test.run();
