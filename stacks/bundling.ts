/**
 * How a handler becomes what is deployed. What is imported only when needed, such as the SDK's ways to sign in on other
 * machines, is a file of its own and not read at start. Nothing asks for a function's name at run time; traces take
 * theirs from the source map, which travels with the bundle.
 */
export const bundling = {
  minify: true,
  sourcemap: true,
  splitting: true,
  esbuild: { keepNames: false },
};
