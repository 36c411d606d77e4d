import { readdirSync, readFileSync } from 'node:fs';

/** What a process of this machine takes, as Linux tells it. */
export const memoryMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
export const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** The least value that so large a share is not above. @param share of 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
