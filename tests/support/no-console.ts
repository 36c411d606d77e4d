import type { ConsolePorts } from '@savepoint/functions/api/console.ts';

/** Where nobody looks at the console. */
export const noConsole: ConsolePorts['console'] = {
  readFile: async () => null,
  config: { deployment: 'test', draws_covers: false, sign_in: null },
};
