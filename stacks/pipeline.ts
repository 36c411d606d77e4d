import { igdbTokenKey, lookupMemoryKey, overridesKey } from '../packages/core/contracts/object-key.ts';
import { prefixes, project, stages } from '../packages/core/topology.ts';
import { createAlarmSink, createMails } from './alarms.ts';
import { createApi, createGateway } from './api.ts';
import { createDashboard } from './dashboard.ts';
import type { Deployment } from './deployment.ts';
import { deployForget } from './forget.ts';
import { deploySearch } from './search.ts';
import { createFunction } from './function.ts';
import { alarmOnFunction, alarmOnOverrides, alarmOnRefusals } from './monitoring.ts';
import {
  countMessages,
  deleteObjects,
  emptyQueues,
  getObjects,
  listObjects,
  putObjects,
  sendToQueues,
  uploadObjects,
} from './permissions.ts';
import { createSavedQueries } from './saved-queries.ts';
import { createSecrets } from './secrets.ts';
import { readSettings } from '../packages/core/deployment/settings.ts';
import type { DeployedStage } from './stage.ts';
import { createStage } from './stage.ts';
import { createBucket, notifyStages } from './storage.ts';
import { createVpcEndpoints } from './vpc-endpoints.ts';

/**
 * The whole flow, in the order in which a library passes through it:
 * POST /imports → steam-import → raw/ → igdb-enrichment → enriched/ → database-import → PostgreSQL.
 */
export function deployPipeline() {
  const deployment = prepare();
  const api = createGateway(deployment);

  const steamImport = deploySteamImport(deployment);
  const igdbEnrichment = deployIgdbEnrichment(deployment);
  const databaseImport = deployDatabaseImport(deployment, api.url);
  notifyStages(deployment.bucket, {
    'igdb-enrichment': igdbEnrichment,
    'database-import': databaseImport,
  });

  const forgetQueue = deployForget(deployment, [steamImport, igdbEnrichment, databaseImport]);
  const search = deploySearch(deployment);
  createApi(deployment, api, { steamImport, igdbEnrichment, databaseImport }, { forgetQueue, search });
  const migrate = deployMigrate(deployment);
  createVpcEndpoints(deployment);
  deployReconcile(deployment, [steamImport, igdbEnrichment, databaseImport]);
  deployFollow(deployment, steamImport);

  createDashboard(deployment, api.nodes.api.id);
  createSavedQueries(deployment);
  createMails(deployment);

  return {
    api: api.url,
    bucket: deployment.bucket.name,
    deadLetterQueues: [steamImport, igdbEnrichment, databaseImport].map((stage) => stage.deadLetterQueue.url),
    migrate: migrate.name,
  };
}

function prepare(): Deployment {
  const settings = readSettings(process.env);
  return {
    name: `${project}-${$app.stage}`,
    settings,
    bucket: createBucket(settings),
    secrets: createSecrets(settings),
    alarms: createAlarmSink(settings),
  };
}

/** Each stage writes how far an import is, and never over what another attempt has written meanwhile. */
const status = ({ bucket }: Deployment) => [
  getObjects(bucket, prefixes.status),
  // A dropped file is listed by the first stage that meets it.
  putObjects(bucket, prefixes.status, prefixes.index, prefixes.open),
  // The end of an import.
  deleteObjects(bucket, prefixes.open),
];

const deploySteamImport = (deployment: Deployment): DeployedStage =>
  createStage(deployment, stages['steam-import'], {
    permissions: [
      putObjects(deployment.bucket, prefixes.raw),
      ...status(deployment),
      // How the imports of a followed library end.
      getObjects(deployment.bucket, prefixes.follows),
      putObjects(deployment.bucket, prefixes.follows),
      listObjects(deployment.bucket, prefixes.status, prefixes.follows),
    ],
  });

function deployIgdbEnrichment(deployment: Deployment): DeployedStage {
  const stage = stages['igdb-enrichment'];
  alarmOnRefusals(deployment, stage);
  alarmOnOverrides(deployment, stage);
  const { bucket } = deployment;
  // IGDB's token and what was learnt of apps, which all instances share, and what an interrupted look-up already found.
  const state = [igdbTokenKey, lookupMemoryKey, prefixes.checkpoints] as const;
  return createStage(deployment, stage, {
    continues: true,
    permissions: [
      getObjects(bucket, prefixes.raw, overridesKey, ...state),
      listObjects(bucket, prefixes.raw, overridesKey, ...state, prefixes.status),
      uploadObjects(bucket, prefixes.enriched),
      putObjects(bucket, prefixes.rejects, ...state),
      deleteObjects(bucket, prefixes.rejects, prefixes.checkpoints),
      // Imports of which IGDB refused a question, and those that are through with it.
      putObjects(bucket, prefixes.pending),
      deleteObjects(bucket, prefixes.pending),
      ...status(deployment),
    ],
  });
}

