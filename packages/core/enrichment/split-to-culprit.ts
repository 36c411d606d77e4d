import { IgdbApiError } from '../errors.ts';

export type SplitOptions<Item> = {
  /** A question that IGDB surely takes: whether it answers at all. */
  probe(): Promise<unknown>;
  /** IGDB takes no question that holds `item`. */
  onCulprit(item: Item, error: IgdbApiError): void;
  /** IGDB takes no question of this kind, or refuses too many of them: nobody knows anything of these. */
  onRefused(items: readonly Item[], error: IgdbApiError): void;
  budget: SplitBudget;
};

/** How many more questions one look-up may ask to find culprits. */
export type SplitBudget = { questionsLeft: number };

/** Enough for eight culprits among 400 apps. */
export const createSplitBudget = (): SplitBudget => ({ questionsLeft: 150 });

/** IGDB understood the question and says no: 400 and 404, but not 403, which is about the credentials' rights. */
const isRefusal = ({ code, retryable, details }: IgdbApiError): boolean =>
  code === 'IGDB_QUERY_REFUSED' && !retryable && details.status !== 403;

/** A refusal, and 500, are what IGDB answers when it cannot take one name or uid of a question. */
const isAboutTheQuestion = (error: unknown): error is IgdbApiError =>
  error instanceof IgdbApiError && (isRefusal(error) || error.details.status === 500);

/**
 * Asks for all items together. Where IGDB refuses that, one odd name or uid may be the reason: the question is halved
 * until the culprits stand alone. Not so when IGDB refuses the probe too, for then it takes no question of this kind.
 * @param ask one question, whose answers it keeps.
 * @throws IgdbApiError IGDB_UNAVAILABLE when IGDB fails of the probe or of too many questions; what else `ask` throws
 */
export async function splitToCulprit<Item>(
  items: readonly Item[],
  ask: (items: readonly Item[]) => Promise<void>,
  options: SplitOptions<Item>,
): Promise<void> {
  const refusal = await refusalOf(ask(items));
  if (refusal === undefined) return;
  options.budget.questionsLeft -= 1;
  const probed = await refusalOf(options.probe());
  if (probed === undefined) return halve(items, refusal, ask, options);
  giveUp(items, probed, options);
}

/** @param refusal what IGDB answered to all of `items` together. */
async function halve<Item>(
  items: readonly Item[],
  refusal: IgdbApiError,
  ask: (items: readonly Item[]) => Promise<void>,
  options: SplitOptions<Item>,
): Promise<void> {
  const [only, ...others] = items;
  if (others.length === 0) return options.onCulprit(only!, refusal);
  const middle = Math.ceil(items.length / 2);
  for (const half of [items.slice(0, middle), items.slice(middle)]) {
    if (options.budget.questionsLeft <= 0) {
      giveUp(half, refusal, options);
      continue;
    }
    options.budget.questionsLeft -= 1;
    const again = await refusalOf(ask(half));
    if (again !== undefined) await halve(half, again, ask, options);
  }
}

/** @throws IgdbApiError IGDB_UNAVAILABLE where IGDB did not refuse but fail */
function giveUp<Item>(items: readonly Item[], error: IgdbApiError, options: SplitOptions<Item>): void {
  if (!isRefusal(error)) throw outOfOrder(error);
  options.onRefused(items, error);
}

/** Undefined when IGDB answered. @throws what tells nothing of the question */
async function refusalOf(asking: Promise<unknown>): Promise<IgdbApiError | undefined> {
  try {
    await asking;
    return undefined;
  } catch (error) {
    if (isAboutTheQuestion(error)) return error;
    throw error;
  }
}

const outOfOrder = ({ message, operatorHint, details }: IgdbApiError): IgdbApiError =>
  new IgdbApiError('IGDB_UNAVAILABLE', message, {
    retryable: true,
    ...(operatorHint !== undefined && { operatorHint }),
    details,
  });
