import type { Subject } from "../peer/parts.ts";

/** A server that conforms, in an odd way: the suite must not find it at fault. */
export interface Variant extends Subject {
  /** What is odd about it. */
  readonly title: string;
  /** SHOULDs that it has a reason not to meet. */
  readonly unmet?: readonly string[];
  /** It offers so little that some MUSTs cannot be seen. */
  readonly isPartial?: boolean;
}
