/** Jest's globalTeardown: what start-postgres.ts began ends, and its files go. */
export default async function stopPostgres(): Promise<void> {
  await globalThis.stopTestPostgres?.();
}
