/** What API Gateway's HTTP API hands to a function. */
export const httpEvent = (method: string, path: string, body?: unknown) => ({
  version: '2.0',
  routeKey: `${method} ${path}`,
  rawPath: path,
  rawQueryString: '',
  headers: { 'content-type': 'application/json', host: 'api.example' },
  requestContext: {
    http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    stage: '$default',
    requestId: 'test',
    domainName: 'api.example',
    authorizer: { lambda: { scope: 'operate' } },
  },
  body: body === undefined ? undefined : JSON.stringify(body),
  isBase64Encoded: false,
});

export type HttpAnswer = { statusCode: number; body: string };
