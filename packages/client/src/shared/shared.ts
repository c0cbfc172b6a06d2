import { AnswerError } from "@tidemark/client-core";
import { abortable, type Batch, type Connection, type Mechanism } from "@tidemark/client-core/kit";
import { canShare, groupName } from "./group-name.ts";
import { Member } from "./member.ts";

/**
 * A mechanism that shares one connection among all tabs of a browser. One tab reads with `inner`, and passes
 * on what it gets; each tab keeps its own position, and reads by itself what it missed. Where tabs cannot
 * share, it is `inner`. For one subscription only. `reader` is the name that the application gives the
 * reader; true if its headers tell who reads.
 */
export function shared(inner: Mechanism, reader: string | true): Mechanism {
  let isAlone = !canShare();
  // Then the tab has also shown that it may read.
  let isCaughtUp = false;
  async function* share(
    name: string,
    connection: Connection,
  ): AsyncGenerator<Batch, number | undefined, void> {
    const member = new Member(name, connection, inner);
    try {
      if (!isCaughtUp) yield* member.readOwn();
      isCaughtUp = true;
      return yield* member.follow();
    } catch (error) {
      isAlone = member.isAlone || hasNoPages(error);
      if (!isAlone) throw error;
    } finally {
      member.leave();
    }
    return yield* inner.open(connection);
  }
  return {
    get name() {
      return inner.name;
    },
    async *open(connection) {
      const name = isAlone ? undefined : await nameOf(connection, reader);
      return yield* name === undefined ? inner.open(connection) : share(name, connection);
    },
  };
}

/** The name of the tabs to share with; undefined if `headers` fails: the request of this tab then reports it. */
async function nameOf({ session, signal }: Connection, reader: string | true): Promise<string | undefined> {
  const named = groupName(session, reader).catch(() => undefined);
  return abortable(named, signal);
}

/** Whether the server offers no pages, so that a tab cannot read what it missed. */
function hasNoPages(error: unknown): boolean {
  return error instanceof AnswerError && error.status === 406;
}
