/** A commented configuration for this stream; the commented-out parts show all options. */
export function exampleStreamConfig(url = "http://127.0.0.1:3000/events"): string {
  return `# yaml-language-server: $schema=./node_modules/@tidemark/conformance/schema/sse-config.json
# Run it: npx @tidemark/conformance sse -c conformance.yaml
# Flags of the command line take precedence. Paths are relative to this file.
# To enable an option, remove its # (the one without a space after it).

target:
  url: ${JSON.stringify(url)}

  # Start the server for the run, and stop it afterwards:
  #start: { command: node server.js, ready: "http://127.0.0.1:3000/", timeout: 20s }

  # Sent with every request. Values come from the environment or a file, and are never printed:
  #headers:
    #Authorization: { env: TEST_TOKEN, prefix: "Bearer " }

  # A stream that a POST opens, such as the run of a language model:
  #method: POST
  #json: { prompt: "Hello" }
  #resume-url: http://127.0.0.1:3000/runs/1?after={id}   # where to request it again, if not by Location

  # Fields whose values are not secret; {session} stands for what setup took:
  #fields: { Mcp-Session-Id: "{session}" }

  #identity: { name: acme-events, version: 2.3.1 }
  #insecure: true                     # accept any certificate

# Requests to send before the stream is opened:
#setup:
  #- url: http://127.0.0.1:3000/sessions
    #json: { user: test }
    #take: { session: header Mcp-Session-Id }            # or: json /session/id

# How to publish an event, so that resuming can be checked exactly. One of http, exec, module:
#publish:
  #http: { method: POST, url: "http://127.0.0.1:3000/publish", body: "{payload}" }
#payload: text                        # what a publish takes: json or text

# What the server promises; a promised sentence binds as a MUST:
#promises: { resume: exact, ids: unique, isolation: session, restart: safe, end: terminal }

#vocabulary: openai-chat              # the meaning of the events (default: guessed)
#observe: 60s                         # how long to watch (default: 18s, up to 32s if few events come)
#thorough: true                       # also twelve readers, a slow one, HTTP/1.0 and HTTP/2
#restart: { command: systemctl restart my-server }

#baseline: ./sse-baseline.yaml
#skip: []
#strict: true                         # count an unmet SHOULD as a violation
#reporter: pretty,issue=issues.md
`;
}
