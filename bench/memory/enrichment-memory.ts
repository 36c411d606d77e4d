import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { libraryKeyOf, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { startStorage } from '../storage.ts';
import { inventedAppId, inventedName, startInventedApis } from './invented-apis.ts';

export type MemoryUse = { processed: number; matched: number; peakMegabytes: number; seconds: number };

const program = fileURLToPath(new URL('enrichment-process.ts', import.meta.url));

/**
 * Peak memory of the handler enriching one library; storage, Steam and IGDB run in this process.
 * @param flags of the handler's Node.
 */
export async function measureMemory(apps: number, flags: readonly string[]): Promise<MemoryUse> {
  const storage = await startStorage();
  const apis = await startInventedApis();
  const key = printLibraryKey(libraryKeyOf('raw', '76561197960287930-20260101T000000000Z'));
  try {
    await storage.s3.send(new PutObjectCommand({ Bucket: storage.bucket, Key: key, Body: rawLibrary(apps) }));
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, key], {
      env: {
        ...process.env,
        ...storage.variables,
        LOG_LEVEL: 'SILENT',
        STEAM_API_URL: apis.url,
        IGDB_API_URL: apis.url,
        IGDB_TOKEN_URL: `${apis.url}/token`,
        IGDB_CLIENT_ID: 'invented',
        IGDB_CLIENT_SECRET: 'invented',
      },
    });
    const { answer, ...use } = JSON.parse(stdout);
    return { ...answer, ...use };
  } finally {
    await apis.close();
    await storage.close();
  }
}

const rawLibrary = (apps: number): string =>
  `appid,name,playtime_forever,img_icon_url,rtime_last_played\n${Array.from({ length: apps }, (_, index) => {
    const appId = inventedAppId(index);
    return `${appId},${inventedName(appId)},${index % 5000},${appId.toString(16).padStart(40, '0')},${1_500_000_000 + index}\n`;
  }).join('')}`;
