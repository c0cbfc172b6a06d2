const source = new EventSource("http://localhost:3000/channels/news?stream=1");

source.addEventListener("message", ({ data, lastEventId }) =>
  console.log(lastEventId, JSON.parse(data)),
);
source.addEventListener("greeting", ({ data }) =>
  console.log("greeting", JSON.parse(data)),
);
source.addEventListener("$closed", () => source.close());

source.onerror = () => {
  // CONNECTING: it comes back by itself, from where it was.
  // CLOSED: the server refused, with a gap for instance.
  if (source.readyState === EventSource.CLOSED) console.log("refused");
};
