import type { DeliveryTest } from "../context.ts";
import { endTests } from "./end.ts";
import { feedTests } from "./feeds.ts";
import { lossTests } from "./losses.ts";
import { orderTests } from "./order.ts";
import { positionTests } from "./positions.ts";
import { readingTests } from "./reading.ts";
import { waitingTests } from "./waiting.ts";

/** Every test of a delivery, in the order of the profile. */
export const DELIVERY_TESTS: readonly DeliveryTest[] = [
  ...readingTests,
  ...orderTests,
  ...positionTests,
  ...waitingTests,
  ...lossTests,
  ...endTests,
  ...feedTests,
];
