// The recipes in examples/frameworks: what each needs, and how it is started.

/** How a recipe becomes a server. */
export interface Recipe {
  /** The framework and what runs it, for people. */
  readonly title: string;
  /** The recipe, in examples/frameworks. */
  readonly file: string;
  /** Packages that it imports, and the names under which peers/package.json has them, if those differ. */
  readonly packages: Readonly<Record<string, string>>;
  /** The package whose version the matrix shows. @defaultValue the runtime */
  readonly shown?: string;
  /** @defaultValue "node" */
  readonly runtime?: "node" | "deno" | "bun";
  /** Where the recipe goes in an application of Next.js, which is built first. */
  readonly next?: string;
  /** It needs a certificate, and is reached by HTTP/2. @defaultValue false */
  readonly http2?: boolean;
  /** What the framework itself violates before our handler sees the request, and how. @defaultValue nothing */
  readonly violates?: { readonly requirements: readonly string[]; readonly because: string };
  /** @defaultValue "/channels" */
  readonly base?: string;
}

const NEST = {
  "@nestjs/common": "",
  "@nestjs/core": "",
  "@nestjs/platform-express": "",
  "reflect-metadata": "",
};
const NEXT = { next: "", react: "", "react-dom": "" };

/** Each recipe by the name of its test. */
export const RECIPES = {
  "node-http": { title: "node:http", file: "node-http.mjs", packages: {} },
  "node-http2": {
    title: "node:http2, over TLS",
    file: "node-http2.mjs",
    packages: {},
    http2: true,
  },
  "express-5": {
    title: "Express 5",
    file: "express.mjs",
    packages: { express: "express-5" },
    shown: "express-5",
  },
  "express-4": {
    title: "Express 4",
    file: "express.mjs",
    packages: { express: "express-4" },
    shown: "express-4",
  },
  fastify: { title: "Fastify 5", file: "fastify.mjs", packages: { fastify: "" }, shown: "fastify" },
  nestjs: {
    title: "NestJS 11 on Express",
    file: "nestjs.mjs",
    packages: { ...NEST, rxjs: "" },
    shown: "@nestjs/core",
  },
  h3: { title: "h3", file: "h3.mjs", packages: { h3: "" }, shown: "h3" },
  "hono-node": {
    title: "Hono on Node",
    file: "hono.mjs",
    packages: { hono: "", "@hono/node-server": "" },
    shown: "hono",
  },
  "hono-deno": {
    title: "Hono on Deno",
    file: "hono-deno.mjs",
    packages: { hono: "" },
    shown: "hono",
    runtime: "deno",
  },
  "hono-bun": {
    title: "Hono on Bun",
    file: "hono-bun.mjs",
    packages: { hono: "" },
    shown: "hono",
    runtime: "bun",
  },
  deno: { title: "Deno.serve", file: "deno.mjs", packages: {}, runtime: "deno" },
  bun: { title: "Bun.serve", file: "bun.mjs", packages: {}, runtime: "bun" },
  "next-app-router": {
    title: "Next.js, App Router",
    file: "next-app-router/route.js",
    packages: NEXT,
    shown: "next",
    next: "app/channels/[channel]/route.js",
    violates: {
      requirements: ["CORE-CLAIM-1", "CORE-METHOD-1"],
      because: "it answers methods that it does not know with a 400 of its own",
    },
  },
  "next-pages-router": {
    title: "Next.js, Pages Router",
    file: "next-pages-router/channel.js",
    packages: NEXT,
    shown: "next",
    next: "pages/api/channels/[channel].js",
    violates: {
      requirements: ["POLL-ETAG-4"],
      because: "its compression adds `Vary: Accept-Encoding` to pages, but not to a 304 for the same page",
    },
    base: "/api/channels",
  },
} as const satisfies Readonly<Record<string, Recipe>>;

export type RecipeName = keyof typeof RECIPES;
