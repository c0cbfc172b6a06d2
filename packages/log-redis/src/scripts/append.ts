import { STATE } from "./state.ts";

/**
 * Append: check key, closed and `after`, in this order. All checks come before the first write, because Redis
 * does not roll back.
 *
 * KEYS[5], if present, stores the answer to the idempotency key. Returns `[outcome, epoch, end, closed,
 * count]`.
 */
export const APPEND: string = `${STATE}
local KEY = KEYS[5]
local tag, close, after, digest = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local FIRST_DRAFT = 6
local count = (#ARGV - FIRST_DRAFT + 1) / 2
local state = load()

if KEY then
  local remembered = redis.call('GET', KEY)
  local epoch, id, closed, stored, known
  if remembered then
    epoch, id, closed, stored, known = string.match(remembered, '^(%S+) (%S+) (%d) (%d+) (.*)$')
  end
  if epoch == state.epoch then
    if known ~= digest then return { 'key-reused', epoch, id, closed, 0 } end
    return { 'replayed', epoch, id, closed, tonumber(stored) }
  end
end
if state.closed == '1' and count > 0 then return { 'closed', state.epoch, state.last, '1', 0 } end
if after ~= '' and after ~= state.epoch .. ' ' .. state.last then
  return { 'not-at-end', state.epoch, state.last, state.closed, 0 }
end

local now = present()
local stamp = stampFor(state, now)
local seq = seqOf(state.last)
for draft = FIRST_DRAFT, #ARGV, 2 do
  local event, json = ARGV[draft], ARGV[draft + 1]
  seq = seq + 1
  state.last = text(seq) .. '-' .. tag
  add(state, stamp, event, json)
end
local closes = close == '1' and state.closed == '0'
if closes then state.closed = '1' end
if count > 0 or closes then
  store(state, stamp)
  trim(state, now)
  wakeWatchers()
end
if KEY then
  local answer = table.concat({ state.epoch, state.last, state.closed, text(count), digest }, ' ')
  redis.call('SET', KEY, answer, 'PX', keyTtlMs)
end
return { 'stored', state.epoch, state.last, state.closed, count }
`;
