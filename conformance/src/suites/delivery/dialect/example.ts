/** A commented dialect for a server of messages; the commented-out parts show all options. */
export function exampleDialect(): string {
  return `# yaml-language-server: $schema=./node_modules/@tidemark/conformance/schema/dialect.json
# How a server publishes and delivers messages. The suite makes its own channels and messages.
# {base} is the URL of the command line, {channel} a channel's name, {payload} a message, {position} a reader's position.
# To enable an option, remove its # (the one without a space after it).
title: my server
source: https://docs.example.com/messages    # the document that says so

# Requests before a channel is used; what one takes, the next ones can use:
#setup:
  #- { method: PUT, url: "{base}/{channel}", take: { session: header X-Session } }

# How a message is published. Default: the payload is JSON.
publish: { url: "{base}/{channel}", json: { data: "{payload}" } }
#batch: { url: "{base}/{channel}", json: { messages: "{messages}" } }
#payload: text
#close: { url: "{base}/{channel}/close" }
#remove: { method: DELETE, url: "{base}/{channel}" }
#trim: { method: DELETE, url: "{base}/{channel}?keep={keep}" }
#keeps: 100

# How messages are read: at least one of poll, long-poll and sse.
# A parameter or field whose placeholder has no value is left out, as in the first request.
poll:
  request: { url: "{base}/{channel}?after={position}" }
  position: { from: json /next }              # or: header X-Position; a start, an end, an unknown position
  messages: { list: /messages, payload: /data }
  #empty: [204, 304]
  #loss: { status: [410] }                    # how a response reports that messages are missing
  #end: { json: /closed }                     # how it reports that the channel is closed

#long-poll:
  #request: { url: "{base}/{channel}?after={position}&wait=5" }
  #position: { from: json /next }
  #messages: { list: /messages, payload: /data }
  #limit: 5s                                  # how long a request is held

#sse:
  #request: { url: "{base}/{channel}/events", fields: { Last-Event-ID: "{position}" } }
  #messages: { event: message, payload: /data }
  #readers: 1                                 # how many readers a channel can have
  #loss: { event: gap }

# What the server promises; each promise makes sentences of the profile binding:
promises: { delivery: every, order: one }
#  start: oldest · resume: exact, batch or none · positions: shared · restart: safe · unknown-position: reported
#  lost-history: reported · end: reported · isolation: feed
`;
}
