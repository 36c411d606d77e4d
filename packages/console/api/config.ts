import type { ConsoleConfig } from '@savepoint/core/contracts/console-config.ts';
import { useEffect, useState } from 'preact/hooks';
import { call } from './call.ts';

/** What the page must know of the deployment; asked once. */

const pauseMs = 5000;

let asked: Promise<ConsoleConfig> | undefined;

export function loadConfig(): Promise<ConsoleConfig> {
  asked ??= call<ConsoleConfig>('/console/config.json').catch((error) => {
    asked = undefined;
    throw error;
  });
  return asked;
}

/** Null until it is known. */
export function useConfig(): ConsoleConfig | null {
  const [config, setConfig] = useState<ConsoleConfig | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Without it the page works on; only covers and signing in wait for it.
    const load = () =>
      loadConfig().then(setConfig, () => {
        timer = setTimeout(load, pauseMs);
      });
    void load();
    return () => clearTimeout(timer);
  }, []);
  return config;
}
