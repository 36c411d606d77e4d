import { project, stages } from '../packages/core/topology.ts';
import { createApi } from './api.ts';
import { createDashboard } from './dashboard.ts';
import type { Deployment } from './deployment.ts';
import { createFunction } from './function.ts';
import { alarmOnFunction, createAlarmSink } from './monitoring.ts';
import {
  countMessages,
  deleteObjects,
  getObjects,
  listObjects,
  lookAtMessages,
  putObjects,
  sendToQueues,
  uploadObjects,
} from './permissions.ts';
import { createSecrets, createWebhookKey } from './secrets.ts';
import { readSettings } from './settings.ts';
import type { DeployedStage } from './stage.ts';
import { createStage } from './stage.ts';
import { createBucket, notifyStages } from './storage.ts';

/**
 * The whole flow, in the order in which a library passes through it:
 * POST /imports → steam-import → raw/ → igdb-enrichment → enriched/ → database-import → PostgreSQL.
 */
export function deployPipeline() {
  const deployment = prepare();

  const steamImport = deploySteamImport(deployment);
  const igdbEnrichment = deployIgdbEnrichment(deployment);
  const databaseImport = deployDatabaseImport(deployment);
  notifyStages(deployment.bucket, {
    'igdb-enrichment': igdbEnrichment,
    'database-import': databaseImport,
  });

  const api = createApi(deployment, { steamImport, igdbEnrichment, databaseImport });
  const migrate = deployMigrate(deployment);
  deployReconcile(deployment, [steamImport, igdbEnrichment, databaseImport]);

  createDashboard(deployment, api.nodes.api.id);

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
    secrets: createSecrets(),
    webhookKey: createWebhookKey(settings),
    alarms: createAlarmSink(settings),
  };
}

/** Each stage writes how far an import is, and never over what another attempt has written meanwhile. */
const status = ({ bucket }: Deployment) => [getObjects(bucket, 'status/'), putObjects(bucket, 'status/')];

const deploySteamImport = (deployment: Deployment): DeployedStage =>
  createStage(deployment, stages['steam-import'], {
    secrets: ['steamApiKey'],
    permissions: [
      uploadObjects(deployment.bucket, 'raw/'),
      ...status(deployment),
      listObjects(deployment.bucket, 'status/'),
    ],
  });

const deployIgdbEnrichment = (deployment: Deployment): DeployedStage =>
  createStage(deployment, stages['igdb-enrichment'], {
    secrets: ['igdbCredentials'],
    permissions: [
      getObjects(deployment.bucket, 'raw/', 'overrides/', 'state/'),
      uploadObjects(deployment.bucket, 'enriched/', 'rejects/'),
      // IGDB's token, which all instances share, and what an interrupted look-up already found.
      putObjects(deployment.bucket, 'state/'),
      deleteObjects(deployment.bucket, 'state/'),
      ...status(deployment),
      listObjects(deployment.bucket, 'raw/', 'overrides/', 'state/', 'status/'),
    ],
  });

const deployDatabaseImport = (deployment: Deployment): DeployedStage =>
  createStage(deployment, stages['database-import'], {
    secrets: ['databaseUrl'],
    usesDatabase: true,
    permissions: [
      getObjects(deployment.bucket, 'enriched/'),
      uploadObjects(deployment.bucket, 'rejects/'),
      ...status(deployment),
      listObjects(deployment.bucket, 'enriched/', 'status/'),
    ],
  });

/** Called by hand after a deployment: at the first one the database's address is not known yet. */
const deployMigrate = (deployment: Deployment) =>
  createFunction(deployment, {
    name: 'migrate',
    timeoutSeconds: 300,
    memoryMb: 512,
    secrets: ['databaseUrl'],
    usesDatabase: true,
  });

/** Every hour: an import whose message was lost is put into its stage's queue again. */
function deployReconcile(deployment: Deployment, deployed: DeployedStage[]): void {
  const queues = deployed.map((stage) => stage.queue);
  const reconcile = createFunction(deployment, {
    name: 'reconcile',
    timeoutSeconds: 300,
    memoryMb: 512,
    permissions: [
      listObjects(deployment.bucket, 'raw/', 'enriched/', 'status/'),
      getObjects(deployment.bucket, 'status/'),
      countMessages(...queues),
      sendToQueues(...queues),
      lookAtMessages(...deployed.map((stage) => stage.deadLetterQueue)),
    ],
  });
  new sst.aws.CronV2('ReconcileHourly', { schedule: 'rate(1 hour)', function: reconcile.arn });
  alarmOnFunction(deployment, 'reconcile', 'An import whose event S3 lost stays where it is.');
}
