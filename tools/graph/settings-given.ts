/** Of an environment what a deployment is configured with. */
export const settingsGiven = (environment: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter(([name]) => /^(DEPLOY_|AWS_(DEFAULT_)?REGION$)/.test(name)),
  ) as Record<string, string>;
