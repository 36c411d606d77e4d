/** Adds up how long the parts of an attempt took, for its log line. */
export type Stopwatch = {
  time<Value>(part: string, work: () => Promise<Value>): Promise<Value>;
  /** Milliseconds by part. */
  parts(): Record<string, number>;
};

export function createStopwatch(now: () => number = () => performance.now()): Stopwatch {
  const totals: Record<string, number> = {};
  return {
    async time(part, work) {
      const startedAt = now();
      try {
        return await work();
      } finally {
        totals[part] = Math.round((totals[part] ?? 0) + now() - startedAt);
      }
    },
    parts: () => ({ ...totals }),
  };
}
