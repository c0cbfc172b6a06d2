import DefaultTheme from "vitepress/theme";
import HomeDoors from "./components/HomeDoors.vue";
import PlaygroundReplay from "./components/PlaygroundReplay.vue";
import RequirementIndex from "./components/RequirementIndex.vue";
import SitePicture from "./components/SitePicture.vue";
import "./colors.css";
import "./text.css";
import "./requirements.css";

// biome-ignore lint/style/noDefaultExport: this is where VitePress looks for it
export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component("HomeDoors", HomeDoors);
    app.component("PlaygroundReplay", PlaygroundReplay);
    app.component("RequirementIndex", RequirementIndex);
    app.component("SitePicture", SitePicture);
  },
};
