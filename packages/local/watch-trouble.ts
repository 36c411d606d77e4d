import type { Simulators } from '@savepoint/simulators/start-simulators.ts';
import type { EmbeddedPostgres } from './embedded/postgres.ts';
import {
  endTrouble,
  noteCurrentTrouble,
  possibleTroubles,
  readAskedTrouble,
  type TroubleName,
} from './trouble.ts';
import type { LocalEnv } from './local-env.ts';

const lookMs = 200;

export type TroubledParts = {
  simulators: Pick<Simulators, 'control'> | null;
  /** Null where it is somebody's own. */
  database: Pick<EmbeddedPostgres, 'interrupt' | 'resume'> | null;
};

/** Lets the stack have the trouble that DATA_DIR asks for, as long as it does. @param tell hears of each change. */
export function watchTrouble(
  env: LocalEnv,
  parts: TroubledParts,
  tell: (line: string) => void,
): { close(): Promise<void> } {
  const dataDir = env.DATA_DIR;
  const possible = possibleTroubles(env);
  let current: TroubleName | null = null;
  // Of a run before.
  endTrouble(dataDir);
  noteCurrentTrouble(dataDir, null);
  const change = async (next: TroubleName | null) => {
    if (next === current) return;
    parts.simulators?.control.beginTrouble(next === 'database-down' ? null : next);
    if (next === 'database-down') await parts.database?.interrupt();
    else parts.database?.resume();
    noteCurrentTrouble(dataDir, next);
    tell(next === null ? `The simulated ${current} is over.` : `Simulating ${next}.`);
    current = next;
  };
  let changing = Promise.resolve();
  const timer = setInterval(() => {
    const asked = readAskedTrouble(dataDir);
    const next = asked !== null && possible.includes(asked) ? asked : null;
    changing = changing
      .then(() => change(next))
      .catch((error) => tell(`The simulated trouble failed: ${String(error)}`));
  }, lookMs);
  return {
    close: async () => {
      clearInterval(timer);
      await changing;
      endTrouble(dataDir);
      noteCurrentTrouble(dataDir, null);
    },
  };
}
