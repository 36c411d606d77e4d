import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bucketOf } from '@savepoint/functions/runtime/bucket.ts';

test('whoever asks for the bucket of an environment uses the connection that stands', async () => {
  let connections = 0;
  const server = createServer((_request, response) =>
    response
      .writeHead(404, { 'content-type': 'application/xml' })
      .end('<Error><Code>NoSuchKey</Code></Error>'),
  );
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const env = { aws: { region: 'us-east-1', endpointUrl, credentials }, bucketName: 'files' };
    expect(await bucketOf(env).read('log-key')).toBeNull();
    expect(await bucketOf(env).read('status')).toBeNull();
    expect(connections).toBe(1);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
