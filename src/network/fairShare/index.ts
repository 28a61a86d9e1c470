export { certifyFairShare, type FairShareCertificate } from './fairShareCertificate.ts';
export { assertFlowProblem, type FlowProblem } from './flowProblem.ts';
export { allocateFairShare, DEMAND_MET, type FairShare, maxMinFair } from './maxMinFair.ts';
