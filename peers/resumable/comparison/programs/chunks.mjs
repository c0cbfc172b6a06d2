/** The run that both programs produce: numbered events, at the pace of a fast model. */
export const CHUNKS = 300;
const PACE_MS = 4;

/** The stream of one run, as an application would get it from a model. */
export function produce() {
  let number = 0;
  return new ReadableStream({
    async pull(controller) {
      if (number > 0) await new Promise((resolve) => setTimeout(resolve, PACE_MS));
      number += 1;
      controller.enqueue(`data: ${number}\n\n`);
      if (number === CHUNKS) controller.close();
    },
  });
}
