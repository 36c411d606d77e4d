/** How often a request is sent before it counts as failed, and how long to wait in between. */
export type Retries = {
  /** The first one included. */
  attempts: number;
  baseDelaySeconds: number;
  maxDelaySeconds: number;
};

export const defaultRetries: Retries = { attempts: 5, baseDelaySeconds: 0.5, maxDelaySeconds: 8 };

/** Doubling, jittered over the upper half. @param attempt the one that failed, from 1. */
export function retryDelayMs({ baseDelaySeconds, maxDelaySeconds }: Retries, attempt: number): number {
  const ceiling = Math.min(maxDelaySeconds, baseDelaySeconds * 2 ** (attempt - 1));
  return 1000 * ceiling * (0.5 + Math.random() / 2);
}
