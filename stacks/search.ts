import { igdbTokenKey } from '../packages/core/contracts/object-key.ts';
import type { Deployment } from './deployment.ts';
import { createFunction } from './function.ts';
import { getObjects, listObjects, putObjects } from './permissions.ts';

/**
 * IGDB's search, for people who choose a game: a function of its own, so that the API holds no secret of IGDB, and one at
 * a time, so that nobody's clicking takes the imports' share of IGDB's limit.
 */
export const deploySearch = (deployment: Deployment): sst.aws.Function =>
  createFunction(deployment, {
    name: 'igdb-search',
    timeoutSeconds: 20,
    memoryMb: 256,
    atOnce: 1,
    permissions: [
      getObjects(deployment.bucket, igdbTokenKey),
      putObjects(deployment.bucket, igdbTokenKey),
      listObjects(deployment.bucket, igdbTokenKey),
    ],
  });
