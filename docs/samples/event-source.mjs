const source = new EventSource("http://localhost:3000/channels/news?stream=1");

source.addEventListener("message", ({ data, lastEventId }) =>
  console.log(lastEventId, JSON.parse(data)),
);
source.addEventListener("greeting", ({ data }) =>
  console.log("greeting", JSON.parse(data)),
);
source.addEventListener("$closed", () => source.close());

source.onerror = () => {
  // CONNECTING: it reconnects by itself and resumes.
  // CLOSED: the server refused, for example because of a gap.
  if (source.readyState === EventSource.CLOSED) console.log("refused");
};
