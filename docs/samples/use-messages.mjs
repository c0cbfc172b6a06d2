// npm install react @tidemark/client
import { subscribe } from "@tidemark/client";
import { useEffect, useState } from "react";

/** The last hundred messages of a channel. */
export function useMessages(url) {
  const [messages, setMessages] = useState([]);
  useEffect(() => {
    const controller = new AbortController();
    const follow = async () => {
      for await (const message of subscribe(url, { signal: controller.signal }))
        setMessages((now) => [...now.slice(-99), message]);
    };
    follow().catch(console.error); // an error that a retry cannot fix
    return () => controller.abort();
  }, [url]);
  return messages;
}
