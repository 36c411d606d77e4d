import { importCsv, type ImportCsvPorts, mostCsvBytes } from '@savepoint/core/operations/import-csv.ts';
import { findSteamId, type VanityNames } from '@savepoint/core/operations/imports.ts';
import type { Context } from 'hono';
import * as v from 'valibot';
import { queuedAnswer } from './queued-answer.ts';
import { HttpProblem } from './problem.ts';
import { readQuery } from './query.ts';
import { readBytes } from './request-body.ts';

export const ImportCsvQuery = v.strictObject({
  steam_id: v.pipe(
    v.string('must name the person whose library it is'),
    v.maxLength(500, 'is longer than 500 characters'),
  ),
});

/**
 * `POST /imports/csv?steam_id=`: a library's file instead of Steam's answer. The gateway hands a function 6 MB at most, which
 * the file fits into in whatever form the gateway packs it.
 */
export const importCsvHandlers = (ports: ImportCsvPorts & VanityNames) => ({
  async importCsv(context: Context): Promise<Response> {
    const { steam_id } = readQuery(context, ImportCsvQuery);
    if (!/^text\/csv\s*(;|$)/i.test(context.req.header('content-type') ?? ''))
      throw new HttpProblem(
        415,
        'NOT_CSV',
        'Send the header content-type: text/csv, and the file as the body.',
      );
    const csv = await readBytes(context, mostCsvBytes);
    const steamId = await findSteamId(steam_id, ports.resolveVanityName);
    return queuedAnswer(context, await importCsv(steamId, csv, ports));
  },
});
