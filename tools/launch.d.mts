/** Node's arguments for a workspace's command: as built where `npm test` has just built it, else from its sources. */
export function mainOf(workspace: string): string[];

/** Node's arguments for code that imports our packages, TypeScript included. */
export const sources: readonly string[];
