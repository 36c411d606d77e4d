import type { Context, Hono } from 'hono';
import { HttpProblem } from './problem.ts';

/** What to answer where no route fits: 405 with the methods that the path knows, else 404. */
export function unknownRoute(app: Hono, { req }: Context): HttpProblem {
  const path = req.path.slice(0, 100);
  const methods = methodsOf(app, req.path);
  if (methods.length === 0)
    return new HttpProblem(404, 'NOT_FOUND', `There is nothing at ${path}. Try POST /imports.`);
  return new HttpProblem(
    405,
    'METHOD_NOT_ALLOWED',
    `${path} takes ${methods.join(' and ')}, not ${req.method}.`,
    { allow: methods.join(', ') },
  );
}

function methodsOf(app: Hono, path: string): string[] {
  const matching = app.routes.filter(
    ({ method, path: pattern }) =>
      method !== 'ALL' && new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+')}$`).test(path),
  );
  return [...new Set(matching.map(({ method }) => method))];
}
