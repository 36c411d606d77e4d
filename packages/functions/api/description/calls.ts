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
  /** By status; null has no body. What else there is are problems. */
  answers: Readonly<Record<number, Content | null>>;
};

const Healthy = v.object({ status: v.literal('ok') });
const lettersQuery = v.strictObject({ code: v.optional(v.string()), max: v.optional(v.string()) });
const file = { mediaType: 'text/html' };

export const calls: Readonly<Record<HttpRouteName, DescribedCall>> = {
  health: { summary: 'Whether the API answers', answers: { 200: Healthy } },
  deepHealth: { summary: 'Whether all is there, and what is configured', answers: { 200: DeepHealthAnswer } },
  requestImport: {
    summary: 'Import a library from Steam',
    body: ImportBody,
    answers: { 202: imports.QueuedImport },
  },
  importCsv: {
    summary: 'Import a library from a file of at most 4 MB',
    query: ImportCsvQuery,
    body: { mediaType: 'text/csv' },
    answers: { 202: imports.QueuedImport },
  },
  listImports: {
    summary: 'Imports, the newest first',
    query: ImportsQuery,
    answers: { 200: imports.ImportsAnswer },
  },
  showImport: { summary: 'How an import is', answers: { 200: imports.ImportAnswer } },
  listApps: {
    summary: 'What enrichment made of the apps of an import',
    query: AppsQuery,
    answers: { 200: imports.AppsAnswer },
  },
  listRejects: { summary: 'The bad rows of an import', answers: { 200: imports.RejectsAnswer } },
  rerun: {
    summary: 'Run an import again from a file that it left',
    body: RerunBody,
    answers: { 202: imports.RerunAnswer },
  },
  showLibrary: {
    summary: "A person's library for reading",
    answers: { 200: PublishedLibrary, 304: null },
  },
  forgetLibrary: {
    summary: 'Forget a person, or count what would be removed',
    query: ForgetQuery,
    answers: { 200: libraries.ForgetPreview, 202: libraries.ForgetAnswer },
  },
  listFollows: {
    summary: 'Libraries that are imported again by themselves',
    query: FollowsQuery,
    answers: { 200: libraries.FollowsAnswer },
  },
  follow: { summary: 'Follow a library', body: FollowBody, answers: { 200: libraries.FollowAnswer } },
  unfollow: { summary: 'Follow a library no longer', answers: { 204: null } },
  listOverrides: {
    summary: 'What people decided about apps',
    query: OverridesQuery,
    answers: { 200: libraries.OverridesAnswer },
  },
  decideOverride: {
    summary: 'Decide what an app is',
    body: OverrideBody,
    answers: { 200: libraries.OverrideAnswer },
  },
  dropOverride: { summary: 'Leave an app to the rules again', answers: { 204: null } },
  reconcile: {
    summary: 'Queue open imports whose message never came',
    body: ReconcileBody,
    answers: { 200: imports.ReconcileAnswer },
  },
  searchGames: {
    summary: 'Search the games of IGDB',
    query: SearchQuery,
    answers: { 200: v.object({ games: v.array(FoundGame) }) },
  },
  countMessages: { summary: 'How many messages wait', answers: { 200: queues.QueuesAnswer } },
  showMetrics: {
    summary: 'Imports, failures, dead letters and durations of the last hours',
    query: MetricsQuery,
    answers: { 200: MetricsAnswer },
  },
  listCauses: { summary: 'What dead letters failed of', answers: { 200: queues.CausesAnswer } },
  listDeadLetters: {
    summary: 'What a stage gave up',
    query: lettersQuery,
    answers: { 200: queues.DeadLettersAnswer },
  },
  redrive: {
    summary: 'Send dead letters back to their stage',
    body: RedriveBody,
    answers: { 200: queues.RedriveAnswer },
  },
  discard: {
    summary: 'Delete dead letters for good',
    body: DiscardBody,
    answers: { 200: queues.DiscardAnswer },
  },
  describe: {
    summary: 'This description',
    answers: { 200: v.record(v.string(), v.unknown()) },
  },
  console: { summary: 'The console, a web page', answers: { 200: file } },
  consolePage: {
    summary: 'The files of the console, and its pages',
    answers: { 200: { mediaType: '*/*' } },
  },
};
