import { useChat } from "@ai-sdk/react";
import { createRoot } from "react-dom/client";

function Chat({ id, past }) {
  const { messages, sendMessage, status } = useChat({ id, messages: past, resume: true });
  return (
    <main data-status={status}>
      {messages.map(({ id, role, parts }) => (
        <p key={id} className={role}>
          {parts.map((part) => part.text ?? "").join("")}
        </p>
      ))}
      <button type="button" onClick={() => sendMessage({ text: "Count to a hundred." })}>
        Count
      </button>
    </main>
  );
}

location.hash ||= crypto.randomUUID(); // the chat that this page shows, also after it was reloaded
const id = location.hash.slice(1);
const past = await (await fetch(`/api/chat/${id}`)).json();
createRoot(document.body.appendChild(document.createElement("div"))).render(<Chat id={id} past={past} />);
