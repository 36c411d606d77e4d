/// <reference path="./.sst/platform/config.d.ts" />

/**
 * What `sst deploy --stage <stage>` deploys. SST refuses imports at the top of this file, because it reads `app`
 * before the providers exist; so the flow is imported inside `run`. What `app` refuses has created nothing yet, not even
 * what SST keeps for itself.
 */
export default $config({
  async app(input) {
    const { prepareProviders } = await import('./stacks/preconditions.ts');
    const isProduction = input.stage === 'production';
    return {
      name: 'savepoint',
      home: 'aws',
      providers: await prepareProviders(input.stage, process.env),
      /** `sst remove` and `sst dev` refuse a protected stage; a retained bucket survives even a change that drops it. */
      protect: isProduction && process.env.DEPLOY_PROTECTION !== 'off',
      removal: isProduction ? 'retain' : 'remove',
    };
  },
  async run() {
    const { deployPipeline } = await import('./stacks/pipeline.ts');
    return deployPipeline();
  },
});
