import type {
  Configured,
  DeepHealthAnswer,
  HealthCheck,
} from '@savepoint/core/contracts/answers/deep-health.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Page } from '../../parts/page.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { LostEvents } from './lost-events.tsx';

const pauseMs = 30_000;

/** `/console/health`: what the pipeline stands on, and what is configured. */
export function HealthPage() {
  const { answer, problem, refresh } = useAnswer<DeepHealthAnswer>('/health/deep', { everyMs: pauseMs });
  // When something is away the problem tells the same, and says what.
  const told = problem?.code === 'DEPENDENCY_AWAY' ? (problem.members as Partial<DeepHealthAnswer>) : answer;
  return (
    <Page title="Health">
      <ProblemNote problem={problem} onRetry={refresh} />
      {told === null && problem === null && <Skeleton rows={4} />}
      {told?.checks && <Checks checks={told.checks} />}
      {told?.configured && <Configuration configured={told.configured} />}
      <LostEvents />
    </Page>
  );
}

const names: Record<HealthCheck['name'], string> = {
  queues: 'Queues (SQS)',
  bucket: 'Bucket (S3)',
  database: 'Database (PostgreSQL)',
};

const Checks = ({ checks }: { checks: readonly HealthCheck[] }) => (
  <ul class="stages checks" aria-label="Checks">
    {checks.map(({ name, status, milliseconds, code }) => (
      <li key={name} class={status === 'away' ? 'card stage bad' : 'card stage'}>
        <h2>{names[name]}</h2>
        <p>
          <span class={status === 'ok' ? 'status good' : 'status bad'}>{status}</span>{' '}
          <span class="hint">{milliseconds} ms</span> {code && <code>{code}</code>}
        </p>
      </li>
    ))}
  </ul>
);

const words = {
  steam: {
    simulated: 'simulated: no STEAM_API_KEY is set',
    key_set: 'the real one, with a key',
    key_missing: 'the key is missing: fill the secret steam-api-key',
    key_unknown: 'unknown: Secrets Manager does not say',
  },
  igdb: { simulated: 'simulated: no IGDB_CLIENT_ID is set', real: 'the real one' },
} as const;

const Configuration = ({ configured }: { configured: Configured }) => (
  <section class="card" aria-labelledby="configured">
    <h2 id="configured">Configured</h2>
    <dl class="pairs">
      {[
        ['Deployment', configured.deployment],
        ['Version', configured.version],
        ['Steam', words.steam[configured.steam]],
        ['IGDB', words.igdb[configured.igdb]],
        ['Self-healing', configured.self_healing ? 'on: what may pass is sent again by itself' : 'off'],
        ['Notices of ended imports', configured.notices.join(', ') || 'go to nobody'],
      ].map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  </section>
);
