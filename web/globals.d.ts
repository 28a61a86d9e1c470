declare global {
  /** What tests and figures wait on: set after each picture drawn. */
  var beamkeeperReady:
    | {
        readonly frame: number;
        /** Start of the newest slot shown, UTC ms; 0 before the first. */
        readonly slot: number;
        /** The newest order that was answered. */
        readonly request: number;
        /** After the first picture with land was really on the screen, ms since navigation. */
        readonly firstFrameMs: number;
        readonly satellites: boolean;
        readonly cells: number;
        readonly routeSteps: number;
        readonly impactSlots: number;
        /** Cells switched off in the newest slot. */
        readonly cellsOff: number;
        /** From the newest order to its answers, ms. */
        readonly timings: {
          readonly first: number;
          readonly slot: number;
          readonly impactFirst: number;
        };
        /** JavaScript of the last frames, ms each. */
        readonly frameCosts: readonly number[];
        /** From a change of the scenario to its first numbers, and to the whole slot, ms. */
        readonly firstNumbersMs: number;
        readonly slotMs: number;
        /** The graphics device as the browser names it. */
        readonly device: string;
      }
    | undefined;
}

export {};
