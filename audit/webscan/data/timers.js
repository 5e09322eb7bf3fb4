// In a frame whose scripts are switched off (sandbox) timers never fire, not even in a world of
// our own, and axe-core would wait for ever. Its short pauses become promises, which do run there.
(() => {
  const native = globalThis.setTimeout;
  globalThis.tantuTimers = false;
  native(() => { globalThis.tantuTimers = true; }, 0);
  globalThis.setTimeout = (task, delay, ...values) => {
    if (delay > 1) return native(task, delay, ...values);
    Promise.resolve().then(() => task(...values));
    return 0;
  };
})();
