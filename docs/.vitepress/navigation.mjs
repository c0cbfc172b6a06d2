import contents from "../generated/contents.json" with { type: "json" };
import home from "../generated/home.json" with { type: "json" };

const GUIDE = [
  { text: "Getting started", link: "/guide/getting-started" },
  { text: "The playground", link: "/guide/playground" },
  { text: "Choose a mechanism", link: "/guide/mechanism" },
  { text: "Install", link: "/guide/install" },
  { text: "Run a server", link: "/guide/server" },
  { text: "In your framework", link: "/guide/frameworks" },
  { text: "Beside other middleware", link: "/guide/other-middleware" },
  { text: "Make your own streams resumable", link: "/guide/resumable" },
  { text: "Choose a log", link: "/guide/logs" },
  { text: "What a log costs", link: "/guide/log-costs" },
  { text: "Move between logs", link: "/guide/moving-logs" },
  { text: "Write a log of your own", link: "/guide/own-log" },
  { text: "Behind proxies", link: "/guide/proxies" },
  { text: "Configurations of proxies", link: "/guide/proxy-configurations" },
  { text: "Write a client", link: "/guide/client" },
  { text: "One connection for all tabs", link: "/guide/tabs" },
  { text: "Conform your server", link: "/guide/conform" },
  { text: "Conform your client", link: "/guide/conform-client" },
  { text: "Test your event stream", link: "/guide/test-your-stream" },
  { text: "Findings and fixes", link: "/guide/stream-findings" },
  { text: "Test how your server delivers", link: "/guide/test-your-delivery" },
  { text: "Write a dialect", link: "/guide/write-a-dialect" },
  { text: "Event streams in CI", link: "/guide/stream-ci" },
  { text: "The suite in CI", link: "/guide/ci" },
  { text: "The suite's commands", link: "/guide/suite-commands" },
  { text: "Configuration, reports, frameworks", link: "/guide/suite-files" },
  { text: "Who may do what", link: "/guide/authorization" },
  { text: "Operations", link: "/guide/operations" },
  { text: "Monitoring", link: "/guide/monitoring" },
  { text: "Ten questions to Prometheus", link: "/guide/prometheus" },
  { text: "Settings of the command", link: "/guide/settings" },
  { text: "Limits", link: "/guide/limits" },
  { text: "A million readers", link: "/guide/capacity" },
  { text: "With curl alone", link: "/curl" },
  { text: "Questions", link: "/guide/questions" },
  { text: "Compared with other choices", link: "/guide/compared" },
  { text: "How it is built", link: "/guide/architecture" },
  { text: "Glossary", link: "/guide/glossary" },
];

const COMING_FROM = [
  { text: "Plain SSE libraries", link: "/guide/from-sse" },
  { text: "Durable Streams", link: "/guide/from-durable-streams" },
];

/** The generated pages of a section. */
function generated(section) {
  return contents
    .filter((page) => page.section === section)
    .map(({ path, title }) => ({ text: title, link: `/${path.replace(/(^|\/)index$/, "$1")}` }));
}

/** One sidebar for the whole site, which is small enough for it. */
export const sidebar = [
  { text: "Guide", items: GUIDE },
  { text: "Coming from", items: COMING_FROM },
  { text: "Specification", items: generated("specification") },
  {
    text: "The suite",
    items: [
      ...generated("suite"),
      { text: "Kill matrix", link: "/reference/kill-matrix" },
      { text: "Unseen mutants", link: "/reference/unseen-mutants" },
      { text: "Kill matrix for event streams", link: "/reference/event-stream-matrix" },
      { text: "Kill matrix for deliveries", link: "/reference/delivery-matrix" },
      { text: "Broken clients", link: "/reference/client-mutants" },
      { text: "Clients held to the suite", link: "/reference/clients" },
      { text: "Clients of event streams", link: "/reference/stream-clients" },
      { text: "Broken clients of event streams", link: "/reference/stream-client-mutants" },
      { text: "EventSource and WHATWG", link: "/reference/eventsource" },
      { text: "Frameworks held to the suite", link: "/reference/frameworks" },
      { text: "Proxies, measured", link: "/reference/proxies" },
      { text: "Servers and libraries", link: "/reference/servers" },
      { text: "Resumable streams, compared", link: "/reference/resumable" },
    ],
  },
  { text: "Why it is so", items: generated("decisions"), collapsed: true },
];

export const nav = [
  { text: "Playground", link: "/guide/playground" },
  {
    text: "Guide",
    link: "/guide/getting-started",
    activeMatch: "^/(guide/(?!conform|ci$|suite|playground)|curl)",
  },
  { text: "Specification", link: "/spec/", activeMatch: "^/spec/" },
  { text: "Suite", link: "/guide/conform", activeMatch: "^/(suite/|reference/|guide/(conform|ci|suite))" },
  {
    text: home.version,
    items: [
      { text: "Changes", link: "/changes" },
      { text: "Is it stable?", link: "/guide/questions#stability" },
      { text: "Repository", link: home.repository },
    ],
  },
];
