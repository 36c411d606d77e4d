import type { CompletionNotice } from '@savepoint/core/completion-notice.ts';
import type { Continuation, Failure } from '@savepoint/core/contracts/dead-letter.ts';
import { mergeStageStatus, type StageStatus } from '@savepoint/core/contracts/import-status.ts';
import type { StageName } from '@savepoint/core/topology.ts';
import type { StageRuntime } from '@savepoint/functions/runtime/stage-runtime.ts';
import type { AttemptTrace } from '@savepoint/functions/runtime/traces.ts';
import { createRecordingLog } from './recording-log.ts';

/** A stage's surroundings, recorded; each part can be told to fail. */
export function createTestRuntime() {
  const latest = new Map<string, StageStatus>();
  const reported: StageStatus[] = [];
  const retried: { receiptHandle: string; delaySeconds: number }[] = [];
  const deadLetters: { stage: StageName; body: string; failure: Failure }[] = [];
  const acknowledged: string[] = [];
  const sentAgain: { body: string; continuation: Continuation }[] = [];
  const notices: CompletionNotice[] = [];
  const metrics: { service: string; values: Readonly<Record<string, number>> }[] = [];
  const traces: AttemptTrace[] = [];
  const failing = { statuses: false, retryLater: false, deadLetters: false };
  const log = createRecordingLog();
  const failWhen = (fails: boolean) => {
    if (fails) throw new Error('CANARY connection lost');
  };
  const runtime: StageRuntime = {
    log,
    isForgotten: async () => false,
    retrySchedule: { baseSeconds: 10, maxSeconds: 100 },
    metrics: { put: (service, values) => metrics.push({ service, values }) },
    traces: { put: (attempt) => void traces.push(attempt), sent: async () => undefined },
    notices: {
      apiUrl: undefined,
      send: (notice) => notices.push(notice),
      areUnderway: () => false,
      sent: async () => undefined,
    },
    statuses: {
      async report(importId, status) {
        failWhen(failing.statuses);
        reported.push(status);
        latest.set(importId, mergeStageStatus(latest.get(importId) ?? null, status));
      },
    },
    messages: {
      async acknowledge(_stage, receiptHandles) {
        acknowledged.push(...receiptHandles);
      },
      async retryLater(_stage, receiptHandle, delaySeconds) {
        failWhen(failing.retryLater);
        retried.push({ receiptHandle, delaySeconds });
      },
      async sendAgain(_stage, body, continuation) {
        failWhen(failing.deadLetters);
        sentAgain.push({ body, continuation });
      },
      async sendToDeadLetters(stage, body, failure) {
        failWhen(failing.deadLetters);
        deadLetters.push({ stage, body, failure });
      },
    },
  };
  return {
    runtime,
    statuses: latest,
    reported,
    retried,
    acknowledged,
    sentAgain,
    deadLetters,
    notices,
    metrics,
    traces,
    failing,
    log,
  };
}
