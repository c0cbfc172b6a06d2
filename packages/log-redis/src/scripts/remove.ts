import { STATE } from "./state.ts";

/** Remove: forget the channel and wake its watchers. Returns 1 if there was anything to remove, else 0. */
export const REMOVE: string = `${STATE}
local existed = redis.call('EXISTS', META, MESSAGES)
if existed == 0 then return 0 end
forget()
wakeWatchers()
return 1
`;
