import type { PolicySet } from '../types.ts';

/**
 * The policies that a log starts with unless its genesis says otherwise: control.md §14. What is not
 * permitted is refused, and a `forbid` beats every `permit`.
 */
export const DEFAULT_POLICIES: PolicySet = {
  'roster-reads': `permit (principal is Person, action == Action::"read", resource)
when { principal.isEnrolled };`,

  'accounts-read-draft-and-file-claims': `permit (
  principal is Account,
  action in [Action::"read", Action::"draft", Action::"claim"],
  resource
);`,

  'drafters-draft': `permit (principal is Person, action == Action::"draft", resource)
when { principal.roles.contains("drafter") || !principal.seats.isEmpty() };`,

  'drafters-propose': `permit (
  principal,
  action in [Action::"propose", Action::"breakGlass"],
  resource
)
when { principal.isEnrolled && (principal.roles.contains("drafter") || !principal.seats.isEmpty()) };`,

  'only-its-proposer-amends': `forbid (
  principal,
  action in [Action::"propose", Action::"breakGlass"],
  resource
)
unless { resource.proposer == principal };`,

  'break-glass-only-takes': `forbid (principal, action == Action::"breakGlass", resource)
unless { ["suspend", "restrict"].contains(resource.kind) };`,

  'seats-vote': `permit (
  principal,
  action in [Action::"vote", Action::"review"],
  resource
)
when {
  principal.isEnrolled &&
  (principal.seats.contains(context.seat) || principal.standsIn.contains(context.seat))
};`,

  'proposer-does-not-vote': `forbid (
  principal,
  action in [Action::"vote", Action::"review"],
  resource
)
when { resource.proposer == principal };`,

  'originator-does-not-vote': `forbid (principal, action == Action::"vote", resource is Order)
when { resource.originators.contains(principal) };`,

  'one-person-one-vote': `forbid (principal, action == Action::"vote", resource)
when { resource.voters.contains(principal) };`,

  'recused-or-tainted-does-not-vote': `forbid (principal, action == Action::"vote", resource)
when { resource.barred.contains(principal) };`,

  'voters-do-not-review': `forbid (principal, action == Action::"review", resource)
when { resource.everVoted.contains(principal) };`,

  'roster-recuses': `permit (principal, action == Action::"recuse", resource)
when { principal.isEnrolled };`,

  'executors-execute': `permit (principal, action == Action::"execute", resource)
when { principal.isEnrolled && principal.roles.contains("executor") };`,

  'execute-only-with-quorum': `forbid (principal, action == Action::"execute", resource)
unless { resource.quorumMet && resource.status == "approved" };`,

  'voters-do-not-execute': `forbid (principal, action == Action::"execute", resource)
when { resource.everVoted.contains(principal) || resource.proposer == principal };`,

  'roster-discloses': `permit (principal, action == Action::"disclose", resource)
when { principal.isEnrolled };`,

  'seats-declare': `permit (principal, action == Action::"declare", resource)
when { principal.isEnrolled && !principal.seats.isEmpty() };`,

  'roster-files-claims': `permit (principal is Person, action == Action::"claim", resource)
when { principal.isEnrolled };`,

  'need-to-know': `permit (principal, action == Action::"readSealed", resource)
when {
  principal.isEnrolled &&
  principal has clearance &&
  principal.clearance.isLive &&
  principal.clearance.level >= resource.level &&
  principal.clearance.compartments.containsAll(resource.compartments)
};`,

  'only-to-whom-it-is-releasable': `forbid (principal, action == Action::"readSealed", resource)
when { resource has releasableTo }
unless {
  (principal has clearance && resource.releasableTo.contains(principal.clearance.state)) ||
  (principal has employer && resource.releasableTo.contains(principal.employer.id))
};`,

  'sealed-only-with-purpose': `forbid (principal, action == Action::"readSealed", resource)
unless { context.purposeIsReal };`,

  'authority-unseals': `permit (principal, action == Action::"unseal", resource)
when { principal.isEnrolled && principal.seats.contains(resource.authority) };`,

  'roster-proposes-changes': `permit (
  principal,
  action == Action::"administer",
  resource is Change
)
when { principal.isEnrolled };`,

  'administrators-administer': `permit (
  principal,
  action == Action::"administer",
  resource is Switch
)
when { principal.isEnrolled && principal.roles.contains("admin") };`,

  'monitors-observe': `permit (principal is Person, action == Action::"observe", resource)
when { principal.isEnrolled && principal.roles.containsAny(["monitor", "auditor"]) };`,

  'machines-observe': `permit (principal is Machine, action == Action::"observe", resource)
when { principal.isEnrolled };`,

  'twin-reports-impact': `permit (principal, action == Action::"report", resource)
when { principal.isEnrolled && principal.role == "twin" && context.entry == "impact/v1" };`,

  'adapter-reports': `permit (principal, action == Action::"report", resource)
when {
  principal.isEnrolled &&
  principal.role == "adapter" &&
  ["receipt/v1", "revert/v1"].contains(context.entry)
};`,

  'tokens-never-act': `forbid (principal, action, resource)
when { context.channel == "token" }
unless { action in [Action::"read", Action::"draft", Action::"observe", Action::"claim"] };`,

  'tokens-keep-to-their-scope': `forbid (
  principal,
  action in [Action::"read", Action::"draft", Action::"observe", Action::"claim"],
  resource
)
when { context.channel == "token" }
unless {
  (action == Action::"read" && context.scopes.contains("read")) ||
  (action == Action::"draft" && context.scopes.containsAny(["draft", "disclose-draft"])) ||
  (action == Action::"claim" && context.scopes.contains("draft")) ||
  (action == Action::"observe" && context.scopes.contains("observe"))
};`,
};
