import type { RunReport } from "@tidemark/conformance";
import { reportOn } from "../../proof/src/judge/report.ts";
import type { RecipeName } from "./recipes.ts";
import { installRecipe } from "./start-recipe.ts";

/** Run the suite against a recipe. */
export async function conform(name: RecipeName): Promise<RunReport> {
  const { start, remove } = await installRecipe(name);
  const server = await start();
  try {
    return await reportOn({ url: `${server.channels}/{channel}`, seed: 1 });
  } finally {
    await server.close();
    await remove();
  }
}
