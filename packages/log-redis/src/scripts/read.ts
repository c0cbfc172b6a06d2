import { STATE } from "./state.ts";

/**
 * Read: what follows a position, if the log has that very position.
 *
 * KEYS[5] never exists. Answers `[epoch, first, last, closed, at, entries]`, where `at` is the id of the position
 * that was asked for, empty where the log has none such.
 */
export const READ: string = `${STATE}
local NOTHING, epoch, asked = KEYS[5], ARGV[7], ARGV[8]
local pageMessages, pageBytes = tonumber(ARGV[9]), tonumber(ARGV[10])

-- A write that changes nothing: a replica refuses it, and does not answer with what it may not have yet.
local refusal = redis.pcall('DEL', NOTHING)
if type(refusal) == 'table' and string.find(refusal.err, 'READONLY', 1, true) then return refusal end

local state = load()
trim(state, nowFor(state))
local first, last = seqOf(state.first), seqOf(state.last)

-- The id of the position that was asked for, and the bytes of all up to it.
-- The tag is compared with all the rest: another append at this place is another history.
local function position()
  if asked == 'start' then return state.first, state.firstBytes end
  if asked == 'end' then return state.last, state.lastBytes end
  if epoch ~= state.epoch then return '' end
  local seq = seqOf(asked)
  local id, bytes = '', 0
  if seq == first then id, bytes = state.first, state.firstBytes end
  if seq > first and seq <= last then
    local entry = entryAt(seq)
    id, bytes = entry[1], bytesBefore(entry) + sizeOf(entry)
  end
  return id == asked and id or '', bytes
end

local function pageFrom(from, offset)
  local to = math.min(last, from + pageMessages - 1)
  if to > from and state.lastBytes - offset > pageBytes then
    to = lastWhere(from, to, function(seq)
      local entry = entryAt(seq)
      return bytesBefore(entry) + sizeOf(entry) - offset <= pageBytes
    end)
  end
  return redis.call('XRANGE', MESSAGES, text(from), text(to))
end

local at, bytes = position()
local entries = {}
if at ~= '' and seqOf(at) < last then entries = pageFrom(seqOf(at) + 1, bytes) end
return { state.epoch, state.first, state.last, state.closed, at, entries }
`;
