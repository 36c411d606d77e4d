import { gunzipSync } from 'node:zlib';
import { PublishedLibrary } from '@savepoint/core/contracts/published-library.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import type { Command } from 'commander';
import * as v from 'valibot';
import { CommandFailure, exitCodes } from './failure.ts';
import { connect } from './operator.ts';
import { waitFor } from './terminal/waiting.ts';

/** Far more than 200,000 games have. */
const mostBytes = 1024 * 1024 * 1024;

/** A person's published library. @throws CommandFailure when there is none */
export async function readLibrary(command: Command, steamId: SteamId): Promise<PublishedLibrary> {
  const { openStorage, target } = connect(command);
  const { libraries } = await openStorage();
  const packed = await waitFor('the library', libraries.read(steamId));
  if (packed === null)
    throw new CommandFailure(
      exitCodes.notFound,
      `There is no library of ${steamId} in ${target.name}. Import it: savepoint import ${steamId} --wait`,
    );
  return v.parse(PublishedLibrary, JSON.parse(gunzipSync(packed, { maxOutputLength: mostBytes }).toString()));
}
