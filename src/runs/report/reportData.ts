import type { MultiPolygon, Polygon } from 'geojson';

/** What the page draws from: plain data, embedded in the report as JSON. Longitude first, degrees. */
export interface ReportData {
  readonly map: ReportMap;
  readonly charts: readonly ReportChart[];
}

export interface ReportMap {
  /** Rotates the middle of the map to the middle of the projection, so that no border is cut by ±180°. */
  readonly rotate: readonly [number, number];
  /** What must be in the picture: a circle on the sphere. */
  readonly domain: Polygon;
  readonly scaleBarKm: number;
  /** South-west end of the scale bar, and its north-east end, along the bottom of the picture. */
  readonly scaleBar: readonly [readonly [number, number], readonly [number, number]];
  readonly land: readonly MultiPolygon[];
  /** Outline of the place in question, as lines. */
  readonly outline: readonly (readonly (readonly [number, number])[])[];
  readonly labels: readonly ReportLabel[];
  readonly gateways: readonly ReportGateway[];
  readonly cells: readonly ReportCell[];
  readonly panels: readonly {
    readonly id: string;
    readonly title: string;
    /** Said to those who cannot see the picture. */
    readonly description: string;
  }[];
}

export interface ReportLabel {
  readonly text: string;
  readonly lon: number;
  readonly lat: number;
  readonly isPlace: boolean;
  /** How the text stands to the point, so that it stays in the picture. */
  readonly side: 'start' | 'middle' | 'end';
}

export interface ReportGateway {
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
  readonly isLost: boolean;
  readonly isLabelled: boolean;
  readonly side: ReportLabel['side'];
}

export interface ReportCell {
  /** Corners as lon, lat, lon, lat …, in thousandths of a degree. */
  readonly corners: readonly number[];
  /** Class of the cell in each panel: the key of a legend entry. */
  readonly classes: readonly string[];
  /** 0…1: how strongly it is painted, by the people in it. */
  readonly weight: number;
  readonly title: string;
}

export type ReportChart =
  | {
      readonly kind: 'time';
      readonly id: string;
      readonly yLabel: string;
      /** UTC, ISO. */
      readonly at: readonly string[];
      /** Dashed; absent when there is only one line. */
      readonly before?: readonly number[];
      readonly after: readonly number[];
      readonly beforeLabel: string;
      readonly afterLabel: string;
    }
  | {
      readonly kind: 'bars';
      readonly id: string;
      readonly xLabel: string;
      readonly rows: readonly {
        readonly name: string;
        readonly value: number;
        /** Key of a legend entry. */
        readonly series: string;
      }[];
    };
