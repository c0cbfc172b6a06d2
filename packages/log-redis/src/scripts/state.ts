/**
 * The common beginning of every script: the state of a channel, in Lua.
 *
 * It is preceded by the bounds as constants, see `boundsInLua`. KEYS: the channel's description and stream,
 * then two keys of its shard: the seed and the removed channels. ARGV[1] is a nonce, followed by the log's
 * time if there is an age bound. The numbers of a stream are dense, so messages are found by number, and
 * bounds by binary search.
 */
export const STATE: string = `
local META, MESSAGES, SEED, REMOVED = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local nonce, toldMs = string.match(ARGV[1], '^(%S+) ?(%d*)$')
local SHARD = string.sub(SEED, 1, -5)
local channel = string.sub(META, #SHARD + 6)
local MAX_TRIM = 10000

local function text(number) return string.format('%.0f', number) end

local function seqOf(id) return tonumber(string.match(id, '^%d+')) end

local function entryAt(seq)
  return redis.call('XRANGE', MESSAGES, text(seq), text(seq), 'COUNT', 1)[1]
end

-- A message is one field. Its name is the time and the bytes of all earlier messages; its value is the data. An event is
-- a second field. Each further string would cost readers as much as the data.
local function timeOf(entry) return tonumber(string.match(entry[2][1], '^%d+')) end
local function bytesBefore(entry) return tonumber(string.match(entry[2][1], '%d+$')) end
local function bytesThrough(entry) return bytesBefore(entry) + #entry[2][2] + #(entry[2][4] or '') end

-- The greatest number from low to high for which holds is true, given that it is true up to some number and then false.
-- Searches by doubling steps, then by halving, because the result is mostly near.
local function lastWhere(low, high, holds)
  local step = 1
  while low + step <= high and holds(low + step) do
    low = low + step
    step = step * 2
  end
  high = math.min(high, low + step - 1)
  while low < high do
    local middle = math.ceil((low + high) / 2)
    if holds(middle) then low = middle else high = middle - 1 end
  end
  return low
end

-- The start of an unwritten channel is derived from its name and a seed, so that nothing is stored for it.
local function beginning()
  local seed = redis.call('HGET', REMOVED, channel) or redis.call('GET', SEED)
  if not seed then
    seed = nonce
    redis.call('SET', SEED, seed)
  end
  local hash = redis.sha1hex(seed .. channel)
  local id = '0-' .. text(tonumber(string.sub(hash, 17, 28), 16))
  return {
    epoch = string.sub(hash, 1, 16), first = id, last = id,
    firstBytes = 0, lastBytes = 0, time = 0, closed = '0', written = false,
  }
end

-- Move the start of the channel. If too many are removed, a new seed moves the start of all unwritten channels.
local function forget()
  redis.call('UNLINK', META, MESSAGES)
  if redis.call('HLEN', REMOVED) < maxRemoved then
    redis.call('HSET', REMOVED, channel, nonce)
  else
    redis.call('DEL', REMOVED)
    redis.call('SET', SEED, nonce)
  end
end

-- If the description does not match the messages, part of the channel was lost: begin a new epoch.
local function load()
  local meta = redis.call('HMGET', META, 'epoch', 'first', 'last', 'firstBytes', 'lastBytes', 'time', 'closed')
  local length = redis.call('XLEN', MESSAGES)
  if meta[1] and length == seqOf(meta[3]) - seqOf(meta[2]) then
    return {
      epoch = meta[1], first = meta[2], last = meta[3], firstBytes = tonumber(meta[4]),
      lastBytes = tonumber(meta[5]), time = tonumber(meta[6]), closed = meta[7], written = true,
    }
  end
  if meta[1] or redis.call('EXISTS', MESSAGES) == 1 then forget() end
  return beginning()
end

-- Add a message at the end. state.last already has its id.
local function add(state, now, event, json)
  local name = text(now) .. ' ' .. text(state.lastBytes)
  if event == '' then
    redis.call('XADD', MESSAGES, state.last, name, json)
  else
    redis.call('XADD', MESSAGES, state.last, name, json, 'event', event)
  end
  state.lastBytes = state.lastBytes + #json + #event
end

-- Store the description after messages were added.
local function store(state, now)
  redis.call('HSET', META, 'last', state.last, 'lastBytes', text(state.lastBytes), 'time', text(now),
    'closed', state.closed)
  if state.written then return end
  redis.call('HSET', META, 'epoch', state.epoch, 'first', state.first, 'firstBytes', text(state.firstBytes))
  redis.call('HDEL', REMOVED, channel)
end

local function wakeWatchers() redis.call('PUBLISH', SHARD .. 'wake:' .. channel, '') end

-- The time for message ages: the earlier of the Redis clock and the log's own, so that a forward jump of either
-- expires no message early.
local function present()
  local time = redis.call('TIME')
  return math.min(tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000), tonumber(toldMs) or math.huge)
end

-- Timestamps never go back within a channel.
local function stampFor(state, now) return math.max(state.time, now) end

-- The last number that retention drops, by count, bytes (sparing the newest message) and age, in bounded steps.
local function trimTarget(state, now)
  local first, last = seqOf(state.first), seqOf(state.last)
  local most = math.min(last, first + MAX_TRIM)
  local target = math.max(first, math.min(most, last - maxMessages))
  if state.lastBytes - state.firstBytes > maxBytes then
    target = lastWhere(target, math.max(target, math.min(most, last - 1)), function(seq)
      return state.lastBytes - bytesBefore(entryAt(seq)) > maxBytes
    end)
  end
  if maxAgeMs >= now then return target end
  local function expired(seq) return timeOf(entryAt(seq)) < now - maxAgeMs end
  if target < most and expired(target + 1) then return lastWhere(target + 1, most, expired) end
  return target
end

-- Keeps the id before the oldest message, because Redis itself forgets it.
local function trim(state, now)
  local isOver = state.lastBytes - state.firstBytes > maxBytes or seqOf(state.last) - seqOf(state.first) > maxMessages
  if not isOver and maxAgeMs >= now then return end
  local target = trimTarget(state, now)
  if target == seqOf(state.first) then return end
  local boundary = entryAt(target)[1]
  local firstBytes = state.lastBytes
  if target < seqOf(state.last) then firstBytes = bytesBefore(entryAt(target + 1)) end
  -- If Redis rejects writes (its disk is full), continue the read. The next step trims.
  local trimmed = redis.pcall('XTRIM', MESSAGES, 'MINID', text(target + 1))
  if type(trimmed) == 'table' then return end
  state.first, state.firstBytes = boundary, firstBytes
  redis.call('HSET', META, 'first', boundary, 'firstBytes', text(firstBytes))
end
`;
