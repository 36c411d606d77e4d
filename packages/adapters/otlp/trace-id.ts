import { createHmac } from 'node:crypto';

/**
 * The trace of an import: the same in each stage, at each attempt and each time it is run again, without anything being
 * handed on. It is made with the deployment's key, so that nobody can tell from it whose import it is.
 * @returns 32 hexadecimal digits. https://www.w3.org/TR/trace-context/#trace-id
 */
export const traceIdOf = (key: string, importId: string): string =>
  createHmac('sha256', key).update(`trace ${importId}`).digest('hex').slice(0, 32);
