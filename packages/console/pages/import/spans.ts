import type { ImportView, StageView } from '@savepoint/core/contracts/import-view.ts';

/** Part of a stage's time. Times in ms since 1970. */
export type Span = {
  kind: 'waiting' | 'running' | 'backing-off' | 'completed' | 'failed' | 'retried';
  from: number;
  to: number;
  /** Which attempt, where it is one. */
  attempt?: number;
  code?: string | null;
};
export type Lane = { stage: StageView; spans: Span[] };

/** How the time of an import's present run went, stage by stage. What is not over ends now. */
export function lanesOf(view: ImportView, now: number): Lane[] {
  let arrived = time(view.requested_at);
  return view.stages.map((stage) => {
    const spans = spansOf(stage, arrived, now);
    arrived = stage.status === 'completed' ? time(stage.finished_at) : null;
    return { stage, spans };
  });
}

function spansOf(stage: StageView, arrived: number | null, now: number): Span[] {
  if (stage.status === 'skipped') return [];
  const began = time(stage.started_at);
  if (began === null)
    return arrived === null ? [] : [{ kind: 'waiting', from: arrived, to: Math.max(arrived, now) }];
  const spans: Span[] = [];
  // A file that runs again arrived long after the stage before had written it.
  if (arrived !== null && arrived < began && began - arrived < longestWaitMs)
    spans.push({ kind: 'waiting', from: arrived, to: began });
  let end = began;
  for (const attempt of stage.history.filter(({ started_at }) => time(started_at)! >= began)) {
    const [from, to] = [time(attempt.started_at)!, time(attempt.finished_at)!];
    if (from > end) spans.push({ kind: 'backing-off', from: end, to: from });
    const kind = attempt.outcome === 'retrying' ? 'retried' : attempt.outcome;
    spans.push({ kind, from, to, attempt: attempt.attempt, code: attempt.error_code });
    end = Math.max(end, to);
  }
  if (stage.status === 'running')
    spans.push({ kind: 'running', from: end, to: Math.max(end, now), attempt: stage.attempts });
  if (stage.status === 'retrying') spans.push({ kind: 'backing-off', from: end, to: Math.max(end, now) });
  // Records of before have no attempts.
  if (spans.every(({ kind }) => kind === 'waiting') && stage.finished_at)
    spans.push({
      kind: stage.status === 'failed' ? 'failed' : 'completed',
      from: began,
      to: time(stage.finished_at)!,
    });
  return spans;
}

const longestWaitMs = 24 * 3_600_000;
const time = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso));

/** Where a moment lies, from 0 to 1. */
export type Scale = (at: number) => number;

/**
 * A scale on which short attempts are seen beside long waits: between two moments at which something happened there is
 * as much room as the root of the time that went by.
 */
export function scaleOf(lanes: readonly Lane[]): Scale {
  const moments = [
    ...new Set(lanes.flatMap(({ spans }) => spans.flatMap(({ from, to }) => [from, to]))),
  ].sort((a, b) => a - b);
  const places = new Map<number, number>();
  let place = 0;
  for (const [index, at] of moments.entries()) {
    if (index > 0) place += Math.sqrt(at - moments[index - 1]!);
    places.set(at, place);
  }
  return (at) => (place === 0 ? 0 : (places.get(at) ?? 0) / place);
}
