import { testRecipe } from "./test-recipes.ts";

testRecipe("next-pages-router");
