import type { FastifyInstance } from 'fastify';
import * as client from 'openid-client';
import { z } from 'zod';
import { HttpProblem } from '../problem.ts';
import type { ZodRequests } from '../zodRequests.ts';
import type { IdentityContext } from './identity.ts';

export interface OidcOptions {
  /** Whose word about a person's sign-in is taken. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** For an issuer on this machine only. */
  readonly isHttpAllowed?: boolean;
}

/**
 * Sign-in by an OpenID provider (authorization code with PKCE, state and nonce). It opens an account that
 * is there and that an administrator tied to the subject; it makes none, and it never votes.
 */
export async function oidcRoutes(
  instance: FastifyInstance,
  context: IdentityContext,
  options: OidcOptions,
): Promise<void> {
  const app = instance.withTypeProvider<ZodRequests>();
  const { database, relyingParty } = context;
  const redirectUri = `${relyingParty.origin}/api/v1/oidc/callback`;
  let known: Promise<client.Configuration> | undefined;
  const configuration = (): Promise<client.Configuration> => {
    known ??= client
      .discovery(
        new URL(options.issuer),
        options.clientId,
        options.clientSecret,
        undefined,
        options.isHttpAllowed === true ? { execute: [client.allowInsecureRequests] } : undefined,
      )
      .catch(cause => {
        known = undefined;
        throw new HttpProblem(
          503,
          'OIDC',
          `the sign-in provider does not answer: ${(cause as Error).message}`,
        );
      });
    return known;
  };

  app.get('/api/v1/oidc/login', { schema: { hide: true } }, async (_, reply) => {
    const provider = await configuration();
    const verifier = client.randomPKCECodeVerifier();
    const nonce = client.randomNonce();
    const state = await context.keepChallenge('oidc', verifier, { nonce });
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: redirectUri,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    return reply.redirect(url.href);
  });
  app.get(
    '/api/v1/oidc/callback',
    { schema: { hide: true, querystring: z.looseObject({ state: z.string().max(64) }) } },
    async (request, reply) => {
      const { state } = request.query;
      const { value, details } = await context.takeChallenge('oidc', state);
      let subject: string | undefined;
      try {
        const tokens = await client.authorizationCodeGrant(
          await configuration(),
          new URL(request.url, relyingParty.origin),
          {
            pkceCodeVerifier: value,
            expectedState: state,
            expectedNonce: (details as { nonce: string }).nonce,
          },
        );
        subject = tokens.claims()?.sub;
      } catch (error) {
        if (error instanceof HttpProblem) throw error;
        throw new HttpProblem(
          401,
          'OIDC',
          `the provider's answer was not accepted: ${(error as Error).message}`,
        );
      }
      const row = await database.get<{ id: string }>(
        'SELECT id FROM account WHERE oidc_subject = ? AND disabled_ms IS NULL',
        subject ?? '',
      );
      if (!row) {
        throw new HttpProblem(
          403,
          'OIDC',
          'no account is tied to this sign-in; ask an administrator',
        );
      }
      await context.startSession(reply, row.id);
      return reply.redirect('/');
    },
  );
}
