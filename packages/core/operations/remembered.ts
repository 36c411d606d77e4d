/**
 * What is dear to find out and may be a little old: found out at most once in so long, however many ask; who asks
 * meanwhile waits for the same. A failure is told to those who waited, and not kept.
 * @param forMs from when finding out began.
 */
export function remembered<Value>(
  find: () => Promise<Value>,
  forMs: number,
  now: () => Date,
): () => Promise<Value> {
  let kept: { since: number; isThere: boolean; value: Promise<Value> } | undefined;
  return () => {
    const time = now().getTime();
    // A clock that was set back keeps nothing for longer.
    if (kept && (!kept.isThere || Math.abs(time - kept.since) < forMs)) return kept.value;
    const next = { since: time, isThere: false, value: find() };
    kept = next;
    next.value.then(
      () => {
        next.isThere = true;
      },
      () => {
        kept = undefined;
      },
    );
    return next.value;
  };
}