const deployDatabaseImport = (deployment: Deployment, apiUrl: $util.Input<string>): DeployedStage =>
  createStage(deployment, stages['database-import'], {
    usesDatabase: true,
    permissions: [
      getObjects(deployment.bucket, prefixes.enriched),
      putObjects(deployment.bucket, prefixes.rejects),
      // Those of an earlier file go once the corrected one is clean.
      deleteObjects(deployment.bucket, prefixes.rejects),
      // The library for reading, unless a newer one lies there.
      getObjects(deployment.bucket, prefixes.exports),
      putObjects(deployment.bucket, prefixes.exports),
      ...status(deployment),
      listObjects(deployment.bucket, prefixes.enriched, prefixes.status, prefixes.exports),
    ],
    environment: {
      LATE_IMPORT_DAYS: String(deployment.settings.lateImportDays),
      JOURNAL_DAYS: String(deployment.settings.journalDays),
      API_URL: apiUrl,
    },
  });

/** Called by hand after a deployment: at the first one the database's address is not known yet. */
const deployMigrate = (deployment: Deployment) =>
  createFunction(deployment, {
    name: 'migrate',
    timeoutSeconds: 300,
    memoryMb: 512,
    usesDatabase: true,
  });

/** Every hour: what was lost, given up and may pass now, or refused by IGDB is put into its stage's queue again. */
function deployReconcile(deployment: Deployment, deployed: DeployedStage[]): void {
  const queues = deployed.map((stage) => stage.queue);
  const reconcile = createFunction(deployment, {
    name: 'reconcile',
    timeoutSeconds: 300,
    memoryMb: 512,
    permissions: [
      listObjects(
        deployment.bucket,
        prefixes.raw,
        prefixes.enriched,
        prefixes.status,
        prefixes.index,
        prefixes.open,
        prefixes.healing,
        prefixes.pending,
        prefixes.indexed,
      ),
      ...status(deployment),
      // What self-healing sent back last, to see whether it got through; and whose apps are asked for again.
      getObjects(deployment.bucket, prefixes.healing, prefixes.pending),
      putObjects(deployment.bucket, prefixes.healing, prefixes.pending, prefixes.indexed),
      deleteObjects(deployment.bucket, prefixes.pending),
      countMessages(...queues),
      sendToQueues(...queues),
      emptyQueues(...deployed.map((stage) => stage.deadLetterQueue)),
    ],
    environment: { SELF_HEALING: deployment.settings.selfHealing },
  });
  new sst.aws.CronV2('ReconcileHourly', { schedule: 'rate(1 hour)', function: reconcile.arn });
  // Files that somebody dropped are marked nowhere before a stage meets them.
  new sst.aws.CronV2('ReconcileDaily', {
    schedule: 'rate(1 day)',
    function: reconcile.arn,
    event: { all: true },
  });
  alarmOnFunction(deployment, 'reconcile', 'An import whose event S3 lost stays where it is.');
}

/** Every five minutes, as wide as a slot of `packages/core/contracts/follow.ts`: imports followed libraries that are due. */
function deployFollow(deployment: Deployment, { queue }: DeployedStage): void {
  const { bucket } = deployment;
  const follow = createFunction(deployment, {
    name: 'follow',
    timeoutSeconds: 240,
    memoryMb: 256,
    permissions: [
      listObjects(bucket, prefixes.follows, prefixes.following),
      getObjects(bucket, prefixes.follows, prefixes.following),
      putObjects(bucket, prefixes.following, prefixes.status, prefixes.index, prefixes.open),
      countMessages(queue),
      sendToQueues(queue),
    ],
  });
  new sst.aws.CronV2('FollowSchedule', { schedule: 'rate(5 minutes)', function: follow.arn });
  alarmOnFunction(deployment, 'follow', 'Libraries that are followed are not imported again.');
}
