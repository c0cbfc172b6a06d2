import type { TestDefinition } from "../definition.ts";
import { historyTests } from "../model/history-tests.ts";
import { accessTests } from "./core/access.ts";
import { cachingTests } from "./core/caching.ts";
import { claimTests } from "./core/claims.ts";
import { crowdTests } from "./core/crowds.ts";
import { cursorTests } from "./core/cursors.ts";
import { gapTests } from "./core/gaps.ts";
import { joiningTests } from "./core/joining.ts";
import { keptConnectionTests } from "./core/kept-connections.ts";
import { largeTests } from "./core/large.ts";
import { messageTests } from "./core/messages.ts";
import { methodTests } from "./core/methods.ts";
import { originTests } from "./core/origins.ts";
import { parameterFormTests } from "./core/parameter-forms.ts";
import { parameterTests } from "./core/parameters.ts";
import { positionTests } from "./core/positions.ts";
import { problemTests } from "./core/problems.ts";
import { readingTests } from "./core/reading.ts";
import { nowTests } from "./long-polling/now.ts";
import { waitTests } from "./long-polling/wait.ts";
import { wholeWaitTests } from "./long-polling/whole-wait.ts";
import { etagTests } from "./polling/etag.ts";
import { joinedTests } from "./polling/joined.ts";
import { pageTests } from "./polling/page.ts";
import { connectionTests } from "./provoke/connections.ts";
import { restartTests } from "./provoke/restart.ts";
import { restartKeepsTests } from "./provoke/restart-keeps.ts";
import { retentionTests } from "./provoke/retention.ts";
import { slowReaderTests } from "./provoke/slow-reader.ts";
import { answerTests } from "./publishing/answer.ts";
import { bodyTests } from "./publishing/body.ts";
import { closingTests } from "./publishing/closing.ts";
import { keyTests } from "./publishing/key.ts";
import { removalTests } from "./publishing/removal.ts";
import { typeTests } from "./publishing/type.ts";
import { carriedTests } from "./sse/carried.ts";
import { codedTests } from "./sse/coded.ts";
import { endTests } from "./sse/ends.ts";
import { heartbeatTests } from "./sse/heartbeat.ts";
import { streamMessageTests } from "./sse/messages.ts";
import { openTests } from "./sse/open.ts";
import { resumeTests } from "./sse/resume.ts";

/** Every test of the server suite, chapter by chapter. */
export const SERVER_TESTS: readonly TestDefinition[] = [
  ...messageTests,
  ...cursorTests,
  ...positionTests,
  ...joiningTests,
  ...parameterFormTests,
  ...parameterTests,
  ...readingTests,
  ...claimTests,
  ...methodTests,
  ...originTests,
  ...problemTests,
  ...gapTests,
  ...cachingTests,
  ...accessTests,
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
  ...retentionTests,
  ...slowReaderTests,
  ...connectionTests,
  ...restartTests,
  ...removalTests,
  ...joinedTests,
  ...largeTests,
  ...crowdTests,
  ...carriedTests,
  ...closingTests,
  ...restartKeepsTests,
  ...codedTests,
  ...keptConnectionTests,
  ...wholeWaitTests,
  ...historyTests,
];
