import { randomUUID } from 'node:crypto';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type VerifiedAuthenticationResponse,
  type VerifiedRegistrationResponse,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database, Queries } from '../../store/database.ts';
import { HttpProblem } from '../problem.ts';
import * as schemas from '../schemas.ts';
import type { ZodRequests } from '../zodRequests.ts';
import { type Account, type AccountRole, accountOf, TOKEN_SCOPES } from './account.ts';
import { type OidcOptions, oidcRoutes } from './oidc.ts';
import { hashOf, newSecret } from './secrets.ts';
import type { SetupCode } from './setupCode.ts';

const COOKIE = 'beamkeeper_session';
const SESSION_MS = 12 * 3_600_000;
const CHALLENGE_MS = 5 * 60_000;
const INVITATION_MS = 7 * 86_400_000;
const MAX_TOKEN_DAYS = 365;
const DAY_MS = 86_400_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null when nobody signed in. Needs {@link identity}. */
    account: Account | null;
  }
}

export interface IdentityOptions {
  readonly database: Database;
  /** What passkeys are bound to. */
  readonly relyingParty: { readonly id: string; readonly origin: string; readonly name: string };
  readonly nowMs: () => number;
  readonly setup?: SetupCode | undefined;
  readonly oidc?: OidcOptions | undefined;
}

/** What the routes of one sign-in method need of the others. */
export interface IdentityContext extends IdentityOptions {
  startSession(reply: FastifyReply, account: string): Promise<void>;
  keepChallenge(purpose: string, value: string, details?: unknown): Promise<string>;
  takeChallenge(purpose: string, id: string): Promise<{ value: string; details: unknown }>;
}

/**
 * Accounts: passkeys to sign in, sessions, invitations, tokens. What is signed in is never enough to vote:
 * votes carry the voter's own signature, and the log checks that.
 *
 * Sessions ride on a cookie that scripts do not see; requests that change something must come from the
 * page's own origin.
 */
