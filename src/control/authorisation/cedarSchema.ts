/**
 * What policies may speak of: principals, resources, actions and what is said about each. Its
 * SHA-256 is in every recorded decision, so a change of this text is a change of the contract.
 */
export const CEDAR_SCHEMA = `// Who asks.
entity Organisation = { id: String, beneficialOwner: String };
entity Person = {
  // In the roster, with a key in force.
  isEnrolled: Bool,
  employer?: Organisation,
  // drafter, executor, reader, auditor, monitor, admin: permissions without a vote.
  roles: Set<String>,
  // Held at this instant, and what they are.
  seats: Set<String>,
  offices: Set<String>,
  // Seats of others for which he is an alternate, a delegate or appointed.
  standsIn: Set<String>,
  clearance?: { level: Long, compartments: Set<String>, state: String, isLive: Bool },
};
entity Machine = {
  isEnrolled: Bool,
  // adapter, twin; empty when it is in no roster.
  role: String,
};

// Signed in, and in no roster.
entity Account;

// What is asked about.
entity Switch;
entity Order = {
  // activate, suspend, restrict, withhold, resume, exempt
  kind: String,
  isBreakGlass: Bool,
  isDrill: Bool,
  territory?: String,
  jurisdiction?: String,
  // draft, proposed, impactReady, voting, coolingOff, approved, executed, ...
  status: String,
  // Counted by the quorum engine: Cedar cannot count.
  quorumMet: Bool,
  proposer: Person,
  originators: Set<Person>,
  // Whose vote stands, and who ever voted on any revision.
  voters: Set<Person>,
  everVoted: Set<Person>,
  // Recused, tainted, or barred by a contact.
  barred: Set<Person>,
};
entity Change = {
  // roster, rule, policySet, territory, keyEnrol, keyRevoke
  kind: String,
  status: String,
  quorumMet: Bool,
  proposer: Person,
  voters: Set<Person>,
  everVoted: Set<Person>,
  barred: Set<Person>,
};
entity Seal = { authority: String };
entity SealedPart = {
  level: Long,
  compartments: Set<String>,
  // States and organisations; absent: whoever is cleared.
  releasableTo?: Set<String>,
};

// How it is asked: "hand" (a signed statement handed in), "session" (signed in), "token".
type Channel = { channel: String, scopes: Set<String>, entry?: String };
// With the type of the entry that would be appended.
type Entry = { channel: String, scopes: Set<String>, entry: String };
type FromSeat = { channel: String, scopes: Set<String>, entry: String, seat: String };
type Reading = { channel: String, scopes: Set<String>, purpose: String, purposeIsReal: Bool };

action read appliesTo { principal: [Person, Machine, Account], resource: [Switch], context: Channel };
action draft appliesTo { principal: [Person, Account], resource: [Switch], context: Channel };
action readSealed appliesTo { principal: [Person], resource: [SealedPart], context: Reading };
action propose, breakGlass appliesTo { principal: [Person], resource: [Order], context: Entry };
action vote appliesTo { principal: [Person], resource: [Order, Change], context: FromSeat };
action review appliesTo { principal: [Person], resource: [Order, Change], context: FromSeat };
action recuse appliesTo { principal: [Person], resource: [Order, Change, Switch], context: Entry };
action execute appliesTo { principal: [Person], resource: [Order, Change], context: Entry };
action disclose, declare appliesTo { principal: [Person], resource: [Switch], context: Entry };
action claim appliesTo { principal: [Person, Account], resource: [Switch], context: Entry };
action unseal appliesTo { principal: [Person], resource: [Seal], context: Entry };
action administer appliesTo { principal: [Person], resource: [Change, Switch], context: Entry };
action observe appliesTo { principal: [Person, Machine, Account], resource: [Switch], context: Entry };
action report appliesTo { principal: [Machine], resource: [Order, Switch], context: Entry };
`;
