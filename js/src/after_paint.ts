/** Without frames (a hidden tab) the work is done after this all the same. */
const HIDDEN_AFTER_MS = 250;
/** What the page has no time for is done after this all the same. */
const IDLE_AFTER_MS = 100;

/** Calls back once, in the first task after the next frame was painted. */
export function afterPaint(callback: () => void): () => void {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    callback();
  };
  const timer = setTimeout(once, HIDDEN_AFTER_MS);
  const frame = requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      once();
    };
    port2.postMessage(null);
  });
  return () => {
    done = true;
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
}

/** Calls back once, when the page has nothing more urgent to do. */
export function whenIdle(callback: () => void): () => void {
  // WebKit has no idle time to ask for.
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(callback);
    return () => clearTimeout(timer);
  }
  const idle = requestIdleCallback(callback, { timeout: IDLE_AFTER_MS });
  return () => cancelIdleCallback(idle);
}

/** Calls back once after the next frame was painted, when the page has nothing more urgent to do. */
export function afterPaintWhenIdle(callback: () => void): () => void {
  let cancel = afterPaint(() => {
    cancel = whenIdle(callback);
  });
  return () => cancel();
}
