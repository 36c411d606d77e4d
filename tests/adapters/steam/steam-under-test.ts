import { createSteamClient } from '@savepoint/adapters/steam/steam-client.ts';
import {
  type SimulatorOptions,
  type Simulators,
  startSimulators,
} from '@savepoint/simulators/start-simulators.ts';

export const withSteam = async (
  use: (simulators: Simulators) => Promise<void>,
  options: SimulatorOptions = {},
) => {
  const simulators = await startSimulators(options);
  try {
    await use(simulators);
  } finally {
    await simulators.close();
  }
};
export const clientOf = (
  { steamApiUrl, steamApiKey }: Simulators,
  options: { timeoutSeconds?: number } = {},
) => createSteamClient({ apiUrl: steamApiUrl, apiKey: async () => steamApiKey, ...options });
