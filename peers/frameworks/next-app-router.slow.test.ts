import { testRecipe } from "./test-recipes.ts";

testRecipe("next-app-router");