export async function identity(instance: FastifyInstance, options: IdentityOptions): Promise<void> {
  const app = instance.withTypeProvider<ZodRequests>();
  const { database, relyingParty, nowMs, setup } = options;
  const isSecure = relyingParty.origin.startsWith('https:');

  app.decorateRequest('account', null);
  app.addHook('onRequest', async request => {
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    const secret = bearer ?? request.cookies[COOKIE];
    if (secret === undefined) return;
    const account = await accountOf(database, hashOf(secret), nowMs());
    if (!account) {
      // An old cookie is no offence; a token that is none is told so.
      if (bearer !== undefined)
        throw new HttpProblem(401, 'TOKEN', 'the token is unknown or has expired');
      return;
    }
    const isChange = !['GET', 'HEAD', 'OPTIONS'].includes(request.method);
    if (bearer === undefined && isChange && request.headers.origin !== relyingParty.origin) {
      throw new HttpProblem(403, 'CSRF', 'the request does not come from the page of this server');
    }
    request.account = account;
  });

  const context: IdentityContext = {
    ...options,
    async startSession(reply, account) {
      const { secret, hash } = newSecret();
      const expiresMs = nowMs() + SESSION_MS;
      await database.run('DELETE FROM session WHERE expires_ms <= ?', nowMs());
      await database.run('INSERT INTO session VALUES (?, ?, ?)', hash, account, expiresMs);
      reply.setCookie(COOKIE, secret, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: isSecure,
        maxAge: SESSION_MS / 1000,
      });
    },
    async keepChallenge(purpose, value, details = {}) {
      const id = randomUUID();
      await database.run('DELETE FROM challenge WHERE expires_ms <= ?', nowMs());
      await database.run(
        'INSERT INTO challenge VALUES (?, ?, ?, ?, ?)',
        id,
        purpose,
        value,
        JSON.stringify(details),
        nowMs() + CHALLENGE_MS,
      );
      return id;
    },
    /** Each is good once, also when two ask at the same time. */
    async takeChallenge(purpose, id) {
      const row = await database.get<{ value: string; details: string }>(
        'DELETE FROM challenge WHERE id = ? AND purpose = ? AND expires_ms > ? RETURNING value, details',
        id,
        purpose,
        nowMs(),
      );
      if (!row)
        throw new HttpProblem(
          400,
          'CHALLENGE',
          'the challenge has expired or was used; begin again',
        );
      return { value: row.value, details: JSON.parse(row.details) };
    },
  };

  // ── Session ───────────────────────────────────────────────────────────────────────────────────

  const accountSchema = z.object({
    id: z.string(),
    name: z.string(),
    role: z.enum(['admin', 'member']),
    person: z.string().nullable(),
    scopes: z.array(z.string()).nullable(),
  });
  app.get(
    '/api/v1/session',
    {
      schema: {
        response: {
          200: z.object({
            account: accountSchema.nullable(),
            isSetupOpen: z.boolean(),
            hasOidc: z.boolean(),
          }),
        },
      },
    },
    async (request, reply) => {
      const isSetupOpen =
        setup !== undefined && !(await database.get('SELECT id FROM account LIMIT 1'));
      return reply
        .header('Cache-Control', 'no-store')
        .send({ account: request.account, isSetupOpen, hasOidc: options.oidc !== undefined });
    },
  );
  app.delete(
    '/api/v1/session',
    { schema: { response: { 204: z.null() } } },
    async (request, reply) => {
      const secret = request.cookies[COOKIE];
      if (secret !== undefined)
        await database.run('DELETE FROM session WHERE hash = ?', hashOf(secret));
      return reply.clearCookie(COOKIE, { path: '/' }).code(204).send();
    },
  );

  // ── Passkeys ──────────────────────────────────────────────────────────────────────────────────

  const anyJson = z.looseObject({});
  app.post(
    '/api/v1/passkeys/registration-options',
    {
      schema: {
        description:
          'For the first administrator (setup code), an invited one, or one who adds a key',
        body: z.object({
          setupCode: z.string().max(64).optional(),
          invitation: z.string().max(200).optional(),
          name: z.string().min(1).max(100).optional(),
        }),
        response: { 200: anyJson, '4xx': schemas.problemSchema },
      },
    },
    async (request, reply) => {
      const { setupCode, invitation, name } = request.body;
      let newcomer: { id: string; name: string; by: string; hash?: string };
      if (request.account && request.account.scopes === null) {
        newcomer = { id: request.account.id, name: request.account.name, by: 'session' };
      } else if (setupCode !== undefined) {
        if (!setup?.accepts(setupCode, nowMs())) {
          throw new HttpProblem(
            403,
            'SETUP_CODE',
            'the setup code is wrong, used or older than 15 minutes',
          );
        }
        newcomer = { id: randomUUID(), name: name ?? 'Administrator', by: 'setup' };
      } else if (invitation !== undefined) {
        const hash = hashOf(invitation);
        const row = await database.get<{ name: string }>(
          'SELECT name FROM invitation WHERE hash = ? AND expires_ms > ?',
          hash,
          nowMs(),
        );
        if (!row)
          throw new HttpProblem(
            403,
            'INVITATION',
            'the invitation is unknown, used or has expired',
          );
        newcomer = { id: randomUUID(), name: row.name, by: 'invitation', hash };
      } else {
        throw new HttpProblem(401, 'LOGIN', 'sign in, or give a setup code or an invitation');
      }
      const known = await database.all<{ credential_id: string }>(
        'SELECT credential_id FROM passkey WHERE account = ?',
        newcomer.id,
      );
      const publicKey = await generateRegistrationOptions({
        rpName: relyingParty.name,
        rpID: relyingParty.id,
        userName: newcomer.name,
        userID: new TextEncoder().encode(newcomer.id),
        attestationType: 'none',
        excludeCredentials: known.map(({ credential_id }) => ({ id: credential_id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
      const challenge = await context.keepChallenge('register', publicKey.challenge, newcomer);
      return reply.send({ challenge, publicKey });
    },
  );
  app.post(
    '/api/v1/passkeys',
    {
      schema: {
        body: z.object({ challenge: z.string().max(64), response: anyJson }),
        response: { 201: z.object({ account: z.string() }), '4xx': schemas.problemSchema },
      },
    },
    async (request, reply) => {
      const { value, details } = await context.takeChallenge('register', request.body.challenge);
      const { id, name, by, hash } = details as {
        id: string;
        name: string;
        by: string;
        hash?: string;
      };
      let verified: VerifiedRegistrationResponse;
      try {
        verified = await verifyRegistrationResponse({
          response: request.body.response as never,
          expectedChallenge: value,
          expectedOrigin: relyingParty.origin,
          expectedRPID: relyingParty.id,
          requireUserVerification: true,
        });
      } catch (error) {
        throw new HttpProblem(
          400,
          'PASSKEY',
          `the passkey was not accepted: ${(error as Error).message}`,
        );
      }
      if (!verified.verified) throw new HttpProblem(400, 'PASSKEY', 'the passkey was not accepted');
      const { credential } = verified.registrationInfo;
      await database.transaction(async queries => {
        if (by === 'setup') {
          if (await queries.get('SELECT id FROM account LIMIT 1')) {
            throw new HttpProblem(403, 'SETUP_CODE', 'there is an administrator already');
          }
          await addAccount(queries, { id, name, role: 'admin', person: null, subject: null });
          setup?.spend();
        } else if (by === 'invitation') {
          const row = await queries.get<{
            role: string;
            person: string | null;
            oidc_subject: string | null;
          }>(
            'DELETE FROM invitation WHERE hash = ? RETURNING role, person, oidc_subject',
            hash ?? '',
          );
          if (!row) throw new HttpProblem(403, 'INVITATION', 'the invitation was used');
          const role = row.role as AccountRole;
          await addAccount(queries, {
            id,
            name,
            role,
            person: row.person,
            subject: row.oidc_subject,
          });
        }
        await queries.run(
          'INSERT INTO passkey VALUES (?, ?, ?, ?, ?, ?)',
          credential.id,
          id,
          Buffer.from(credential.publicKey).toString('base64url'),
          credential.counter,
          (credential.transports ?? []).join(' '),
          nowMs(),
        );
      });
      await context.startSession(reply, id);
      return reply.code(201).send({ account: id });
    },
  );
  async function addAccount(
    queries: Queries,
    row: {
      id: string;
      name: string;
      role: AccountRole;
      person: string | null;
      subject: string | null;
    },
  ): Promise<void> {
    await queries.run(
      'INSERT INTO account (id, name, role, person, oidc_subject, created_ms) VALUES (?, ?, ?, ?, ?, ?)',
      row.id,
      row.name,
      row.role,
      row.person,
      row.subject,
      nowMs(),
    );
  }

  app.post(
    '/api/v1/session/options',
    { schema: { response: { 200: anyJson } } },
    async (_, reply) => {
      const publicKey = await generateAuthenticationOptions({
        rpID: relyingParty.id,
        userVerification: 'required',
      });
      const challenge = await context.keepChallenge('login', publicKey.challenge);
      return reply.send({ challenge, publicKey });
    },
  );
  app.post(
    '/api/v1/session',
    {
      schema: {
        body: z.object({
          challenge: z.string().max(64),
          response: z.looseObject({ id: z.string() }),
        }),
        response: { 200: z.object({ account: z.string() }), '4xx': schemas.problemSchema },
      },
    },
    async (request, reply) => {
      const { value } = await context.takeChallenge('login', request.body.challenge);
      const { response } = request.body;
      const row = await database.get<{ account: string; public_key: string; counter: number }>(
        `SELECT passkey.account, passkey.public_key, passkey.counter FROM passkey
         JOIN account ON account.id = passkey.account
         WHERE credential_id = ? AND account.disabled_ms IS NULL`,
        response.id,
      );
      const refused = new HttpProblem(
        401,
        'PASSKEY',
        'the passkey is unknown here, or did not sign this',
      );
      if (!row) throw refused;
      let verified: VerifiedAuthenticationResponse;
      try {
        verified = await verifyAuthenticationResponse({
          response: response as never,
          expectedChallenge: value,
          expectedOrigin: relyingParty.origin,
          expectedRPID: relyingParty.id,
          requireUserVerification: true,
          credential: {
            id: response.id,
            publicKey: new Uint8Array(Buffer.from(row.public_key, 'base64url')),
            counter: row.counter,
          },
        });
      } catch {
        throw refused;
      }
      if (!verified.verified) throw refused;
      const { newCounter } = verified.authenticationInfo;
      await database.run(
        'UPDATE passkey SET counter = ? WHERE credential_id = ?',
        newCounter,
        response.id,
      );
      await context.startSession(reply, row.account);
      return reply.send({ account: row.account });
    },
  );

  // ── Invitations, accounts, tokens ─────────────────────────────────────────────────────────────

  app.post(
    '/api/v1/invitations',
    {
      schema: {
        description: 'An administrator invites; the secret is shown once',
        body: z.object({
          name: z.string().min(1).max(100),
          role: z.enum(['admin', 'member']).default('member'),
          person: z.string().max(200).nullable().default(null),
          oidcSubject: z.string().max(200).nullable().default(null),
        }),
        response: { 201: z.object({ invitation: z.string() }), '4xx': schemas.problemSchema },
      },
    },
    async (request, reply) => {
      needAdmin(request);
      const { name, role, person, oidcSubject } = request.body;
      const { secret, hash } = newSecret('invite_');
      const expiresMs = nowMs() + INVITATION_MS;
      await database.run(
        'INSERT INTO invitation VALUES (?, ?, ?, ?, ?, ?)',
        hash,
        name,
        role,
        person,
        oidcSubject,
        expiresMs,
      );
      return reply.code(201).send({ invitation: secret });
    },
  );
  app.get(
    '/api/v1/accounts',
    {
      schema: {
        response: { 200: z.array(z.looseObject({ id: z.string() })), '4xx': schemas.problemSchema },
      },
    },
    async (request, reply) => {
      needAdmin(request);
      return reply.send(
        await database.all(
          'SELECT id, name, role, person, created_ms, disabled_ms FROM account ORDER BY created_ms',
        ),
      );
    },
  );
  app.delete(
    '/api/v1/accounts/:id',
    {
      schema: {
        description: 'Disables an account: its sessions and tokens end',
        params: z.object({ id: z.string().max(64) }),
        response: { 204: z.null(), '4xx': schemas.problemSchema },
      },
    },
    async (request, reply) => {
      const { id: own } = needAdmin(request);
      const { id } = request.params;
      if (id === own) throw new HttpProblem(409, 'OWN_ACCOUNT', 'nobody disables his own account');
      await database.transaction(async queries => {
        const changed = await queries.run(
          'UPDATE account SET disabled_ms = ? WHERE id = ?',
          nowMs(),
          id,
        );
        if (changed === 0) throw new HttpProblem(404, 'NOT_FOUND', `no account ${id}`);
        await queries.run('DELETE FROM session WHERE account = ?', id);
        await queries.run('DELETE FROM token WHERE account = ?', id);
      });
      return reply.code(204).send();
    },
  );

  app.post(
    '/api/v1/tokens',
    {
      schema: {
        description:
          'For scripts; shown once. A token never votes, recuses, executes or changes the roster',
        body: z.object({
          name: z.string().min(1).max(100),
          scopes: z.array(z.enum(TOKEN_SCOPES)).min(1),
          days: z.int().min(1).max(MAX_TOKEN_DAYS).default(90),
        }),
        response: {
          201: z.object({ token: z.string(), prefix: z.string(), expiresMs: z.int() }),
          '4xx': schemas.problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { id } = needSignedIn(request);
      const { name, scopes, days } = request.body;
      const { secret, hash } = newSecret('bk_');
      const prefix = secret.slice(0, 9);
      const expiresMs = nowMs() + days * DAY_MS;
      await database.run(
        'INSERT INTO token VALUES (?, ?, ?, ?, ?, ?, ?)',
        hash,
        prefix,
        id,
        name,
        [...new Set(scopes)].join(' '),
        nowMs(),
        expiresMs,
      );
      return reply.code(201).send({ token: secret, prefix, expiresMs });
    },
  );
  app.get(
    '/api/v1/tokens',
    {
      schema: {
        response: {
          200: z.array(z.looseObject({ prefix: z.string() })),
          '4xx': schemas.problemSchema,
        },
      },
    },
    async (request, reply) => {
      const { id } = needSignedIn(request);
      return reply.send(
        await database.all(
          'SELECT prefix, name, scopes, created_ms, expires_ms FROM token WHERE account = ? ORDER BY created_ms',
          id,
        ),
      );
    },
  );
  app.delete(
    '/api/v1/tokens/:prefix',
    {
      schema: {
        params: z.object({ prefix: z.string().max(20) }),
        response: { 204: z.null(), '4xx': schemas.problemSchema },
      },
    },
    async (request, reply) => {
      const { id } = needSignedIn(request);
      const { prefix } = request.params;
      const count = await database.run(
        'DELETE FROM token WHERE account = ? AND prefix = ?',
        id,
        prefix,
      );
      if (count === 0) throw new HttpProblem(404, 'NOT_FOUND', `no token ${prefix} of yours`);
      return reply.code(204).send();
    },
  );

  if (options.oidc) await oidcRoutes(instance, context, options.oidc);
}

/** @throws HttpProblem 401 when nobody signed in, 403 when a token asks for what people do */
export function needSignedIn({ account }: FastifyRequest): Account {
  if (!account) throw new HttpProblem(401, 'LOGIN', 'sign in first');
  if (account.scopes !== null) {
    throw new HttpProblem(403, 'TOKEN_NEVER', 'a token does not do this; sign in yourself');
  }
  return account;
}

function needAdmin(request: FastifyRequest): Account {
  const account = needSignedIn(request);
  if (account.role !== 'admin') throw new HttpProblem(403, 'ADMIN', 'an administrator does this');
  return account;
}
