import { test } from "uvu";
import { NatsServer } from "../../../testing/engines/nats-server.ts";
import { wrongAnswers } from "../test/wrong-answers.ts";

const server = await NatsServer.start();
test.after(() => server.stop());

test("answers that are missing, late, partial or duplicated lose nothing", () => wrongAnswers(server, 10));

test.run();
