import { testRecipe } from "./test-recipes.ts";

testRecipe("nestjs");
