import { lookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './publicAddress.ts';

const TIMEOUT_MS = 10_000;

/** Posts a body to an endpoint; resolves to the status it answered with. */
export type Send = (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
) => Promise<number>;

/**
 * Sends over HTTPS to public addresses only: the name is resolved here, every address is looked at, and
 * the connection goes to the one that was looked at. Redirects are not followed, answers not read.
 *
 * @throws Error that says why nothing was sent, or that nothing was answered in time
 */
export const sendToPublic: Send = (url, body, headers) => send(url, body, headers, false);

/** Also to this machine and without TLS: for a receiver beside the server, by its owner's choice. */
export const sendAnywhere: Send = (url, body, headers) => send(url, body, headers, true);

async function send(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  isAnywhere: boolean,
): Promise<number> {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && !(isAnywhere && protocol === 'http:')) {
    throw new Error('only https:// endpoints are sent to');
  }
  const name = hostname.replace(/^\[|\]$/g, '');
  const addresses = await lookup(name, { all: true });
  if (!isAnywhere && !addresses.every(({ address }) => isPublicAddress(address))) {
    throw new Error(`${hostname} is not a public address`);
  }
  const [chosen] = addresses;
  const pinned: LookupFunction = (_, options, done) => {
    if (options.all) (done as unknown as (e: null, a: typeof addresses) => void)(null, [chosen]);
    else done(null, chosen.address, chosen.family);
  };
  const request = protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        lookup: pinned,
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
      },
      response => {
        resolve(response.statusCode ?? 0);
        // What it says does not matter; a long answer is not waited for.
        response.destroy();
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
