import { createHmac } from 'node:crypto';

/**
 * `Beamkeeper-Signature: t=<unix>,v1=<hex HMAC-SHA-256(secret, t.body)>`, with one `v1` for each secret
 * while they change. Receivers refuse what is more than five minutes off their clock.
 */
export function webhookSignature(
  body: string,
  secrets: readonly string[],
  nowSeconds: number,
): string {
  const signed = secrets.map(
    secret => `v1=${createHmac('sha256', secret).update(`${nowSeconds}.${body}`).digest('hex')}`,
  );
  return [`t=${nowSeconds}`, ...signed].join(',');
}
