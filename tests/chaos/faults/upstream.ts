import { setTimeout as delay } from 'node:timers/promises';
import type { Chance } from '../harness/chance.ts';
import type { Fault, LinkRequest } from '../harness/faulty-link.ts';
import { forgetLearnt } from '../harness/forget-learnt.ts';
import type { NamedFault } from '../harness/named-fault.ts';
import { people } from '../harness/people.ts';
import type { World } from '../harness/world.ts';
import { cutAnswer, editing, hanging, late, oftenEnough, reset, rewriting, status } from './links.ts';

/** What Steam, Twitch and IGDB do to whoever asks them. */

const badGateway = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

type Place = 'steam' | 'igdb';
const isAt = (place: string, { url }: LinkRequest) => url.pathname.startsWith(`/${place}/`);

/** The fault meets so many of 100 requests. */
const at =
  (place: Place, fault: Fault, percent = 60) =>
  (world: World, chance: Chance): void => {
    const isMet = oftenEnough(chance, percent);
    world.upstream.add((request) => (isAt(place, request) && isMet() ? fault : null));
  };

const ways: readonly (readonly [name: string, fault: Fault, percent?: number])[] = [
  ['429', status(429, '{"message":"Too Many Requests"}', 'application/json')],
  ['500', status(500, '<html>Internal Server Error</html>')],
  ['502-html', status(502, badGateway)],
  ['200-html', status(200, badGateway)],
  ['hang', hanging, 20],
  ['reset', reset],
  ['slow', late(() => 700), 100],
  ['truncated', cutAnswer],
  ['invalid-json', rewriting((text) => text.slice(0, -3))],
  ['wrong-schema', rewriting(() => '{"response":[1,2],"games":"none"}')],
];

const both = (['steam', 'igdb'] as const).flatMap((area) =>
  ways.map(
    ([name, fault, percent]): NamedFault => ({
      name: `${area}-${name}`,
      area,
      begin: at(area, fault, percent),
    }),
  ),
);

type OwnedGames = { response: { games?: Record<string, unknown>[] } };
const withoutFields = (fields: readonly string[]): Fault =>
  editing<OwnedGames>(({ response }) => ({
    response: {
      ...response,
      ...(response.games && {
        games: response.games.map((game) =>
          Object.fromEntries(Object.entries(game).filter(([name]) => !fields.includes(name))),
        ),
      }),
    },
  }));
const ownedGames = (fault: Fault) => (world: World) => {
  world.upstream.add(({ url }) => (url.pathname.includes('GetOwnedGames') ? fault : null));
};
const playtimes = [
  'playtime_forever',
  'playtime_windows_forever',
  'playtime_deck_forever',
  'rtime_last_played',
];

/** IGDB's answers are arrays of rows, or of named results with rows. */
const editRows = (edit: (rows: unknown[]) => unknown[]): Fault =>
  editing<unknown[]>((rows) =>
    rows.some((row) => typeof row === 'object' && row !== null && 'result' in row)
      ? (rows as { result?: unknown[] }[]).map((one) => ({
          ...one,
          ...(one.result && { result: edit(one.result) }),
        }))
      : edit(rows),
  );

const outage = (area: Place): NamedFault => ({
  name: `${area}-outage`,
  area,
  begin: at(area, status(503, badGateway), 100),
  untilGivenUp: true,
});

const silenceStore = (world: World): void =>
  world.upstream.add(({ url }) => (url.pathname.includes('GetItems') ? status(500) : null));

export const upstreamFaults: readonly NamedFault[] = [
  ...both,
  outage('steam'),
  outage('igdb'),
  {
    name: 'steam-leaves-out-fields',
    area: 'steam',
    knownBefore: true,
    begin: ownedGames(withoutFields(playtimes)),
  },
  {
    name: 'steam-leaves-out-names',
    area: 'steam',
    knownBefore: true,
    begin: ownedGames(withoutFields(['name', 'img_icon_url'])),
  },
  {
    name: 'steam-leaves-out-library',
    area: 'steam',
    knownBefore: true,
    begin: ownedGames(editing(() => ({ response: {} }))),
  },
  {
    name: 'steam-leaves-out-entries',
    area: 'steam',
    // `game_count` says that there are more.
    begin: ownedGames(
      editing<OwnedGames>(({ response }) => ({
        response: { ...response, games: response.games?.filter((_, index) => index % 3 !== 0) },
      })),
    ),
  },
  {
    name: 'steam-malformed-entries',
    area: 'steam',
    begin: ownedGames(
      editing<OwnedGames>(({ response }) => ({
        response: {
          ...response,
          games: response.games?.map((game, index) => (index % 5 === 0 ? { ...game, appid: 'none' } : game)),
        },
      })),
    ),
  },
  { name: 'steam-store-silent', area: 'steam', begin: silenceStore },
  {
    // What it told before must stand, although nobody remembers having asked.
    name: 'steam-store-silent-later',
    area: 'steam',
    knownBefore: true,
    seconds: 8,
    async begin(world) {
      silenceStore(world);
      await forgetLearnt(world);
    },
  },
  {
    name: 'igdb-token-expires',
    area: 'igdb',
    begin(world, _chance, met) {
      const { control, requests } = world.simulators;
      let counted = 0;
      const revoking = setInterval(() => {
        control.revokeTokens();
        const refused = requests.filter(({ api, status: told }) => api === 'igdb' && told === 401).length;
        met(refused - counted);
        counted = refused;
      }, 250);
      return () => clearInterval(revoking);
    },
  },
  {
    name: 'twitch-503',
    area: 'igdb',
    begin: (world) => {
      world.simulators.control.revokeTokens();
      world.upstream.add((request) => (isAt('twitch', request) ? status(503, badGateway) : null));
    },
  },
  {
    name: 'igdb-empty-page',
    area: 'igdb',
    begin: at(
      'igdb',
      editRows(() => []),
      50,
    ),
  },
  {
    name: 'igdb-shrinking-page',
    area: 'igdb',
    begin: at(
      'igdb',
      editRows((rows) => rows.slice(0, Math.ceil(rows.length / 2))),
    ),
  },
  {
    name: 'igdb-refuses-one',
    area: 'igdb',
    begin(world, chance) {
      // Of everybody's apps, so that somebody asks for them.
      const [{ ownedApps } = { ownedApps: [] }] = people().accounts;
      const uids = Array.from({ length: 3 }, () => `"${chance.pick(ownedApps.slice(0, 10)).appid}"`);
      world.upstream.add((request) =>
        isAt('igdb', request) && uids.some((uid) => request.body.includes(uid))
          ? status(400, '[{"title":"Syntax Error","status":400}]', 'application/json')
          : null,
      );
    },
  },
  {
    name: 'igdb-answers-late',
    area: 'igdb',
    begin(world, chance) {
      world.upstream.add((request) =>
        isAt('igdb', request)
          ? async (_request, pass) => {
              const answer = await pass();
              await delay(chance.between(0, 1500));
              return { ...answer };
            }
          : null,
      );
    },
  },
];
