/** Node's arguments for the command of a workspace: built if `npm test` has just built it, else from sources. */
export function mainOf(workspace: string): string[];

/** Node's arguments for code that imports our packages, including TypeScript. */
export const sources: readonly string[];
