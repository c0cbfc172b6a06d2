import { STATE } from "./state.ts";

/**
 * Read: what follows a position, if the log has that very position.
 *
 * KEYS[5] never exists. Answers `[epoch, first, last, closed, at, heads, data]`, where `at` is the id of the position
 * that was asked for, empty where the log has none such. The heads are one text, a line for each message: its id, and
 * its event after a space. Many short texts cost a client, and nested lists cost Redis, more than all the rest.
 */
export const READ: string = `${STATE}
local NOTHING, epoch, asked = KEYS[5], ARGV[2], ARGV[3]
local pageMessages, pageBytes = tonumber(ARGV[4]), tonumber(ARGV[5])

-- A write that changes nothing: a replica refuses it, and does not answer with what it may not have yet.
local refusal = redis.pcall('DEL', NOTHING)
if type(refusal) == 'table' and string.find(refusal.err, 'READONLY', 1, true) then return refusal end

local state = load()
trim(state, present())
local first, last = seqOf(state.first), seqOf(state.last)

-- The number of the last message of a page that begins behind this one.
local function pageEnd(before)
  local to = math.min(last, before + pageMessages)
  if to - before < 2 or state.lastBytes - state.firstBytes <= pageBytes then return to end
  local offset = before == first and state.firstBytes or bytesThrough(entryAt(before))
  local function fits(seq) return bytesThrough(entryAt(seq)) - offset <= pageBytes end
  if fits(to) then return to end
  return lastWhere(before + 1, to - 1, fits)
end

-- The entries behind a position; the first one is the position's own, where it has one.
local function entriesFrom(before)
  if before == last then return { entryAt(last) } end
  return redis.call('XRANGE', MESSAGES, text(before), text(pageEnd(before)))
end

-- From this one on: their heads, and their data.
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

-- The tag is compared with all the rest: another append at this place is another history.
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
