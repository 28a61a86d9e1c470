import type { LinkGraph } from '../linkGraph.ts';
import type { GroundLinks } from './groundLinks.ts';

/**
 * Where every node sends what is meant for one destination. Nodes are numbered satellites first,
 * then places: place g is node `satelliteCount + g`.
 */
export interface RouteTree {
  /** Next node, -1 when there is no route; the destination's own entry is itself. */
  readonly nextHop: Int32Array;
  /** Length of the route to the destination, km; Infinity when there is none. */
  readonly distanceKm: Float64Array;
}

/** A search with its working memory; make one, use it for every destination and instant. */
export interface RouteSearch {
  /** Fills `out` for all satellites and places, towards place `destination`. Allocates nothing. */
  routesTo(graph: LinkGraph, ground: GroundLinks, destination: number, out: RouteTree): void;
}

/**
 * A way to choose routes. A plug-in: one file in this folder exporting one of these, and a line in
 * `ROUTING_ALGORITHMS`. What it fills in must be free of loops: following `nextHop` from any node with
 * a route ends at the destination.
 */
export interface RoutingAlgorithm {
  readonly name: string;
  /** One line for people: what is minimised. */
  readonly summary: string;
  /** Places pass traffic on. Without it they are ends of routes only, and a scenario that wants them says so by name. */
  readonly relaysOnGround?: true;
  createSearch(satelliteCount: number): RouteSearch;
}
