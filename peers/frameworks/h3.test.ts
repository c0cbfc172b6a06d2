import { testRecipe } from "./test-recipes.ts";

testRecipe("h3");
