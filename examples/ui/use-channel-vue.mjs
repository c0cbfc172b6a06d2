import { subscribe } from "@tidemark/client";
import { onScopeDispose, ref, shallowRef, toValue, watch } from "vue";

/**
 * Follow a channel while a component exists: its last messages, the phase of the subscription, and the error
 * that ended it. `url` can be a ref or a getter. `keep` is how many messages are kept; the other options are
 * those of `subscribe`.
 */
export function useChannel(url, { keep = 100, ...options } = {}) {
  const messages = shallowRef([]);
  const phase = ref("idle");
  const error = shallowRef();
  let stop = new AbortController();

  async function follow(at, { signal }) {
    messages.value = [];
    error.value = undefined;
    const onState = (state) => {
      if (!signal.aborted) phase.value = state.phase;
    };
    try {
      for await (const message of subscribe(at, { ...options, signal, onState }))
        messages.value = [...messages.value, message].slice(-keep);
    } catch (thrown) {
      if (!signal.aborted) error.value = thrown;
    }
  }

  const restart = (at) => {
    stop.abort();
    stop = new AbortController();
    void follow(at, stop);
  };
  watch(() => toValue(url), restart, { immediate: true });
  onScopeDispose(() => stop.abort());
  return { messages, phase, error };
}
