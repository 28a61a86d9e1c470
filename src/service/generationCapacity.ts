/** What one satellite of a generation can give to users on the ground. */
export interface GenerationCapacity {
  /** Downlink beams that can point at different cells at the same time; 0: no broadband. */
  readonly beamCount: number;
  /** Rate of one beam that serves one cell only, Mbps. */
  readonly beamMbps: number;
  /** Downlink total, Mbps. */
  readonly satelliteMbps: number;
  /** Cells that one beam may share in time, where it is not the parameter of steered beams. */
  readonly cellsPerBeam?: number;
  /** Laser terminals to other satellites; 0: bent pipe only. */
  readonly laserTerminalCount: number;
  /** Of one laser link, each way, Mbps. P: 100 Gb/s, up to 200 (network.md §6). */
  readonly laserMbps: number;
  /** Between the satellite and the gateway that it comes down at, Mbps. */
  readonly feederMbps: number;
  readonly source: string;
}

/**
 * Per generation (network.md §3). A beam is one 240-MHz channel at 4.0 b/s/Hz (cells measured 2.7–4,
 * papers 4.5): 960 Mbps. A satellite's feeder carries as much as its downlink [A]. Marks: P published, A assumed and to be calibrated.
 */
export const GENERATIONS: Readonly<Record<string, GenerationCapacity>> = {
  'v1.0': {
    beamCount: 48,
    beamMbps: 960,
    satelliteMbps: 17_000,
    laserTerminalCount: 0,
    laserMbps: 0,
    feederMbps: 17_000,
    source: 'P: 48 beams, 17–23 Gb/s',
  },
  'v1.5': {
    beamCount: 48,
    beamMbps: 960,
    satelliteMbps: 20_000,
    laserTerminalCount: 4,
    laserMbps: 100_000,
    feederMbps: 20_000,
    source: 'P: 48 beams, 17–23 Gb/s',
  },
  'v2-mini': {
    beamCount: 96,
    beamMbps: 960,
    satelliteMbps: 96_000,
    laserTerminalCount: 4,
    laserMbps: 100_000,
    feederMbps: 96_000,
    source: 'P: 96 Gb/s; A: 96 beams',
  },
  'direct-to-cell': {
    beamCount: 0,
    beamMbps: 0,
    satelliteMbps: 0,
    laserTerminalCount: 4,
    laserMbps: 100_000,
    feederMbps: 96_000,
    source: 'A: phone service only, no broadband counted',
  },
  oneweb: {
    beamCount: 16,
    beamMbps: 450,
    satelliteMbps: 7_200,
    // The 16 beams are fixed and tile the footprint: 1.5 million km² at 55° in cells of 253 km².
    cellsPerBeam: 360,
    laserTerminalCount: 0,
    laserMbps: 0,
    feederMbps: 7_200,
    source: 'P: 16 fixed beams, 55°; A: 7.2 Gb/s',
  },
  kuiper: {
    beamCount: 48,
    beamMbps: 960,
    satelliteMbps: 20_000,
    laserTerminalCount: 4,
    laserMbps: 100_000,
    feederMbps: 20_000,
    source: 'A: as v1.5',
  },
  other: {
    beamCount: 48,
    beamMbps: 960,
    satelliteMbps: 20_000,
    laserTerminalCount: 4,
    laserMbps: 100_000,
    feederMbps: 20_000,
    source: 'A: as v1.5',
  },
};
