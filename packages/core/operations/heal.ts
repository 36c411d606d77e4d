import { type DeadLetter, stageAbandoned } from '../contracts/dead-letter.ts';
import type { ImportId } from '../contracts/import-id.ts';
import type { StageStatus } from '../contracts/import-status.ts';
import { maxReceiveCount, type StageName, stageNames } from '../topology.ts';
import type { ImportStatusStore } from './import-status-store.ts';

/**
 * Self-healing: after an outage, what was given up goes back to work without a person. For each stage and cause that
 * can pass, one letter goes first as a probe; once its import got through, the others follow in growing steps. What no
 * retry can help stays where it is.
 */

/** `rounds`: how often it was sent back already. */
export type HealableLetter = DeadLetter & { rounds: number };

/** The letters of one cause that were sent back last: some of them are followed. */
export type Wave = { stage: StageName; code: string; sentAt: string; step: number; importIds: ImportId[] };

export type HealPorts = {
  deadLetters: {
    listHealable(stage: StageName): Promise<HealableLetter[]>;
    /** Sends these back to their stage, one round older. @returns those that went. */
    sendRound(stage: StageName, letters: readonly HealableLetter[]): Promise<HealableLetter[]>;
  };
  statuses: Pick<ImportStatusStore, 'read' | 'report'>;
  waves: { read(): Promise<Wave[]>; write(waves: readonly Wave[]): Promise<void> };
  now(): Date;
};

/** What was done for one cause: nothing was sent while a probe or step has not ended. */
export type Round = { stage: StageName; code: string; step: number; sent: number; left: number };

/** Letters a step: the probe, then more each time that the step before got through. */
export const stepSizes = [1, 50, 500, 5000] as const;
const maxRounds = 3;
/** A wave that nobody heard of for so long is forgotten. */
const waveLifetimeMs = 24 * 60 * 60 * 1000;
/** So many imports of a wave are looked at. */
const followed = 50;

/** A function that died each time is tried once: it may die of this very message. */
export const isHealable = ({ import_id, error, rounds }: HealableLetter): boolean =>
  import_id !== null && error.retryable && rounds < (error.code === stageAbandoned ? 1 : maxRounds);

/** One run; call it regularly. @returns what it did for each cause that has letters. */
export async function heal(ports: HealPorts): Promise<Round[]> {
  const waves = await ports.waves.read();
  const kept: Wave[] = [];
  const rounds: Round[] = [];
  for (const stage of stageNames) {
    const letters = (await ports.deadLetters.listHealable(stage)).filter(isHealable);
    const codes = new Set([...letters.map(({ error }) => error.code), ...codesOf(stage, waves)]);
    for (const code of codes) {
      const wave = waves.find((one) => one.stage === stage && one.code === code);
      const own = letters.filter(({ error }) => error.code === code);
      const step = await nextStep(wave, ports);
      const sent = step === null ? [] : await sendStep(stage, own, step, ports);
      if (own.length > 0)
        rounds.push({
          stage,
          code,
          step: step ?? wave!.step,
          sent: sent.length,
          left: own.length - sent.length,
        });
      const next = step === null ? wave : waveOf(stage, code, step, sent, ports.now());
      if (next) kept.push(next);
    }
  }
  await ports.waves.write(kept);
  return rounds;
}

const codesOf = (stage: StageName, waves: readonly Wave[]): string[] =>
  waves.filter((wave) => wave.stage === stage).map(({ code }) => code);

/** The step to take now: the first after a failure, the next after a success; null while nobody knows. */
async function nextStep(wave: Wave | undefined, ports: HealPorts): Promise<number | null> {
  if (!wave) return 0;
  const outcomes = await Promise.all(wave.importIds.map((importId) => outcomeOf(importId, wave, ports)));
  if (outcomes.includes('failed')) return 0;
  if (outcomes.includes('passed')) return Math.min(wave.step + 1, stepSizes.length - 1);
  return ports.now().getTime() - Date.parse(wave.sentAt) > waveLifetimeMs ? 0 : null;
}

async function outcomeOf(
  importId: ImportId,
  { stage, sentAt }: Wave,
  { statuses }: HealPorts,
): Promise<'passed' | 'failed' | 'open'> {
  const status = (await statuses.read(importId))?.stages[stage];
  if (!status || status.attempt_started_at < sentAt) return 'open';
  if (status.status === 'completed') return 'passed';
  // A failure for good is another cause: this one has passed.
  if (status.status === 'failed') return status.error?.retryable ? 'failed' : 'passed';
  return 'open';
}

/** Those that had the fewest rounds first, so that no letter spends its rounds as everybody's probe. */
async function sendStep(
  stage: StageName,
  letters: readonly HealableLetter[],
  step: number,
  ports: HealPorts,
): Promise<HealableLetter[]> {
  const chosen = letters
    .toSorted((a, b) => a.rounds - b.rounds || a.last_failed_at.localeCompare(b.last_failed_at))
    .slice(0, stepSizes[step]);
  if (chosen.length === 0) return [];
  const sent = await ports.deadLetters.sendRound(stage, chosen);
  for (const { import_id } of sent) if (import_id) await tellInStatus(import_id, stage, ports);
  return sent;
}

/** The import is no longer given up. Should its stage be faster, what that told stays. */
async function tellInStatus(importId: ImportId, stage: StageName, ports: HealPorts): Promise<void> {
  const status = (await ports.statuses.read(importId))?.stages[stage];
  if (status?.status !== 'failed') return;
  const retrying: StageStatus = {
    ...status,
    status: 'retrying',
    max_attempts: status.attempts + maxReceiveCount,
    finished_at: null,
    next_attempt_at: ports.now().toISOString(),
  };
  await ports.statuses.report(importId, retrying);
}

const waveOf = (
  stage: StageName,
  code: string,
  step: number,
  sent: readonly HealableLetter[],
  now: Date,
): Wave | undefined =>
  sent.length === 0
    ? undefined
    : {
        stage,
        code,
        step,
        sentAt: now.toISOString(),
        importIds: sent.slice(0, followed).flatMap(({ import_id }) => import_id ?? []),
      };
