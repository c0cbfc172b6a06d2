import { testRecipe } from "./test-recipes.ts";

testRecipe("hono-deno");
