/**
 * The enforcement point: "may this terminal be served here, now, at what rate, and by which order?",
 * answered offline from a snapshot of the log that it verifies by itself.
 */
export {
  type Admission,
  type AdmissionDecision,
  type AdmissionOptions,
  type AdmissionRequest,
  createAdmission,
} from './admission.ts';
export {
  doesExtend,
  formatPolicySnapshot,
  type PolicySnapshot,
  readPolicySnapshot,
} from './policySnapshot.ts';
