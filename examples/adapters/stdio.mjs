// The contract over standard input and output: one JSON object per line.

/** Send a line to the suite. It is pure ASCII, so that no encoding on the way can change it. */
export function tell(line) {
  const json = JSON.stringify(line);
  process.stdout.write(
    `${json.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`,
  );
}

/** Call `handlers[type]` for every order, until `bye` or the end of the input. */
export async function serve(handlers) {
  process.stdin.setEncoding("utf8");
  let rest = "";
  for await (const chunk of process.stdin) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const order = JSON.parse(line);
      if (order.type === "bye") process.exit(0);
      handlers[order.type]?.(order);
    }
  }
  process.exit(0);
}
