import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch/node";

class AppModule {}
Module({})(AppModule); // in TypeScript: @Module({}) class AppModule {}
const handle = channels(new MemoryLog());
const app = await NestFactory.create(AppModule);
app.use((req, res, next) => handle(req, res) || next());
await app.listen(process.env.PORT ?? 3000);
