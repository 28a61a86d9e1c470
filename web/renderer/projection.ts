/**
 * Where a place on Earth, or a satellite, stands on the picture: plain functions with the same
 * constants as the shader (`PROJECT_GLSL`), so that picking, labels and paths agree with what is drawn.
 */

/** Vertical field of view of the globe's camera. */
export const FIELD_OF_VIEW_RAD = (40 * Math.PI) / 180;
export const EARTH_RADIUS_KM = 6378.137;
export const NEAREST = 1.05;
export const FARTHEST = 9;
const FOCAL = 1 / Math.tan(FIELD_OF_VIEW_RAD / 2);
/** A flat map is a globe that is all morphed. */
const FLAT = 0.999;

export interface Camera {
  readonly latRad: number;
  readonly lonRad: number;
  /** From the centre of the Earth, in Earth radii. */
  readonly distance: number;
  /** 0 globe … 1 flat. */
  readonly morph: number;
  /** Of the picture, CSS px. */
  readonly width: number;
  readonly height: number;
}

export type Vec3 = readonly [x: number, y: number, z: number];

export interface Projection {
  readonly camera: Camera;
  /** View and projection of an Earth of radius 1, column by column; depth is left out. */
  readonly matrix: Float32Array;
  readonly eye: Vec3;
  /** Radians to clip space on the flat map. */
  readonly flatScale: readonly [number, number];
  /** CSS px for a radian at the centre of the picture, globe and flat alike. */
  readonly pxPerRad: number;
}

export function unitOf(latRad: number, lonRad: number): Vec3 {
  const cosLat = Math.cos(latRad);
  return [cosLat * Math.cos(lonRad), cosLat * Math.sin(lonRad), Math.sin(latRad)];
}

export function projectionOf(camera: Camera): Projection {
  const { latRad, lonRad, distance, width, height } = camera;
  const aspect = width / height;
  const normal = unitOf(latRad, lonRad);
  const east: Vec3 = [-Math.sin(lonRad), Math.cos(lonRad), 0];
  const north: Vec3 = [
    -Math.sin(latRad) * Math.cos(lonRad),
    -Math.sin(latRad) * Math.sin(lonRad),
    Math.cos(latRad),
  ];
  const matrix = new Float32Array(16);
  for (let axis = 0; axis < 3; axis++) {
    matrix[4 * axis] = (FOCAL / aspect) * east[axis];
    matrix[4 * axis + 1] = FOCAL * north[axis];
    matrix[4 * axis + 3] = -normal[axis];
  }
  matrix[15] = distance;
  const pxPerRad = ((height / 2) * FOCAL) / (distance - 1);
  return {
    camera,
    matrix,
    eye: [normal[0] * distance, normal[1] * distance, normal[2] * distance],
    flatScale: [(2 * pxPerRad) / width, (2 * pxPerRad) / height],
    pxPerRad,
  };
}

/** Longitude within half a turn of the camera's. */
export function nearLon(lonRad: number, ofRad: number): number {
  return lonRad - 2 * Math.PI * Math.round((lonRad - ofRad) / (2 * Math.PI));
}

/**
 * CSS px of a point given by its unit vector times its height (1 on the ground), and whether it is in
 * sight. On the flat map the copy nearest to the centre counts.
 */
export function toScreen(
  projection: Projection,
  x: number,
  y: number,
  z: number,
): { x: number; y: number; isVisible: boolean } {
  const { camera, matrix: m, flatScale, eye } = projection;
  const { width, height, morph } = camera;
  let clipX = 0;
  let clipY = 0;
  let isVisible = true;
  if (morph < FLAT) {
    const w = m[3] * x + m[7] * y + m[11] * z + m[15];
    clipX = (m[0] * x + m[4] * y + m[8] * z) / w;
    clipY = (m[1] * x + m[5] * y + m[9] * z) / w;
    isVisible = w > 0 && !isHidden(eye, x, y, z);
  }
  if (morph > 1 - FLAT) {
    const lon = nearLon(Math.atan2(y, x), camera.lonRad);
    const lat = Math.atan2(z, Math.hypot(x, y));
    const flatX = (lon - camera.lonRad) * flatScale[0];
    const flatY = (lat - camera.latRad) * flatScale[1];
    clipX += (flatX - clipX) * morph;
    clipY += (flatY - clipY) * morph;
    if (morph > 0.5) isVisible = true;
  }
  return { x: ((clipX + 1) / 2) * width, y: ((1 - clipY) / 2) * height, isVisible };
}

/** Whether the Earth stands between the eye and a point; points on the ground are hidden beyond the horizon. */
export function isHidden(eye: Vec3, x: number, y: number, z: number): boolean {
  const dot = eye[0] * x + eye[1] * y + eye[2] * z;
  if (x * x + y * y + z * z < 1.0001) return dot < 1;
  const dx = x - eye[0];
  const dy = y - eye[1];
  const dz = z - eye[2];
  const s = -(eye[0] * dx + eye[1] * dy + eye[2] * dz) / (dx * dx + dy * dy + dz * dz);
  if (s >= 0.9999) return false;
  const nx = eye[0] + s * dx;
  const ny = eye[1] + s * dy;
  const nz = eye[2] + s * dz;
  return nx * nx + ny * ny + nz * nz < 0.9995;
}

