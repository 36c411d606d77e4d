import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as v from 'valibot';

const Call = v.object({ method: v.string(), params: v.tuple([v.unknown()]) });

const BuildInput = v.object({
  functionID: v.string(),
  handler: v.string(),
  runtime: v.string(),
  /** Absolute paths, and where they lie beside the bundle. */
  copyFiles: v.optional(v.array(v.object({ from: v.string(), to: v.string() })), []),
  properties: v.object({
    architecture: v.string(),
    minify: v.optional(v.boolean(), false),
    sourcemap: v.optional(v.boolean()),
    splitting: v.optional(v.boolean(), false),
    esbuild: v.optional(
      v.object({ keepNames: v.optional(v.boolean()), external: v.optional(v.array(v.string())) }),
    ),
  }),
});
/** What SST is asked to bundle for a function. */
export type BuildInput = v.InferOutput<typeof BuildInput>;

/** @param program the last part of the address that the program was given. */
export type BuildHandler = (program: string, input: BuildInput) => Promise<{ handler: string; out: string }>;

/**
 * The calls of SST's own JSON-RPC server that its components make while a stack is evaluated: where artifacts would be
 * uploaded to, the bundle of a handler, and what `sst dev` needs.
 */
export async function startSstServer(buildHandler: BuildHandler): Promise<{ url: string; stop(): void }> {
  const server = createServer(async (request, response) => {
    const program = request.url?.split('/')[1] ?? '';
    const answer = await answerCall(program, await readBody(request), buildHandler).then(
      (result) => ({ result }),
      (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
    );
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  // Else a connection may be closed in the moment in which a busy machine uses it again.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answerCall(program: string, body: string, buildHandler: BuildHandler): Promise<unknown> {
  const { method, params } = v.parse(Call, JSON.parse(body));
  switch (method) {
    case 'Provider.Aws.Bootstrap':
      return { asset: 'sst-asset', state: 'sst-state' };
    case 'Provider.Aws.Appsync':
      return { http: 'events.appsync.example', realtime: 'realtime.appsync.example' };
    // What `sst dev` would run on this machine.
    case 'Runtime.AddTarget':
      return {};
    case 'Runtime.Build':
      return {
        ...(await buildHandler(program, v.parse(BuildInput, params[0]))),
        errors: [],
        sourcemaps: [],
      };
    default:
      throw new Error(`rpc: can't find method ${method}`);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}
