import type { StoreFacts } from '@savepoint/core/contracts/enriched-library.ts';
import type { AppTypeAnswers } from '@savepoint/core/enrichment/app-types.ts';
import * as v from 'valibot';
import { exchange, join, jsonOf } from '../http/exchange.ts';
import { answerLimits } from '../limits.ts';
import { readStoreFacts, storeFactEntries, storeFactRequest } from './store-facts.ts';

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
/** The store has an item for every app that it was asked for, also for one that it does not know. */
const StoreItem = v.object({
  appid: v.optional(v.number(), 0),
  /** What was asked for; of an app that the store does not show, `appid` may be 0. */
  id: v.optional(v.number(), 0),
  success: v.number(),
  name: v.optional(v.string(), ''),
  type: v.optional(v.pipe(v.number(), v.integer()), 0),
  ...storeFactEntries,
});
type StoreItem = v.InferOutput<typeof StoreItem>;

/** Asks Steam's store for the type of each app, and what else it tells at once; needs no key. Implements the port `AppTypes`. */
export async function getAppTypes(
  appIds: readonly number[],
  options: AppTypesOptions,
): Promise<AppTypeAnswers> {
  const asked = [...new Set(appIds)];
  const batches: number[][] = [];
  for (let at = 0; at < asked.length; at += appsPerRequest)
    batches.push(asked.slice(at, at + appsPerRequest));
  const budget = AbortSignal.timeout(totalSeconds * 1000);
  const signal = options.signal ? AbortSignal.any([options.signal, budget]) : budget;
  const typeByAppId = new Map<number, number>();
  const factsByAppId = new Map<number, StoreFacts>();
  const unansweredAppIds = new Set(asked);
  let asksFacts = true;
  let failures = 0;
  const work = async () => {
    while (failures < toleratedFailures) {
      const batch = batches.shift();
      if (!batch) return;
      let items = await askBatch(batch, { ...options, signal, asksFacts });
      if (items === 'refused') {
        // The types matter most, and need no more than they always did.
        asksFacts = false;
        items = await askBatch(batch, { ...options, signal, asksFacts });
      }
      if (items === 'refused' || items.length === 0) {
        failures += 1;
        continue;
      }
      for (const item of items) {
        const { appid, success, name, type } = item;
        unansweredAppIds.delete(appid);
        // Without success and a name an absent type means nothing; with them it means 0, a game.
        if (success !== 1 || name === '') continue;
        typeByAppId.set(appid, type);
        factsByAppId.set(appid, readStoreFacts(item));
      }
    }
  };
  await Promise.all(Array.from({ length: openRequests }, work));
  return { typeByAppId, factsByAppId, unansweredAppIds };
}

/**
 * The items of apps that were asked for, in any order; none when the store did not answer, or makes no sense; `refused`
 * when it does not take the question.
 */
async function askBatch(
  appIds: readonly number[],
  { apiUrl, timeoutSeconds = 5, signal, asksFacts }: AppTypesOptions & { asksFacts: boolean },
): Promise<StoreItem[] | 'refused'> {
  const input = {
    ids: appIds.map((appid) => ({ appid })),
    context: { language: 'english', country_code: 'US', steam_realm: 1 },
    data_request: { include_basic_info: true, ...(asksFacts && storeFactRequest) },
  };
  const answer = await exchange({
    method: 'get',
    url: join(apiUrl, 'IStoreBrowseService/GetItems/v1/'),
    searchParams: { input_json: JSON.stringify(input), format: 'json' },
    timeoutSeconds,
    maxBytes: answerLimits.steamStore,
    signal,
  });
  if (answer.status === 400) return 'refused';
  if (answer.status !== 200) return [];
  const parsed = v.safeParse(StoreItems, jsonOf(answer));
  if (!parsed.success) return [];
  const asked = new Set(appIds);
  return parsed.output.response.store_items.flatMap((entry) => {
    const item = v.safeParse(StoreItem, entry);
    if (!item.success) return [];
    const appid = item.output.appid || item.output.id;
    return asked.has(appid) ? [{ ...item.output, appid }] : [];
  });
}
