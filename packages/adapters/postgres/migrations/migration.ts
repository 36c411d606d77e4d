/** One step of the schema, forward only. Never edited once it was released. */
export type Migration = { name: string; sql: string };
