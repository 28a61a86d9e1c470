import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createCosigner, fromBase64, toBase64, Witness, type WitnessedLog } from '../tlog/index.ts';
import { TlogFolder } from './tlogFiles.ts';
import { type TlogLock, takeTlogLock } from './tlogLock.ts';
import { nodeSha256 } from './tlogStore.ts';

/** A checkpoint with 63 hashes and 16 signatures is a few KB. */
const MAX_REQUEST_BYTES = 128 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;

export interface WitnessServerOptions {
  /** Holds the seed and, for each log, the checkpoint cosigned last. */
  readonly folder: string;
  /** What the witness is called in its cosignatures, such as `witness.example.org`. */
  readonly name: string;
  readonly logs: readonly WitnessedLog[];
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
}

export interface WitnessServer {
  readonly url: string;
  /** The key that goes into the policies of those who trust this witness. */
  readonly verifierKey: string;
  close(): Promise<void>;
}

/**
 * A witness over HTTP: `POST /add-checkpoint`, `GET /<SHA-256 of the origin>/checkpoint` (C2SP
 * tlog-witness). Makes its key at the first start.
 *
 * @throws TlogError `LEDGER_LOCKED` when another process is this witness
 */
export async function startWitness(options: WitnessServerOptions): Promise<WitnessServer> {
  const files = new TlogFolder(options.folder, { isPrivate: true });
  await files.makeRoot();
  const lock: TlogLock = await takeTlogLock(options.folder);
  try {
    const signer = await createCosigner(nodeSha256, options.name, await readOrMakeSeed(files), () =>
      Math.floor(Date.now() / 1000),
    );
    const witness = new Witness({
      sha256: nodeSha256,
      logs: options.logs,
      signers: [signer],
      files,
    });
    const server = serve(witness);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, resolve);
    });
    const { port } = server.address() as { port: number };
    return {
      url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}/`,
      verifierKey: signer.verifierKey,
      async close() {
        await new Promise(resolve => {
          server.close(resolve);
          server.closeAllConnections();
        });
        await files.close();
        await lock.release();
      },
    };
  } catch (error) {
    await files.close();
    await lock.release();
    throw error;
  }
}

async function readOrMakeSeed(files: TlogFolder): Promise<Uint8Array> {
  const text = await files.read('seed');
  if (text) return fromBase64(new TextDecoder().decode(text).trim(), 'seed of the witness');
  const seed = randomBytes(32);
  await files.createExclusive('seed', new TextEncoder().encode(`${toBase64(seed)}\n`));
  return seed;
}

function serve(witness: Witness): Server {
  const server = createServer((request, response) => {
    answerOf(witness, request)
      .catch((error: unknown) => ({
        // Its own storage failed: nothing was cosigned.
        status: 503,
        contentType: 'text/plain; charset=utf-8',
        body: `${(error as Error).message}\n`,
      }))
      .then(({ status, contentType, body }) => {
        response.writeHead(status, { 'Content-Type': contentType }).end(body);
      });
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  return server;
}

async function answerOf(
  witness: Witness,
  request: IncomingMessage,
): Promise<{ status: number; contentType: string; body: string }> {
  const refusal = (status: number, body: string) => ({
    status,
    contentType: 'text/plain; charset=utf-8',
    body: `${body}\n`,
  });
  const path = (request.url ?? '').split('?')[0];
  if (path === '/add-checkpoint') {
    if (request.method !== 'POST') return refusal(405, 'POST a checkpoint');
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_REQUEST_BYTES) {
        return refusal(413, `a request has at most ${MAX_REQUEST_BYTES} bytes`);
      }
      chunks.push(chunk);
    }
    return witness.addCheckpoint(Buffer.concat(chunks));
  }
  const [, originHash] = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path) ?? [];
  if (originHash === undefined || request.method !== 'GET') return refusal(404, 'nothing is here');
  return witness.checkpoint(originHash);
}
