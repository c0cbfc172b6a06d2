// The examples for user interfaces, in a real Chromium: a component shows what is published, and leaves when it is unmounted.
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import { compile } from "svelte/compiler";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type DevTools, startChromium } from "../../proof/src/browser/devtools.ts";
import { serveSite } from "../../proof/src/browser/site.ts";
import { Tab, until } from "../../proof/src/browser/tabs.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What mounts a component for a URL into the page; it returns how to change the URL, and how to unmount it. */
const MOUNTS: Readonly<Record<string, string>> = {
  React: `
    import { createElement, StrictMode } from "react";
    import { createRoot } from "react-dom/client";
    import { useChannel } from "${at("../../examples/ui/use-channel-react.mjs")}";
    function News({ url }) {
      const { messages, phase, error } = useChannel(url);
      const items = messages.map(({ cursor, data }) => createElement("li", { key: cursor }, data));
      const failed = error && createElement("p", { className: "error" }, error.message);
      return createElement("div", {}, createElement("p", { className: "phase" }, phase), createElement("ul", {}, items), failed);
    }
    const root = createRoot(document.body);
    const show = (url) => root.render(createElement(StrictMode, {}, createElement(News, { url })));
    const unmount = () => root.unmount();`,
  Vue: `
    import { createApp, h, ref } from "vue";
    import { useChannel } from "${at("../../examples/ui/use-channel-vue.mjs")}";
    const News = {
      props: ["url"],
      setup(props) {
        const { messages, phase, error } = useChannel(() => props.url);
        return () => h("div", [
          h("p", { class: "phase" }, phase.value),
          h("ul", messages.value.map(({ cursor, data }) => h("li", { key: cursor }, data))),
          error.value && h("p", { class: "error" }, error.value.message),
        ]);
      },
    };
    const url = ref();
    const app = createApp({ render: () => url.value && h(News, { url: url.value }) });
    app.mount(document.body);
    const show = (next) => { url.value = next; };
    const unmount = () => app.unmount();`,
  Svelte: `
    import { mount, unmount as remove } from "svelte";
    import News from "${at("../../examples/ui/News.svelte")}";
    let news;
    const show = (url) => {
      if (news) remove(news);
      news = mount(News, { target: document.body, props: { url } });
    };
    const unmount = () => remove(news);`,
};

const svelte: Plugin = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { readFile } = await import("node:fs/promises");
      const { js } = compile(await readFile(path, "utf8"), { filename: path, generate: "client" });
      return { contents: js.code };
    });
  },
};

const ui = suite<{ browser: DevTools }>("components");
ui.before(async (context) => {
  context.browser = await startChromium();
});
ui.after(({ browser }) => browser?.close());

for (const [name, mount] of Object.entries(MOUNTS))
  ui(
    `${name}: shows messages, the phase and an error, and ends its request when it is unmounted`,
    async ({ browser }) => {
      const script = `${mount}
      const all = (selector) => [...document.querySelectorAll(selector)].map((node) => node.textContent);
      Object.assign(globalThis, { show, unmount, seen: () => ({ items: all("li"), phase: all(".phase")[0], error: all(".error")[0] }) });`;
      const nodePaths = [at("../node_modules")];
      const site = await serveSite(script, {
        nodePaths,
        plugins: [svelte],
        conditions: ["source", "svelte"],
      });
      const shown = async (tab: Tab, expected: object): Promise<void> => {
        const seen = () => tab.evaluate<{ items: string[]; phase: string; error?: string }>("seen()");
        const text = JSON.stringify(expected);
        await until(text, async () => JSON.stringify(await seen()) === text);
      };
      await site.log.append("news", [{ json: '"one"' }]);
      const tab = await Tab.open(browser, site.url);
      await tab.evaluate("show('/channels/news')");
      await shown(tab, { items: ["one"], phase: "live" });
      await site.log.append("news", [{ json: '"two"' }]);
      await shown(tab, { items: ["one", "two"], phase: "live" });
      await site.log.append("sports", [{ json: '"goal"' }], { close: true });
      await tab.evaluate("show('/channels/sports')");
      await shown(tab, { items: ["goal"], phase: "ended" });
      await until("the first request is over", () => site.open().length === 0);
      await tab.evaluate("show('/channels/news')");
      await shown(tab, { items: ["one", "two"], phase: "live" });
      await tab.evaluate("unmount()");
      await until("the last request is over", () => site.open().length === 0);
      assert.equal(await tab.evaluate("seen().items"), []);
      await tab.close();
      await site.close();
    },
  );

ui.run();
