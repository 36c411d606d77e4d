import type { StoreFacts } from '../contracts/enriched-library.ts';

/** What Steam's store says of apps. */
export type AppTypeAnswers = {
  /** Steam's own number of the type: 0 game, 1 demo, 4 dlc, 11 music, 13 tool … Apps that the store does not know are absent. */
  typeByAppId: ReadonlyMap<number, number>;
  /** What else it says of the apps that it knows. */
  factsByAppId: ReadonlyMap<number, StoreFacts>;
  /** Apps that the store did not answer for: nobody knows whether it knows them. */
  unansweredAppIds: ReadonlySet<number>;
};

export type AppTypes = {
  /** Never throws: a failure only leaves apps unanswered. */
  getAppTypes(appIds: readonly number[]): Promise<AppTypeAnswers>;
};
