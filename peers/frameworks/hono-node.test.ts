import { testRecipe } from "./test-recipes.ts";

testRecipe("hono-node");
