import { testRecipe } from "./test-recipes.ts";

testRecipe("node-http");
