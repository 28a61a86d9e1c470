export { certifyFairShare, type FairShareCertificate } from './fairShareCertificate.ts';
export { assertFlowProblem, type FlowProblem } from './flowProblem.ts';
export { allocateFairShare, DEMAND_MET, type FairShare, maxMinFair } from './maxMinFair.ts';
export { type MultipathShare, maxMinFairOverPaths } from './maxMinFairOverPaths.ts';
export { certifyFairShareOverPaths, type MultipathCertificate } from './multipathCertificate.ts';
export { assertMultipathProblem, type MultipathProblem } from './multipathProblem.ts';
