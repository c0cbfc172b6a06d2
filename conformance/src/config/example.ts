/** A commented configuration for this target; what is commented out shows what there is. */
export function exampleConfig(url: string): string {
  return `# yaml-language-server: $schema=./node_modules/@tidemark/conformance/schema/config.json
# Run it: npx @tidemark/conformance server -c conformance.yaml
# Options of the command line win over what stands here. Paths are relative to this file.
# Where a # stands without a space behind it, take it off for what follows to count.
spec: "1.0"

target:
  # {channel} stands for a channel's name: the suite makes channels of its own and removes them afterwards.
  # Without it, this is one channel that is somebody's, and only read.
  url: ${JSON.stringify(url)}

  # Start the server for the run, and end it afterwards:
  #start:
    #command: node server.js
    #ready: http://127.0.0.1:3000/    # asked until something answers, whatever it is
    #timeout: 20s

  # Sent with every request. Values come from the environment or a file, and stand in no output:
  #headers:
    #Authorization: { env: TEST_TOKEN, prefix: "Bearer " }
    #X-Api-Key: { file: ./api-key.txt }

  # How reports name it:
  #identity: { name: acme-events, version: 2.3.1 }

  #insecure: true                     # accept any certificate

# What the server offers is discovered. Say false for what it claims and does not offer here:
#mechanisms: { polling: true, long-polling: true, sse: true }

# The longest that tests wait; what would take longer is inconclusive:
#limits: { wait: 8s, heartbeat: 60s }

# How messages get into a channel, if not by the protocol's POST. One of http, exec, module:
#driver:
  #publish:
    #http:
      #method: POST
      #url: http://127.0.0.1:3000/admin/{channel}/messages
      #headers: { Authorization: { env: ADMIN_TOKEN } }
      #json: { kind: "{event}", data: "{payload}" }
    #exec: { command: ./publish.sh }        # one JSON message a line on its standard input
    #module: ./driver.mjs                   # exports \`driver\`
  #close: { http: { url: "http://127.0.0.1:3000/admin/{channel}/close" } }
  #remove: { exec: { command: ./remove.sh } }

# How faults are provoked, for what can be seen only then: the control interface at a URL, or commands:
#control:
  #url: http://127.0.0.1:3000/control
  #restart: { command: systemctl restart my-server, timeout: 30s }

#grade: publish                       # the most that is done to the server: observe, publish or provoke
#channels: conformance-{run}-{test}   # the names of channels
#baseline: ./conformance-baseline.yaml

#run: ["server/sse/*"]                # only these tests
#skip: []
#requirement: ["SSE-*"]
#strict: true                         # a SHOULD that is not met is a violation
#require-complete: true               # exit 4 unless every MUST was verified
#budget: 90s
#reporter: pretty,junit=conformance.xml,html=conformance.html
`;
}
