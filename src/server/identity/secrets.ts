import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes; only their SHA-256 is kept. */
export function newSecret(prefix = ''): { readonly secret: string; readonly hash: string } {
  const secret = `${prefix}${randomBytes(32).toString('base64url')}`;
  return { secret, hash: hashOf(secret) };
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
