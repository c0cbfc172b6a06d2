import type { Gap, RawPage } from "@tidemark/protocol";
import type { Frame } from "@tidemark/server-core";
import { blocksOf, displacedFrame, heartbeatFrame, openBlock, pageFrame } from "./blocks.ts";

/** What a stream says at its beginning, besides its first page. */
export interface Opening {
  readonly heartbeatS: number;
  readonly retryMs: number;
  readonly gap: Gap | undefined;
}

/** How the pages of a channel are written as blocks of an event stream. Its functions share what they encode. */
export interface StreamForm {
  /** The first bytes of a stream; not empty, since they are sent with the head of the answer. */
  begin(page: RawPage, opening: Opening): string | Uint8Array;
  /** The blocks of a page that pass the filter; undefined if there are none. */
  page(page: RawPage, events: readonly string[] | undefined): Frame | undefined;
  /** Keeps a silent stream alive. */
  heartbeat(cursor: string): Frame | undefined;
  /** Asks a client to reconnect after `retryMs`. */
  displaced(retryMs: number): Frame | undefined;
  /**
   * Whether a stream is complete with this page, the last of its channel. A form that says so has its streams cut
   * whenever they end before that, so that they do not look complete. @defaultValue every stream may end at any time
   */
  isComplete?(page: RawPage): boolean;
}

/** The form of the specification. Spec: sse. */
export const TIDEMARK_FORM: StreamForm = {
  begin: (page, opening) => openBlock({ cursor: page.from, ...opening }) + blocksOf(page),
  page: pageFrame,
  heartbeat: heartbeatFrame,
  displaced: displacedFrame,
};
