// Times what a person sees: from the trusted key or click to the frame in which the awaited thing is painted.
(() => {
  let pressed = null;
  for (const kind of ["keydown", "click"]) {
    const note = (event) => {
      if (event.isTrusted && pressed === null) pressed = event.timeStamp;
    };
    window.addEventListener(kind, note, true);
  }
  window.clock = {
    reading: Promise.resolve(Number.NaN),
    /** To be called before the key is pressed; `reading` is in milliseconds. */
    arm(isThere) {
      pressed = null;
      window.clock.reading = new Promise((resolve) => {
        const look = () => {
          if (pressed === null || !isThere()) return;
          observer.disconnect();
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.now() - pressed);
            port2.postMessage(null);
          });
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
      });
    },
  };
})();
