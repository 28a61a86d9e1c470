/** The parts of attenuation for one share of the time, dB. */
export interface AttenuationParts {
  /** P.676. For less than 1 % of the time its value at 1 % is to be used. */
  readonly gasDb: number;
  /** P.840. For less than 1 % of the time its value at 1 % is to be used: the rain has the rest. */
  readonly cloudDb: number;
  readonly rainDb: number;
  readonly scintillationDb: number;
}

/** All that weakens the signal, dB, for one share of the time: ITU-R P.618-13 §2.5. */
export function totalAttenuationDb(parts: AttenuationParts): number {
  return parts.gasDb + Math.hypot(parts.rainDb + parts.cloudDb, parts.scintillationDb);
}
