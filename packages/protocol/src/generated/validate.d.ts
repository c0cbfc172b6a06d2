import type { WirePublish } from "../publish.ts";

/** One way in which a value is not what it has to be. */
export interface Fault {
  /** A JSON Pointer to the faulty part. */
  readonly instancePath: string;
  readonly message?: string;
}

/** Checks the shape of a publish's body; `errors` are those of the last call. */
export declare const validatePublish: {
  (value: unknown): value is WirePublish;
  readonly errors?: readonly Fault[] | null;
};
