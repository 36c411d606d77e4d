/** What API Gateway's HTTP API hands to a function. */
/** @param body a text is sent as CSV, anything else as JSON */
export const httpEvent = (method: string, path: string, body?: unknown) => ({
  version: '2.0',
  routeKey: `${method} ${path}`,
  rawPath: path.split('?')[0],
  rawQueryString: path.split('?')[1] ?? '',
  headers: {
    'content-type': typeof body === 'string' ? 'text/csv' : 'application/json',
    host: 'api.example',
  },
  requestContext: {
    http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    stage: '$default',
    requestId: 'test',
    domainName: 'api.example',
    authorizer: { lambda: { scope: 'operate' } },
  },
  body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  isBase64Encoded: false,
});

export type HttpAnswer = { statusCode: number; body: string; isBase64Encoded: boolean };
