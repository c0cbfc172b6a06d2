import type { TestDefinition } from "../../../../engine/run/definition.ts";
import { coreTests } from "./core/core.ts";
import { nowTests } from "./long-polling/now.ts";
import { waitTests } from "./long-polling/wait.ts";
import { etagTests } from "./polling/etag.ts";
import { pageTests } from "./polling/page.ts";
import { provokeTests } from "./provoke/provoke.ts";
import { answerTests } from "./publishing/answer.ts";
import { bodyTests } from "./publishing/body.ts";
import { keyTests } from "./publishing/key.ts";
import { removalTests } from "./publishing/removal.ts";
import { typeTests } from "./publishing/type.ts";
import { endTests } from "./sse/ends.ts";
import { heartbeatTests } from "./sse/heartbeat.ts";
import { streamMessageTests } from "./sse/messages.ts";
import { openTests } from "./sse/open.ts";
import { resumeTests } from "./sse/resume.ts";

/** Every test of the server suite, chapter by chapter. */
export const ALL_TESTS: readonly TestDefinition[] = [
  ...coreTests,
  ...pageTests,
  ...etagTests,
  ...waitTests,
  ...nowTests,
  ...openTests,
  ...streamMessageTests,
  ...heartbeatTests,
  ...endTests,
  ...resumeTests,
  ...typeTests,
  ...bodyTests,
  ...answerTests,
  ...keyTests,
  ...provokeTests,
  ...removalTests,
];
