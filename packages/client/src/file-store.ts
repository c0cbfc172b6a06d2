export { fileStore } from "@tidemark/client-core/file-store";
