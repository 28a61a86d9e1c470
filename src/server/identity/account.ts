import type { Queries } from '../../store/database.ts';

/** Administrators keep accounts and endpoints; nobody's role here votes. */
export type AccountRole = 'admin' | 'member';

/** Who asks, and by which means. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly role: AccountRole;
  /** His name in the roster, where he has one; it proves nothing: votes carry their own signature. */
  readonly person: string | null;
  /** By an API token: what it may do. Null: he signed in. */
  readonly scopes: readonly TokenScope[] | null;
}

export const TOKEN_SCOPES = ['read', 'draft', 'observe', 'webhook', 'disclose-draft'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** Entries that unsigned bodies make, and the scope that a token needs for each. */
const SCOPE_OF_ENTRY: Readonly<Record<string, TokenScope>> = {
  'claim/v1': 'draft',
  'source/v1': 'draft',
  'attribution/v1': 'draft',
  'stance/v1': 'draft',
  'observation/v1': 'observe',
  'drift/v1': 'observe',
  'export/v1': 'read',
  'drillResult/v1': 'draft',
};

/**
 * Whether a token may put an entry of a type into the log. Never what somebody must do himself: vote,
 * recuse, execute, propose, break glass, unseal, enrol keys, change roster, rules or policies.
 */
export function tokenMay(scopes: readonly TokenScope[], entryType: string): boolean {
  const scope = SCOPE_OF_ENTRY[entryType];
  return scope !== undefined && scopes.includes(scope);
}

interface AccountRow extends Record<string, string | number | null> {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly person: string | null;
}

/** The account of a session or a token, by the SHA-256 of its secret. */
export async function accountOf(
  database: Queries,
  secretHash: string,
  nowMs: number,
): Promise<Account | undefined> {
  const columns = 'account.id, account.name, account.role, account.person';
  const session = await database.get<AccountRow>(
    `SELECT ${columns} FROM session JOIN account ON account.id = session.account
     WHERE session.hash = ? AND session.expires_ms > ? AND account.disabled_ms IS NULL`,
    secretHash,
    nowMs,
  );
  if (session) return { ...session, role: session.role as AccountRole, scopes: null };
  const token = await database.get<AccountRow & { readonly scopes: string }>(
    `SELECT ${columns}, token.scopes FROM token JOIN account ON account.id = token.account
     WHERE token.hash = ? AND token.expires_ms > ? AND account.disabled_ms IS NULL`,
    secretHash,
    nowMs,
  );
  if (!token) return undefined;
  const scopes = token.scopes.split(' ') as TokenScope[];
  return { ...token, role: token.role as AccountRole, scopes };
}
