/** Names a run that nobody queued. */
export const directRun = (): string => `direct-${new Date().toISOString()}`;
