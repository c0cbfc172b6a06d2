import type { Subject } from "../peer/parts.ts";

/** A server that conforms in an unusual way: the suite must report nothing about it. */
export interface Variant extends Subject {
  /** What is unusual about it. */
  readonly title: string;
  /** The SHOULD requirements that it has a reason not to meet. */
  readonly unmet?: readonly string[];
  /** Whether it offers so little that some MUST requirements cannot be tested. */
  readonly isPartial?: boolean;
}
