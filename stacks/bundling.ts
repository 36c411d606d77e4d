/**
 * How a handler becomes what is deployed. What is imported only when needed is a file of its own and not read at start.
 * Nothing asks for a function's name at run time. The source map travels with the bundle, for `withSourcePlaces`.
 */
export const bundling = {
  minify: true,
  sourcemap: true,
  splitting: true,
  esbuild: {
    keepNames: false,
    // The SDK's ways to sign in on other machines: Lambda puts a function's credentials into its environment, where the
    // SDK looks first. So they are neither in the bundle nor there at run time.
    external: [
      '@aws-sdk/credential-provider-http',
      '@aws-sdk/credential-provider-ini',
      '@aws-sdk/credential-provider-process',
      '@aws-sdk/credential-provider-sso',
      '@aws-sdk/credential-provider-web-identity',
      '@smithy/credential-provider-imds',
    ],
  },
};
