import { DeepHealthAnswer } from '@savepoint/core/contracts/answers/deep-health.ts';
import * as imports from '@savepoint/core/contracts/answers/imports.ts';
import * as libraries from '@savepoint/core/contracts/answers/libraries.ts';
import { MetricsAnswer } from '@savepoint/core/contracts/answers/metrics.ts';
import * as queues from '@savepoint/core/contracts/answers/queues.ts';
import { PublishedLibrary } from '@savepoint/core/contracts/published-library.ts';
import type { HttpRouteName } from '@savepoint/core/http-routes.ts';
import { FoundGame } from '@savepoint/core/operations/search-games.ts';
import * as v from 'valibot';
import { DiscardBody, RedriveBody } from '../dead-letters.ts';
import { FollowBody, FollowsQuery } from '../follows.ts';
import { ForgetQuery } from '../forget-library.ts';
import { ImportBody } from '../import-body.ts';
import { ImportCsvQuery } from '../import-csv.ts';
import { AppsQuery, RerunBody } from '../import-files.ts';
import { ImportsQuery } from '../imports-query.ts';
import { MetricsQuery } from '../metrics.ts';
import { OverrideBody, OverridesQuery } from '../overrides.ts';
import { ReconcileBody } from '../reconcile.ts';
import { SearchQuery } from '../search-games.ts';

/** What each call takes and answers, by the schemas that it is parsed with and those of `core/contracts/answers`. */

export type Content = v.GenericSchema | { mediaType: string };
export type DescribedCall = {
  summary: string;
  query?: { entries: v.ObjectEntries };
  body?: Content;
  /** Refused without a body, though its schema allows an empty one. */
  needsBody?: boolean;
  /** By status; null has no body. What else there is are problems. */
  answers: Readonly<Record<number, Content | null>>;
};

const answering =
  (status: number) =>
  (
    summary: string,
    answer: Content | null,
    takes: Omit<DescribedCall, 'summary' | 'answers'> = {},
  ): DescribedCall => ({ summary, ...takes, answers: { [status]: answer } });
const answers = answering(200);
const accepts = answering(202);
const ends = answering(204);

const Healthy = v.object({ status: v.literal('ok') });
const lettersQuery = v.strictObject({ code: v.optional(v.string()), max: v.optional(v.string()) });
const FoundGames = v.object({ games: v.array(FoundGame) });

export const calls: Readonly<Record<HttpRouteName, DescribedCall>> = {
  health: answers('Whether the API answers', Healthy),
  deepHealth: answers('Whether all is there, and what is configured', DeepHealthAnswer),
  requestImport: accepts('Import a library from Steam', imports.QueuedImport, { body: ImportBody }),
  importCsv: accepts('Import a library from a file of at most 4 MB', imports.QueuedImport, {
    query: ImportCsvQuery,
    body: { mediaType: 'text/csv' },
  }),
  listImports: answers('Imports, the newest first', imports.ImportsAnswer, { query: ImportsQuery }),
  showImport: answers('How an import is', imports.ImportAnswer),
  listApps: answers('What enrichment made of the apps of an import', imports.AppsAnswer, {
    query: AppsQuery,
  }),
  listRejects: answers('The bad rows of an import', imports.RejectsAnswer),
  rerun: accepts('Run an import again from a file that it left', imports.RerunAnswer, { body: RerunBody }),
  showLibrary: answers("A person's library for reading", PublishedLibrary),
  forgetLibrary: {
    summary: 'Forget a person, or count what would be removed',
    query: ForgetQuery,
    answers: { 200: libraries.ForgetPreview, 202: libraries.ForgetAnswer },
  },
  listFollows: answers('Libraries that are imported again by themselves', libraries.FollowsAnswer, {
    query: FollowsQuery,
  }),
  follow: answers('Follow a library', libraries.FollowAnswer, { body: FollowBody }),
  unfollow: ends('Follow a library no longer', null),
  listOverrides: answers('What people decided about apps', libraries.OverridesAnswer, {
    query: OverridesQuery,
  }),
  decideOverride: answers('Decide what an app is', libraries.OverrideAnswer, {
    body: OverrideBody,
    needsBody: true,
  }),
  dropOverride: ends('Leave an app to the rules again', null),
  reconcile: answers('Queue open imports whose message never came', imports.ReconcileAnswer, {
    body: ReconcileBody,
  }),
  searchGames: answers('Search the games of IGDB', FoundGames, { query: SearchQuery }),
  countMessages: answers('How many messages wait', queues.QueuesAnswer),
  showMetrics: answers('Imports, failures, dead letters and durations of the last hours', MetricsAnswer, {
    query: MetricsQuery,
  }),
  listCauses: answers('What dead letters failed of', queues.CausesAnswer),
  listDeadLetters: answers('What a stage gave up', queues.DeadLettersAnswer, { query: lettersQuery }),
  redrive: answers('Send dead letters back to their stage', queues.RedriveAnswer, { body: RedriveBody }),
  discard: answers('Delete dead letters for good', queues.DiscardAnswer, {
    body: DiscardBody,
    needsBody: true,
  }),
  describe: answers('This description', v.record(v.string(), v.unknown())),
  console: answers('The console, a web page', { mediaType: 'text/html' }),
  consolePage: answers('The files of the console, and its pages', { mediaType: '*/*' }),
};
