import { betaAndDemoRules } from './app-name-rules/betas-and-demos.ts';
import { extraRules } from './app-name-rules/extras.ts';
import { readableName } from './app-name-rules/markers.ts';
import type { AppNameRule } from './app-name-rules/rule.ts';
import { toolAndComponentRules } from './app-name-rules/tools-and-components.ts';

/** The first rule that holds decides. A marker counts at the end or in brackets, hardly ever anywhere else. */
export const appNameRules: readonly AppNameRule[] = [
  ...betaAndDemoRules,
  ...toolAndComponentRules,
  ...extraRules,
];

/** The first rule that takes this name, if any. `name` is Steam's own, as it comes. */
export function findAppNameRule(name: string): AppNameRule | undefined {
  const readable = readableName(name);
  return appNameRules.find(
    ({ pattern, exceptions }) => pattern.test(readable) && !exceptions?.includes(readable),
  );
}
