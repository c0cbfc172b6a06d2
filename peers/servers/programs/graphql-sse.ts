// graphql-sse in its "distinct connections" mode: a subscription by GET or POST, one event per result.
import { EventEmitter, on } from "node:events";
import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { createHandler } from "graphql-sse/lib/use/http";
import { listen, publisher, ready, tick } from "./program.ts";

const messages = new EventEmitter().setMaxListeners(0);
const publish = (payload: string): unknown => messages.emit("message", payload);

async function* said(): AsyncGenerator<{ readonly said: string }> {
  for await (const [payload] of on(messages, "message")) yield { said: payload };
}

async function* count(): AsyncGenerator<{ readonly count: number }> {
  for (let n = 1; n <= 5; n += 1) yield { count: n };
}

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: "Query",
    fields: { hello: { type: GraphQLString, resolve: () => "world" } },
  }),
  subscription: new GraphQLObjectType({
    name: "Subscription",
    fields: {
      said: { type: GraphQLString, subscribe: said },
      count: { type: GraphQLInt, subscribe: count },
    },
  }),
});

const handler = createHandler({ schema });
const origin = await listen((req, res) => void handler(req, res));
tick(publish);
const query = encodeURIComponent("subscription { said }");
ready({ url: `${origin}/graphql/stream?query=${query}`, publish: await publisher(publish) });
