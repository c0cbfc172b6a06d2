import { STATE } from "./state.ts";

/**
 * Adopt: store messages with their existing ids, after the end or as the beginning of an unwritten channel.
 *
 * All checks come before the first write. Returns `[outcome, epoch, end]`.
 */
export const ADOPT: string = `${STATE}
local epoch, from, closed = ARGV[2], ARGV[3], ARGV[4]
local FIRST_MESSAGE = 5
local state = load()
if not state.written then
  state.epoch, state.first, state.last = epoch, from, from
elseif epoch ~= state.epoch or from ~= state.last then
  return { 'not-at-end', state.epoch, state.last }
end

local stamp = stampFor(state, present())
for message = FIRST_MESSAGE, #ARGV, 3 do
  local event, json = ARGV[message + 1], ARGV[message + 2]
  state.last = ARGV[message]
  add(state, stamp, event, json)
end
state.closed = closed
store(state, stamp)
wakeWatchers()
return { 'stored', state.epoch, state.last }
`;
