import type { IgdbApiError } from '../errors.ts';
import type { Match } from '../matching/match.ts';
import type { Answer, AppToLookUp, StepName } from './look-up-steps.ts';

/** What IGDB did not take of a step. */
export type Refusal = {
  step: StepName;
  /** Whether it takes no question of the step; else it is about some apps alone. */
  whole_step: boolean;
  /** So many were not looked up by the step. */
  apps: number;
  status: number | null;
  /** In IGDB's words. */
  title: string | null;
};

/** Notes what IGDB refuses of a step, and says what becomes of the apps. */
export type RefusedStep = {
  /** IGDB takes no question about this app. */
  refuseApp(app: AppToLookUp, error: IgdbApiError): Answer[];
  /** IGDB takes no question of the step, so that nobody knows anything of these. */
  refuse(apps: readonly AppToLookUp[], error: IgdbApiError): Answer[];
  /** Why the step is over before its end. */
  refusedBy(): IgdbApiError | undefined;
  refusal(): Refusal | undefined;
};

const questions: Readonly<Record<StepName, string>> = {
  uid: "look for games by Steam's app id",
  namesake: 'look for games of the same name',
  name: 'look for games by name',
  other_case: 'look for alternative names',
  search: 'search for games',
};

/** @param earlier what the steps before found of each app. */
export function createRefusedStep(step: StepName, earlier: ReadonlyMap<number, Match>): RefusedStep {
  let apps = 0;
  let last: IgdbApiError | undefined;
  let refusedBy: IgdbApiError | undefined;
  const refuse = (some: readonly AppToLookUp[], error: IgdbApiError, question: string) => {
    apps += some.length;
    last = error;
    return some.map((app) => refusedAnswer(app, error, question, earlier.get(app.appId)));
  };
  return {
    refuseApp: (app, error) => refuse([app], error, 'look for it'),
    refuse(some, error) {
      refusedBy = error;
      return refuse(some, error, questions[step]);
    },
    refusedBy: () => refusedBy,
    refusal: () => last && { step, whole_step: refusedBy !== undefined, apps, ...inWordsOf(last) },
  };
}

/** What becomes of an app for which IGDB takes no question; the game of its uid stands, should there be one. */
function refusedAnswer(
  app: AppToLookUp,
  error: IgdbApiError,
  question: string,
  earlier: Match | undefined,
): Answer {
  const { status, title } = inWordsOf(error);
  const how = `IGDB refuses to ${question} (HTTP ${status}${title ? `: ${title}` : ''})`;
  const match: Match =
    earlier?.status === 'MATCHED'
      ? { ...earlier, reason: `${earlier.reason}; by name ${how}` }
      : { status: 'PENDING', reason: `${how}; it is asked again`, rejectedIds: [] };
  return { app, match, certain: true };
}

function inWordsOf({ details: { status, title } }: IgdbApiError): Pick<Refusal, 'status' | 'title'> {
  return {
    status: typeof status === 'number' ? status : null,
    title: typeof title === 'string' ? title : null,
  };
}
