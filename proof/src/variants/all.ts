import { offerVariants } from "./offers.ts";
import { pageVariants } from "./pages.ts";
import { streamVariants } from "./streams.ts";
import type { Variant } from "./variant.ts";
import { wireVariants } from "./wire.ts";

/** The reference server as it is. */
export const REFERENCE: Variant = { id: "reference", title: "is the reference server, unchanged" };

/** The reference server, with faults. */
export const PROVOKED: Variant = {
  id: "provoked",
  title: "is the reference server under faults",
  isProvoked: true,
};

/** Every legal variant, by subject. */
export const ALL_VARIANTS: readonly Variant[] = [
  PROVOKED,
  ...offerVariants,
  ...pageVariants,
  ...streamVariants,
  ...wireVariants,
];
