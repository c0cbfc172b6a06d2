import { testRecipe } from "./test-recipes.ts";

testRecipe("express-5");
