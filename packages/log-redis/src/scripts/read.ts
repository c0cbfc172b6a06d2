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

-- The tag is compared with all the rest: another append at this place is another history.
local function idAsked()
  if asked == 'start' then return state.first end
  if asked == 'end' then return state.last end
  if epoch ~= state.epoch then return '' end
  local seq = seqOf(asked)
  local id = ''
  if seq == first then id = state.first end
  if seq > first and seq <= last then id = entryAt(seq)[1] end
  return id == asked and id or ''
end

local function pageFrom(from)
  local to = math.min(last, from + pageMessages - 1)
  local offset = bytesBefore(entryAt(from))
  if state.lastBytes - offset > pageBytes then
    to = lastWhere(from, to, function(seq)
      local entry = entryAt(seq)
      return bytesBefore(entry) + sizeOf(entry) - offset <= pageBytes
    end)
  end
  return redis.call('XRANGE', MESSAGES, text(from), text(to))
end

local at = idAsked()
local entries = {}
if at ~= '' and seqOf(at) < last then entries = pageFrom(seqOf(at) + 1) end
return { state.epoch, state.first, state.last, state.closed, at, entries }
`;
