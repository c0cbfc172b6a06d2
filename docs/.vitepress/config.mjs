import { defineConfig } from "vitepress";
import { abnf } from "./abnf.mjs";
import { nav, sidebar } from "./navigation.mjs";
import { boostDocument, renderForSearch } from "./search.mjs";

// biome-ignore lint/style/noDefaultExport: this is where VitePress looks for it
export default defineConfig({
  lang: "en",
  title: "Tidemark",
  description:
    "Messages with cursors over plain HTTP: polling, long polling and Server-Sent Events on one URL",
  cleanUrls: true,
  srcExclude: ["decisions/**"],
  rewrites: { "generated/:path(.*)": ":path" },
  head: [["link", { rel: "icon", type: "image/svg+xml", href: "/logo.svg" }]],
  vite: { publicDir: "generated/public" },
  markdown: {
    languages: [abnf],
    languageAlias: { "http-field": "http", mjs: "js", cfg: "ini" },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  },
  themeConfig: {
    logo: { src: "/logo.svg", alt: "" },
    nav,
    sidebar,
    outline: { level: [2, 3] },
    search: {
      provider: "local",
      options: {
        _render: renderForSearch,
        miniSearch: { searchOptions: { fuzzy: 0.1, prefix: true, boostDocument } },
      },
    },
    docFooter: { prev: "Before", next: "Next" },
    footer: { message: "Apache-2.0" },
  },
});
