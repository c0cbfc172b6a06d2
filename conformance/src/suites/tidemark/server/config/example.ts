/** A commented configuration for this target; the commented-out parts show all options. */
export function exampleConfig(url = "http://127.0.0.1:3000/channels/{channel}"): string {
  return `# yaml-language-server: $schema=./node_modules/@tidemark/conformance/schema/config.json
# Run it: npx @tidemark/conformance server -c conformance.yaml
# Flags of the command line take precedence. Paths are relative to this file.
# To enable an option, remove its # (the one without a space after it).
spec: "1.0"

target:
  # {channel} stands for a channel's name: the suite creates its own channels and removes them afterwards.
  # Without it, this is a single channel, which the suite only reads.
  url: ${JSON.stringify(url)}

  # Start the server for the run, and stop it afterwards:
  #start:
    #command: node server.js
    #ready: http://127.0.0.1:3000/    # polled until it answers, with any status
    #timeout: 20s

  # Sent with every request. Values come from the environment or a file, and are never printed:
  #headers:
    #Authorization: { env: TEST_TOKEN, prefix: "Bearer " }
    #X-Api-Key: { file: ./api-key.txt }

  # The server's name in reports:
  #identity: { name: acme-events, version: 2.3.1 }

  #insecure: true                     # accept any certificate

# The suite tests the mechanisms that the server claims. Set one to false to leave it out:
#mechanisms: { polling: true, long-polling: true, sse: true }

# How long tests may wait; a test that would take longer is inconclusive:
#limits: { wait: 8s, heartbeat: 60s }

# How to publish, if not by the protocol's POST. One of http, exec, module:
#driver:
  #publish:
    #http:
      #method: POST
      #url: http://127.0.0.1:3000/admin/{channel}/messages
      #headers: { Authorization: { env: ADMIN_TOKEN } }
      #json: { kind: "{event}", data: "{payload}" }
    #exec: { command: ./publish.sh }        # gets one JSON message per line on its standard input
    #module: ./driver.mjs                   # exports \`driver\`
  # How a channel is declared, if the server knows only declared ones. A removal must not undo it:
  #declare: { http: { method: PUT, url: "http://127.0.0.1:3000/admin/{channel}" } }
  #close: { http: { url: "http://127.0.0.1:3000/admin/{channel}/close" } }
  #remove: { exec: { command: ./remove.sh } }

# How to provoke faults, for the tests that need them: a control interface, or commands:
#control:
  #url: http://127.0.0.1:3000/control
  #restart: { command: systemctl restart my-server, timeout: 30s }

#allow: publish                       # the most that the suite may do: observe, publish or provoke
#channels: conformance-{run}-{test}   # the names of channels
#baseline: ./conformance-baseline.yaml

#run: ["server/sse/*"]                # only these tests
#skip: []
#requirement: ["SSE-*"]
#strict: true                         # count an unmet SHOULD as a violation
#require-complete: true               # exit 4 unless every MUST was verified
#budget: 90s
#reporter: pretty,junit=conformance.xml,html=conformance.html
`;
}
