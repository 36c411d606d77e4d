import { setTimeout as delay } from 'node:timers/promises';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { keysOf } from './evidence.ts';
import type { World } from './world.ts';

/** What was learnt of apps is forgotten, and asked for again. */
export async function forgetLearnt(world: World): Promise<void> {
  for (const stack of world.stacks) await stack.close();
  for (const key of await keysOf(world, 'state/'))
    await world.s3.send(new DeleteObjectCommand({ Bucket: world.bucket, Key: key }));
  // Facts carry the second in which they were learnt, and the later one holds.
  await delay(1100);
  await world.startStack();
}