/** The place under a pixel; null where there is only sky. */
export function toPlace(
  projection: Projection,
  px: number,
  py: number,
): { latRad: number; lonRad: number } | null {
  const { camera, pxPerRad } = projection;
  const right = px - camera.width / 2;
  const up = camera.height / 2 - py;
  if (camera.morph > 0.5) {
    const latRad = camera.latRad + up / pxPerRad;
    const lonRad = camera.lonRad + right / pxPerRad;
    return Math.abs(latRad) <= Math.PI / 2 ? { latRad, lonRad: nearLon(lonRad, 0) } : null;
  }
  // The ray in camera axes (east, north, outward), from the eye at (0, 0, distance).
  const scale = 2 / (camera.height * FOCAL);
  const a = right * scale;
  const b = up * scale;
  const { distance: d } = camera;
  const squared = a * a + b * b + 1;
  const discriminant = d * d - squared * (d * d - 1);
  if (discriminant < 0) return null;
  const t = (d - Math.sqrt(discriminant)) / squared;
  const e = a * t;
  const n = b * t;
  const o = d - t;
  const sinLat = Math.sin(camera.latRad);
  const cosLat = Math.cos(camera.latRad);
  const latRad = Math.asin(Math.max(-1, Math.min(1, n * cosLat + o * sinLat)));
  const lonRad = camera.lonRad + Math.atan2(e, o * cosLat - n * sinLat);
  return { latRad, lonRad: nearLon(lonRad, 0) };
}

/** How far from the centre of the picture, along the ground, anything can be seen, rad. */
export function sightRad(projection: Projection): number {
  const { camera } = projection;
  const { width, height, distance } = camera;
  const horizon = Math.acos(1 / distance);
  const half = Math.atan((Math.hypot(width, height) / height) * Math.tan(FIELD_OF_VIEW_RAD / 2));
  const sine = distance * Math.sin(half);
  return sine >= 1 ? horizon : Math.asin(sine) - half;
}

/** The flat map's copies that the view shows, as whole turns. */
export function copiesOf(projection: Projection): number[] {
  const { camera, pxPerRad } = projection;
  if (camera.morph < 1 - FLAT) return [0];
  const halfRad = camera.morph > FLAT ? camera.width / 2 / pxPerRad : Math.PI;
  const copies: number[] = [];
  for (let turn = -2; turn <= 2; turn++) {
    const centre = 2 * Math.PI * turn;
    if (centre + Math.PI > camera.lonRad - halfRad && centre - Math.PI < camera.lonRad + halfRad) {
      copies.push(turn);
    }
  }
  return copies;
}

/** The farthest that a flat map may go: it fills the height of the picture. */
export function farthestFlat(width: number, height: number): number {
  const least = Math.max(width / (2 * Math.PI), height / FLAT_SPAN_RAD);
  return Math.min(FARTHEST, 1 + ((height / 2) * FOCAL) / least);
}
/** From the southernmost homes to the northernmost. */
const FLAT_SPAN_RAD = 2.6;

/** Keeps a flat camera from looking beyond the poles, and any within its distances. */
export function withinBounds(camera: Camera): Camera {
  const isFlat = camera.morph > 0.5;
  const farthest = isFlat ? farthestFlat(camera.width, camera.height) : FARTHEST;
  const distance = Math.max(NEAREST, Math.min(farthest, camera.distance));
  let most = (89 * Math.PI) / 180;
  if (isFlat) {
    const { pxPerRad } = projectionOf({ ...camera, distance });
    most = Math.max(0, Math.PI / 2 - camera.height / 2 / pxPerRad);
  }
  return {
    ...camera,
    distance,
    latRad: Math.max(-most, Math.min(most, camera.latRad)),
    lonRad: nearLon(camera.lonRad, 0),
  };
}

/**
 * The same projection on the graphics card. `lonShift` is the copy of the flat map, in radians; `front`
 * is negative beyond the horizon.
 */
export const PROJECT_GLSL = `
uniform mat4 M;
uniform vec2 flatScale;
uniform vec2 flatCentre;
uniform float lonShift;
uniform float morph;
uniform vec3 eye;
vec2 flatClip(vec2 lonLat) {
  return (lonLat + vec2(lonShift, 0.) - flatCentre) * flatScale;
}
vec4 project(vec2 lonLat, vec3 unit) {
  if (morph > ${FLAT}) return vec4(flatClip(lonLat), 0., 1.);
  vec4 g = M * vec4(unit, 1.);
  g.z = 0.;
  if (morph < ${(1 - FLAT).toFixed(4)}) return g;
  return vec4(mix(g.xy / g.w, flatClip(lonLat), morph), 0., 1.);
}
float frontOf(vec3 unit) {
  return dot(unit, eye) - 1.;
}
float besideOf(vec2 lonLat) {
  return lonLat.x + lonShift - flatCentre.x;
}
`;

/** In a fragment shader: what lies behind the Earth, or in another copy while the map unrolls, is not there. */
export const VISIBLE_GLSL = `
uniform float morph;
in float front;
in float beside;
float visible() {
  if (morph > ${FLAT}) return 1.;
  if (morph < ${(1 - FLAT).toFixed(4)}) return front < 0. ? 0. : 1.;
  if (abs(beside) > 3.1415927) return 0.;
  return front < 0. ? smoothstep(.4, 1., morph) : 1.;
}
`;
