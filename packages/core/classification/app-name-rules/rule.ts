import type { Classification } from '../../contracts/classification.ts';

/** What a name alone says about an app. `bench/classification.ts` measures each rule. */
export type AppNameRule = {
  id: string;
  classification: Exclude<Classification, 'game'>;
  /** Tested against `readableName(name)`. */
  pattern: RegExp;
  reason: string;
  examples: readonly string[];
  /** Games whose names come close. */
  counterExamples?: readonly string[];
  /** Whole titles of games that the pattern would take; as few as can be. */
  exceptions?: readonly string[];
  /** The name wins although Steam's store calls the app a game, as it calls most playtests. */
  overrulesSteam?: true;
};
