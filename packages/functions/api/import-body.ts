import * as v from 'valibot';
import { bodyObject } from './request-body.ts';

/** Of `POST /imports`. */
export const ImportBody = bodyObject('{"steam_id": "76561197960287930"}', {
  steam_id: v.pipe(
    v.string(
      'must be a string: a SteamID64 in quotes, a Steam2 or Steam3 id, a profile address or a vanity name',
    ),
    v.maxLength(500, 'is longer than 500 characters'),
  ),
});
