import { evaluate } from '../../tools/graph/evaluate.ts';
import { mutations } from './mutations/all-mutations.ts';
import { rules } from './rules/all-rules.ts';
import { alarmed, type StackView, viewOf } from './rules/stack-view.ts';

/** Each mistake is made in the source, the whole deployment evaluated, and the rule asked. */
let mutated: StackView[];

beforeAll(async () => {
  const requests = mutations.map(({ stage, edit }) => ({ stage: stage ?? 'production', edits: [edit] }));
  mutated = (await evaluate(requests, { environment: alarmed, bundleHandlers: false })).map(viewOf);
}, 900_000);

test.each(mutations.map((mutation, index) => ({ ...mutation, index })))(
  '$mistake: noticed',
  ({ rule, index }) => {
    const stack = mutated[index];
    const check = rules.find((each) => each.rule === rule);
    if (!stack || !check) throw new Error(`There is no rule “${rule}”`);
    expect(stack.errors).toEqual([]);
    expect(check.faults(stack)).not.toEqual([]);
  },
);

test('every rule has a mistake that it notices', () => {
  const noticed = new Set(mutations.map(({ rule }) => rule));
  expect(rules.map(({ rule }) => rule).filter((rule) => !noticed.has(rule))).toEqual([]);
});
