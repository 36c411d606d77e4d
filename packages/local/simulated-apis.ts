import type { LocalEnv } from './local-env.ts';
import { type Simulators, startSimulators, variablesOf } from '@savepoint/simulators/start-simulators.ts';

/** Which outside services are simulated, because no keys are set for them. */
export type Simulated = { steam: boolean; igdb: boolean };

export const simulatedApis = (env: LocalEnv): Simulated => ({
  steam: env.STEAM_API_KEY === undefined,
  igdb: env.IGDB_CLIENT_ID === undefined || env.IGDB_CLIENT_SECRET === undefined,
});

/** The environment with simulators in place of the services that have no keys; null when all have. */
export async function withSimulators(
  env: LocalEnv,
): Promise<{ env: LocalEnv; simulators: Simulators | null }> {
  const simulated = simulatedApis(env);
  if (!simulated.steam && !simulated.igdb) return { env, simulators: null };
  const simulators = await startSimulators();
  const { steam, igdb } = variablesOf(simulators);
  return {
    env: { ...env, ...(simulated.steam ? steam : {}), ...(simulated.igdb ? igdb : {}) },
    simulators,
  };
}
