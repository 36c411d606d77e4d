/** The calls of the HTTP API: the gateway lets them through, and the app answers each of them. */

export type HttpRoute = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As API Gateway writes it: `/imports/{import_id}`, and `{path+}` for all that lies below. */
  path: `/${string}`;
  /** Answers anybody, so that a load balancer or a monitor needs no token. */
  open?: true;
  /** Asks for an import, or reads how one went: no scope is needed. */
  anyScope?: true;
};

export const httpRoutes = {
  health: { method: 'GET', path: '/health', open: true },
  deepHealth: { method: 'GET', path: '/health/deep' },
  requestImport: { method: 'POST', path: '/imports', anyScope: true },
  importCsv: { method: 'POST', path: '/imports/csv' },
  listImports: { method: 'GET', path: '/imports' },
  showImport: { method: 'GET', path: '/imports/{import_id}', anyScope: true },
  listApps: { method: 'GET', path: '/imports/{import_id}/apps' },
  listRejects: { method: 'GET', path: '/imports/{import_id}/rejects' },
  rerun: { method: 'POST', path: '/imports/{import_id}/rerun' },
  showLibrary: { method: 'GET', path: '/libraries/{steam_id}', anyScope: true },
  forgetLibrary: { method: 'DELETE', path: '/libraries/{steam_id}' },
  listFollows: { method: 'GET', path: '/follows' },
  follow: { method: 'PUT', path: '/follows/{steam_id}' },
  unfollow: { method: 'DELETE', path: '/follows/{steam_id}' },
  listOverrides: { method: 'GET', path: '/overrides' },
  decideOverride: { method: 'PUT', path: '/overrides/{appid}' },
  dropOverride: { method: 'DELETE', path: '/overrides/{appid}' },
  reconcile: { method: 'POST', path: '/reconcile' },
  searchGames: { method: 'GET', path: '/igdb/search' },
  countMessages: { method: 'GET', path: '/queues' },
  showMetrics: { method: 'GET', path: '/metrics' },
  listCauses: { method: 'GET', path: '/dead-letters/causes' },
  listDeadLetters: { method: 'GET', path: '/queues/{stage}/dead-letters' },
  redrive: { method: 'POST', path: '/queues/{stage}/redrive' },
  discard: { method: 'POST', path: '/queues/{stage}/discard' },
  describe: { method: 'GET', path: '/openapi.json', open: true },
  // Files that say nothing of anybody: the page asks for a token itself.
  console: { method: 'GET', path: '/console', open: true },
  // API Gateway takes no route that ends in a slash; `/console/` comes here as well.
  consolePage: { method: 'GET', path: '/console/{path+}', open: true },
} as const satisfies Record<string, HttpRoute>;

export type HttpRouteName = keyof typeof httpRoutes;
export const httpRouteNames = Object.keys(httpRoutes) as HttpRouteName[];
