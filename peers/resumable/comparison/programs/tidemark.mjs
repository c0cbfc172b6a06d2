import { RedisLog } from "@tidemark/log-redis";
import { resumable } from "@tidemark/resumable";
import { produce } from "./chunks.mjs";
import { serve } from "./serve.mjs";

const redis = process.argv[2];
// The application:
const runs = resumable(await RedisLog.open(redis));
const start = (request) => runs.start(request, () => produce());
const resume = (request, id) => runs.resume(request, id);
// Until here.
serve((request, id) => (request.method === "POST" ? start(request) : resume(request, id)));
