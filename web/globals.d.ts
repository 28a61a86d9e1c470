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
        /** The graphics device as the browser names it. */
        readonly device: string;
      }
    | undefined;
}

export {};
