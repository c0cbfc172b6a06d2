import { testRecipe } from "./test-recipes.ts";

testRecipe("fastify");
