import { STATE } from "./state.ts";

/**
 * Read: the messages after a position, if the log has exactly that position.
 *
 * KEYS[5] never exists. Returns `[epoch, first, last, closed, at, heads, data]`. `at` is the id of the
 * requested position, empty if the log does not have it. `heads` is one text with a line for each message:
 * its id, and its event after a space. Many short texts would cost the client, and nested lists would cost
 * Redis, more than the rest.
 */
export const READ: string = `${STATE}
local NOTHING, epoch, asked = KEYS[5], ARGV[2], ARGV[3]
local pageMessages, pageBytes = tonumber(ARGV[4]), tonumber(ARGV[5])

-- A write without effect: a replica rejects it, instead of answering from stale data.
local refusal = redis.pcall('DEL', NOTHING)
if type(refusal) == 'table' and string.find(refusal.err, 'READONLY', 1, true) then return refusal end

local state = load()
trim(state, present())
local first, last = seqOf(state.first), seqOf(state.last)

-- The number of the last message of a page that begins after message before.
local function pageEnd(before)
  local to = math.min(last, before + pageMessages)
  if to - before < 2 or state.lastBytes - state.firstBytes <= pageBytes then return to end
  local offset = before == first and state.firstBytes or bytesThrough(entryAt(before))
  local function fits(seq) return bytesThrough(entryAt(seq)) - offset <= pageBytes end
  if fits(to) then return to end
  return lastWhere(before + 1, to - 1, fits)
end

-- The entries after a position, preceded by the position's own entry, if it exists.
local function entriesFrom(before)
  if before == last then return { entryAt(last) } end
  return redis.call('XRANGE', MESSAGES, text(before), text(pageEnd(before)))
end

-- The heads and the data of the entries from index from on.
local function told(entries, from)
  local heads, data = {}, {}
  for i = from, #entries do
    local entry = entries[i]
    local fields = entry[2]
    heads[i - from + 1] = fields[4] and entry[1] .. ' ' .. fields[4] or entry[1]
    data[i - from + 1] = fields[2]
  end
  return table.concat(heads, '\\n'), data
end

-- Compare the tag too: a different append at this position means a different history.
local function page()
  if asked == 'end' then return state.last, '', {} end
  local at = asked == 'start' and state.first or asked
  local before = seqOf(at)
  local isWithin = asked == 'start' or epoch == state.epoch and first <= before and before <= last
  if not isWithin or before == first and at ~= state.first then return '', '', {} end
  local entries = entriesFrom(before)
  if before == first then return at, told(entries, 1) end
  if entries[1][1] ~= at then return '', '', {} end
  return at, told(entries, 2)
end

local at, heads, data = page()
return { state.epoch, state.first, state.last, state.closed, at, heads, data }
`;
