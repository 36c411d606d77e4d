import { resolve } from 'node:path';

/** For programs that tests start again and again: what Node compiled once it need not strip and compile again. */
export const compileCache = {
  NODE_COMPILE_CACHE: resolve(import.meta.dirname, '../../node_modules/.cache/tests-compiled'),
};
