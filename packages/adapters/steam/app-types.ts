import * as v from 'valibot';
import { exchange, join, jsonOf } from '../http/exchange.ts';
import { answerLimits } from '../limits.ts';

export type AppTypes = {
  /** Steam's own number of the type: 0 game, 1 demo, 4 dlc, 11 music, 13 tool … Apps that Steam does not know are absent. */
  typeByAppId: Map<number, number>;
  /** Apps that were not answered for, because Steam's store failed. */
  unansweredApps: number;
};

export type AppTypesOptions = {
  /** `https://api.steampowered.com`, or a simulator's address. */
  apiUrl: string;
  /** Of each batch; an import can do without. */
  timeoutSeconds?: number;
  signal?: AbortSignal | undefined;
};

/** The store takes 100 to 200 ids a call. */
const appsPerRequest = 150;
const openRequests = 4;
/** After as many failed batches the store is taken for down, so that a long library does not wait for each. */
const toleratedFailures = 2;
const totalSeconds = 60;

const StoreItems = v.object({ response: v.object({ store_items: v.optional(v.array(v.unknown()), []) }) });
// Without success and a name an absent type means nothing; with them it means 0, a game.
const StoreItem = v.object({
  appid: v.number(),
  success: v.literal(1),
  name: v.pipe(v.string(), v.nonEmpty()),
  type: v.optional(v.pipe(v.number(), v.integer()), 0),
});

/** Asks Steam's store for the type of each app; needs no key. Never throws: a failure only lessens the result. */
export async function getAppTypes(appIds: readonly number[], options: AppTypesOptions): Promise<AppTypes> {
  const asked = [...new Set(appIds)];
  const batches: number[][] = [];
  for (let at = 0; at < asked.length; at += appsPerRequest)
    batches.push(asked.slice(at, at + appsPerRequest));
  const budget = AbortSignal.timeout(totalSeconds * 1000);
  const signal = options.signal ? AbortSignal.any([options.signal, budget]) : budget;
  const typeByAppId = new Map<number, number>();
  let answeredApps = 0;
  let failures = 0;
  const work = async () => {
    while (failures < toleratedFailures) {
      const batch = batches.shift();
      if (!batch) return;
      const types = await askBatch(batch, { ...options, signal });
      if (types) answeredApps += batch.length;
      else failures += 1;
      for (const [appId, type] of types ?? []) typeByAppId.set(appId, type);
    }
  };
  await Promise.all(Array.from({ length: openRequests }, work));
  return { typeByAppId, unansweredApps: asked.length - answeredApps };
}

/** Undefined when the store did not answer. Items come in any order. */
async function askBatch(
  appIds: readonly number[],
  { apiUrl, timeoutSeconds = 5, signal }: AppTypesOptions,
): Promise<[appId: number, type: number][] | undefined> {
  const input = {
    ids: appIds.map((appid) => ({ appid })),
    context: { language: 'english', country_code: 'US', steam_realm: 1 },
    data_request: { include_basic_info: true },
  };
  const answer = await exchange({
    method: 'get',
    url: join(apiUrl, 'IStoreBrowseService/GetItems/v1/'),
    searchParams: { input_json: JSON.stringify(input), format: 'json' },
    timeoutSeconds,
    maxBytes: answerLimits.steamStore,
    signal,
  });
  if (answer.status !== 200) return undefined;
  const parsed = v.safeParse(StoreItems, jsonOf(answer));
  if (!parsed.success) return undefined;
  const asked = new Set(appIds);
  return parsed.output.response.store_items.flatMap((entry) => {
    const item = v.safeParse(StoreItem, entry);
    return item.success && asked.has(item.output.appid) ? [[item.output.appid, item.output.type]] : [];
  });
}
