// Writes docs/guide/settings.md from the list of settings.
import { writeFileSync } from "node:fs";
import { SETTINGS_PAGE, settingsPage } from "./settings-page.ts";

writeFileSync(SETTINGS_PAGE, settingsPage());
