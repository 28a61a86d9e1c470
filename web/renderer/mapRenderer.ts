import {
  BufferAttribute,
  BufferGeometry,
  CustomBlending,
  DataTexture,
  GLSL3,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  IntType,
  type IUniform,
  LineSegments,
  Mesh,
  NearestFilter,
  OneFactor,
  OneMinusSrcAlphaFactor,
  Points,
  RawShaderMaterial,
  RGBAFormat,
  Scene,
  Camera as ThreeCamera,
  UnsignedByteType,
  WebGLRenderer,
} from 'three';
import { NO_CLASS, TOP_CLASS } from '../workers/display.ts';
import type { CellShapes, Resolution } from '../workers/messages.ts';
import type { Chunks, Land } from './land.ts';
import { CHANGE_COLOURS, type MapPalette, rgbOf } from './palette.ts';
import {
  copiesOf,
  EARTH_RADIUS_KM,
  FIELD_OF_VIEW_RAD,
  PROJECT_GLSL,
  type Projection,
  sightRad,
  VISIBLE_GLSL,
} from './projection.ts';
import { type FramePair, HERMITE_GLSL, shareOf } from './satelliteField.ts';

/** Beyond this distance, in Earth radii, coarse cells and coarse land will do. */
export const FINE_DISTANCE = 2.2;
const TEXTURE_WIDTH = 512;

/** What is drawn beside the arrays: all of it, every time. */
export interface MapLook {
  readonly palette: MapPalette;
  readonly mode: 'ramp' | 'change' | 'state';
  /** The baseline in place of the scenario. */
  readonly isBaseline: boolean;
  readonly showsSatellites: boolean;
  readonly showsGateways: boolean;
  readonly pixelRatio: number;
}

/** Gateways as points. `kind`: 0 in use, 1 crossed out. */
export interface GatewayPoints {
  readonly lonLat: Float32Array;
  readonly kind: Float32Array;
}

/** A line on the picture, CSS px, with gaps where it is out of sight. */
export interface ScreenLine {
  /** x, y of both ends and the length of the line before, five a piece. */
  readonly pieces: Float32Array;
  readonly count: number;
  readonly colour: 'accent' | 'text' | 'warn';
  readonly widthPx: number;
  /** Length of a dash and of a gap; 0: solid. */
  readonly dashPx: number;
}

const HEADER = 'precision highp float;\nprecision highp int;\n';

/** Draws a map on one canvas. One for the whole page; `dispose` gives everything back. */
export class MapRenderer {
  readonly #gl: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #eye = new ThreeCamera();
  readonly #shared: Record<string, IUniform> = {
    M: { value: new Float32Array(16) },
    flatScale: { value: [1, 1] },
    flatCentre: { value: [0, 0] },
    lonShift: { value: 0 },
    morph: { value: 0 },
    eye: { value: [0, 0, 3] },
    viewport: { value: [1, 1] },
    pixelRatio: { value: 1 },
  };
  readonly #materials = new Set<RawShaderMaterial>();
  readonly #background: RawShaderMaterial;
  readonly #landMaterial: RawShaderMaterial;
  readonly #lineMaterial: RawShaderMaterial;
  readonly #cellMaterial: RawShaderMaterial;
  readonly #outlineMaterial: RawShaderMaterial;
  readonly #gatewayMaterial: RawShaderMaterial;
  readonly #satelliteMaterial: RawShaderMaterial;
  readonly #linkMaterial: RawShaderMaterial;
  readonly #lands = new Map<Land['scale'], { fill: Mesh; lines: LineSegments; land: Land }>();
  readonly #cells = new Map<
    Resolution,
    { mesh: Mesh; shapes: CellShapes; texture: DataTexture; hasTexels: boolean }
  >();
  #outline: Mesh | null = null;
  #gateways: Points | null = null;
  #satellites: Points | null = null;
  #links: LineSegments | null = null;
  #frames: FramePair | null = null;
  /** Which of the two attribute sets holds the earlier frame. */
  #isFlipped = false;
  readonly #paths: Mesh[] = [];
  #pathCount = 0;

  constructor(canvas: HTMLCanvasElement, options: { readonly antialias: boolean }) {
    this.#gl = new WebGLRenderer({
      canvas,
      antialias: options.antialias,
      depth: false,
      stencil: false,
      alpha: false,
      powerPreference: 'high-performance',
    });
    this.#gl.autoClear = false;
    this.#gl.sortObjects = true;
    this.#scene.matrixWorldAutoUpdate = false;

    this.#background = this.#material(
      {
        bg: { value: [0, 0, 0] },
        sea: { value: [0, 0, 0] },
        glow: { value: [0, 0, 0] },
        disc: { value: 1 },
        isDark: { value: 1 },
      },
      `in vec2 corner; out vec2 at; uniform vec2 viewport;
       void main() { at = corner * viewport / viewport.y; gl_Position = vec4(corner, 0., 1.); }`,
      `in vec2 at; out vec4 colour; uniform float morph; uniform float disc; uniform float isDark;
       uniform vec2 viewport; uniform vec3 bg; uniform vec3 sea; uniform vec3 glow;
       void main() {
         float d = length(at) - disc;
         float edge = 2. / viewport.y;
         float halo = exp(-max(d, 0.) * 9.) * mix(.16, .42, isDark) + exp(-max(d, 0.) * 40.) * mix(.1, .3, isDark);
         vec3 space = mix(bg, glow, halo);
         float rim = exp(min(d, 0.) * 16. / disc) * mix(.0, .16, isDark);
         vec3 globe = mix(mix(sea, glow, rim), space, smoothstep(-edge, edge, d));
         colour = vec4(mix(globe, sea, smoothstep(.0, 1., morph)), 1.);
       }`,
    );
    this.#landMaterial = this.#material(
      { colour: { value: [0, 0, 0] } },
      `${PROJECT_GLSL} in vec2 lonLat; in vec3 unit; out float front; out float beside;
       void main() { front = frontOf(unit); beside = besideOf(lonLat); gl_Position = project(lonLat, unit); }`,
      `${VISIBLE_GLSL} uniform vec3 colour; out vec4 drawn;
       void main() { float a = visible(); if (a <= 0.) discard; drawn = vec4(colour * a, a); }`,
    );
    this.#lineMaterial = this.#material(
      { colour: { value: [0, 0, 0] }, strength: { value: 1 } },
      `${PROJECT_GLSL} in vec2 lonLat; in vec3 unit; in float kind; out float front; out float beside; out float alpha;
       uniform float strength;
       void main() { front = frontOf(unit); beside = besideOf(lonLat); alpha = mix(.95, .55, kind) * strength;
         gl_Position = project(lonLat, unit); }`,
      `${VISIBLE_GLSL} uniform vec3 colour; in float alpha; out vec4 drawn;
       void main() { float a = visible() * alpha; if (a <= 0.) discard; drawn = vec4(colour * a, a); }`,
    );
    this.#cellMaterial = this.#material(
      {
        cells: { value: null },
        ramp: { value: new Float32Array(18) },
        change: { value: new Float32Array(15) },
        states: { value: new Float32Array(18) },
        mode: { value: 0 },
        isBaseline: { value: 0 },
        isDark: { value: 1 },
      },
      `${PROJECT_GLSL} in vec2 lonLat; in vec3 unit; in uint cell; out float front; out float beside;
       uniform sampler2D cells; uniform vec3 ramp[6]; uniform vec3 change[5]; uniform vec3 states[6];
       uniform int mode; uniform int isBaseline;
       flat out vec4 tint; flat out float hatch;
       void main() {
         front = frontOf(unit); beside = besideOf(lonLat);
         vec4 t = floor(texelFetch(cells, ivec2(int(cell & 511u), int(cell >> 9u)), 0) * 255. + .5);
         float v = isBaseline == 1 ? t.x : t.y;
         int pair = int(t.z);
         int state = isBaseline == 1 ? pair >> 4 : pair & 15;
         hatch = 0.;
         vec3 c;
         float a = .8;
         if (state == 1) { c = states[1]; hatch = 1.; a = .74; }
         else if (mode == 2) { c = states[min(state, 5)]; a = state == 0 ? .6 : .85; }
         else if (mode == 1) { c = change[min(int(v), 4)]; a = v == 2. ? .22 : .85; }
         else if (state != 0 || v == ${NO_CLASS}.) { c = states[2]; a = .45; hatch = 2.; }
         else {
           float at = clamp(v / ${TOP_CLASS}., 0., 1.) * 5.;
           int k = min(int(at), 4);
           c = mix(ramp[k], ramp[k + 1], at - float(k));
         }
         if (t.w < 128.) a = 0.;
         tint = vec4(c, a);
         gl_Position = a == 0. ? vec4(2., 2., 2., 1.) : project(lonLat, unit);
       }`,
      `${VISIBLE_GLSL} flat in vec4 tint; flat in float hatch; uniform float pixelRatio; uniform float isDark; out vec4 drawn;
       void main() {
         float a = tint.a * visible();
         if (a <= 0.) discard;
         vec3 c = tint.rgb;
         vec2 p = gl_FragCoord.xy / pixelRatio;
         if (hatch == 1. && mod(p.x + p.y, 7.) < 1.7) c = mix(c, vec3(isDark), .42);
         if (hatch == 2. && mod(p.x, 5.) + mod(p.y, 5.) < 2.) c = mix(c, vec3(isDark), .35);
         drawn = vec4(c * a, a);
       }`,
    );
    this.#outlineMaterial = this.#material(
      { colour: { value: [0, 0, 0] }, widthPx: { value: 1.8 } },
      `${PROJECT_GLSL} uniform vec2 viewport; uniform float widthPx;
       in vec2 corner; in vec2 lonLatA; in vec2 lonLatB; in vec3 unitA; in vec3 unitB;
       out float front; out float beside;
       void main() {
         vec4 a = project(lonLatA, unitA); vec4 b = project(lonLatB, unitB);
         front = min(frontOf(unitA), frontOf(unitB)); beside = besideOf(lonLatA);
         vec2 pa = a.xy / a.w * viewport; vec2 pb = b.xy / b.w * viewport;
         vec2 along = pb - pa; float l = max(length(along), 1e-4); along /= l;
         vec2 across = vec2(-along.y, along.x);
         vec2 p = mix(pa, pb, corner.x) + across * corner.y * widthPx + along * (corner.x - .5) * widthPx;
         gl_Position = vec4(p / viewport, 0., 1.);
         if (a.w <= 0. || b.w <= 0.) gl_Position = vec4(2., 2., 2., 1.);
       }`,
      `${VISIBLE_GLSL} uniform vec3 colour; out vec4 drawn;
       void main() { float a = visible(); if (a <= 0.) discard; drawn = vec4(colour * a, a); }`,
    );
    this.#gatewayMaterial = this.#material(
      { use: { value: [0, 0, 0] }, off: { value: [0, 0, 0] }, ground: { value: [0, 0, 0] } },
      `${PROJECT_GLSL} uniform float pixelRatio; in vec2 lonLat; in vec3 unit; in float kind; out float front; out float beside; flat out float isOff;
       void main() { front = frontOf(unit); beside = besideOf(lonLat); isOff = kind; gl_PointSize = (kind > .5 ? 11. : 8.5) * pixelRatio; gl_Position = project(lonLat, unit); }`,
      `${VISIBLE_GLSL} flat in float isOff; uniform vec3 use; uniform vec3 off; uniform vec3 ground; out vec4 drawn;
       void main() {
         float a = visible(); if (a <= 0.) discard;
         vec2 p = gl_PointCoord * 2. - 1.;
         float d = abs(p.x) + abs(p.y);
         if (isOff > .5) {
           if (min(abs(p.x - p.y), abs(p.x + p.y)) < .3 && max(abs(p.x), abs(p.y)) < .9) drawn = vec4(off * a, a);
           else if (min(abs(p.x - p.y), abs(p.x + p.y)) < .6) drawn = vec4(ground * a, a);
           else discard;
           return;
         }
         if (d > 1.) discard;
         drawn = d > .68 ? vec4(ground * a, a) : vec4(use * a, a);
       }`,
    );
    this.#satelliteMaterial = this.#material(
      {
        share: { value: 0 },
        isFlipped: { value: 0 },
        grey: { value: [1, 1, 1] },
        chosen: { value: [1, 1, 1] },
        gone: { value: [1, 1, 1] },
      },
      `${PROJECT_GLSL} ${HERMITE_GLSL}
       uniform float pixelRatio; uniform float share; uniform float isFlipped;
       uniform vec3 grey; uniform vec3 chosen; uniform vec3 gone;
       in vec3 pA; in vec3 vA; in vec3 pB; in vec3 vB; in float kind;
       flat out vec4 tint;
       void main() {
         vec3 p = isFlipped > .5 ? hermite(pB, vB, pA, vA, share) : hermite(pA, vA, pB, vB, share);
         p /= ${EARTH_RADIUS_KM};
         float r = length(p);
         vec3 d = p - eye;
         float s = -dot(eye, d) / dot(d, d);
         vec3 q = eye + s * d;
         bool hidden = morph < .5 && s < .9999 && dot(q, q) < .9995;
         vec4 at = project(vec2(atan(p.y, p.x), asin(clamp(p.z / r, -1., 1.))), p);
         gl_Position = hidden || kind > 2.5 && kind < 3.5 || !(r > .5) ? vec4(2., 2., 2., 1.) : at;
         gl_PointSize = (kind > 3.5 ? 5.2 : kind > 1.5 ? 3.2 : 2.2) * pixelRatio;
         tint = kind > 3.5 ? vec4(chosen, 1.) : kind > 1.5 ? vec4(gone, .9) : vec4(grey, .55);
       }`,
      `flat in vec4 tint; out vec4 drawn;
       void main() {
         vec2 p = gl_PointCoord * 2. - 1.;
         float a = tint.a * (1. - smoothstep(.6, 1.05, dot(p, p)));
         if (a <= .01) discard;
         drawn = vec4(tint.rgb * a, a);
       }`,
    );

    this.#linkMaterial = this.#material(
      { share: { value: 0 }, isFlipped: { value: 0 }, colour: { value: [1, 1, 1] } },
      `${PROJECT_GLSL} ${HERMITE_GLSL}
       uniform float share; uniform float isFlipped; in vec3 pA; in vec3 vA; in vec3 pB; in vec3 vB; out float shown;
       void main() {
         vec3 p = (isFlipped > .5 ? hermite(pB, vB, pA, vA, share) : hermite(pA, vA, pB, vB, share)) / ${EARTH_RADIUS_KM};
         vec3 d = p - eye; float s = -dot(eye, d) / dot(d, d); vec3 q = eye + s * d;
         shown = s < .9999 && dot(q, q) < .9995 ? 0. : 1.;
         gl_Position = morph > .001 ? vec4(2., 2., 2., 1.) : project(vec2(0.), p);
       }`,
      `in float shown; uniform vec3 colour; out vec4 drawn;
       void main() { if (shown < .99) discard; drawn = vec4(colour * .16, .16); }`,
    );

    const quad = new BufferGeometry();
    quad.setAttribute('corner', new BufferAttribute(Float32Array.of(-1, -1, 3, -1, -1, 3), 2));
    quad.setDrawRange(0, 3);
    this.#add(new Mesh(quad, this.#background), 0);
  }

  #device: string | undefined;
  /** Name of the graphics device, for figures. */
  get device(): string {
    // Each question to the device waits for all that was drawn: it is asked once.
    if (this.#device !== undefined) return this.#device;
    const gl = this.#gl.getContext();
    const info = gl.getExtension('WEBGL_debug_renderer_info');
    this.#device = String(gl.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
    return this.#device;
  }

  /** Reads one pixel, which waits for everything drawn so far. */
  finish(): void {
    const gl = this.#gl.getContext();
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  setLand(land: Land): void {
    const fill = new BufferGeometry();
    fill.setAttribute('lonLat', new BufferAttribute(land.lonLat, 2));
    fill.setAttribute('unit', new BufferAttribute(land.unit, 3));
    fill.setIndex(new BufferAttribute(land.triangles, 1));
    const lines = new BufferGeometry();
    lines.setAttribute('lonLat', new BufferAttribute(land.lineLonLat, 2));
    lines.setAttribute('unit', new BufferAttribute(land.lineUnit, 3));
    lines.setAttribute('kind', new BufferAttribute(Float32Array.from(land.lineKind), 1));
    lines.setIndex(new BufferAttribute(land.segments, 1));
    const entry = {
      land,
      fill: new Mesh(fill, [this.#landMaterial]),
      lines: new LineSegments(lines, [this.#lineMaterial]),
    };
    this.#add(entry.fill, 1);
    this.#add(entry.lines, 3);
    this.#lands.set(land.scale, entry);
  }

  setCells(shapes: CellShapes): void {
    const old = this.#cells.get(shapes.resolution);
    if (old) this.#remove(old.mesh);
    const unit = new Float32Array((shapes.lonLatRad.length / 2) * 3);
    for (let i = 0; i < shapes.lonLatRad.length / 2; i++) {
      const lon = shapes.lonLatRad[2 * i];
      const lat = shapes.lonLatRad[2 * i + 1];
      unit[3 * i] = Math.cos(lat) * Math.cos(lon);
      unit[3 * i + 1] = Math.cos(lat) * Math.sin(lon);
      unit[3 * i + 2] = Math.sin(lat);
    }
    const geometry = new BufferGeometry();
    geometry.setAttribute('lonLat', new BufferAttribute(shapes.lonLatRad, 2));
    geometry.setAttribute('unit', new BufferAttribute(unit, 3));
    const owner = new BufferAttribute(shapes.cellIndex, 1);
    owner.gpuType = IntType;
    geometry.setAttribute('cell', owner);
    geometry.setIndex(new BufferAttribute(shapes.triangles, 1));
    const rows = Math.ceil(shapes.count / TEXTURE_WIDTH);
    const texture = new DataTexture(
      new Uint8Array(rows * TEXTURE_WIDTH * 4),
      TEXTURE_WIDTH,
      rows,
      RGBAFormat,
      UnsignedByteType,
    );
    texture.magFilter = NearestFilter;
    texture.minFilter = NearestFilter;
    texture.needsUpdate = true;
    const mesh = new Mesh(geometry, [this.#cellMaterial]);
    mesh.onBeforeRender = () => {
      this.#cellMaterial.uniforms['cells'].value = texture;
      this.#cellMaterial.uniformsNeedUpdate = true;
    };
    this.#add(mesh, 2);
    this.#cells.set(shapes.resolution, { mesh, shapes, texture, hasTexels: false });
  }

  setTexels(resolution: Resolution, texels: Uint8Array): void {
    const cells = this.#cells.get(resolution);
    if (cells === undefined || texels.length !== cells.shapes.count * 4) return;
    (cells.texture.image.data as Uint8Array).set(texels);
    cells.texture.needsUpdate = true;
    cells.hasTexels = true;
  }

  /** Outlines to lay stress on: pieces of two places each, degrees, longitude first. */
  setOutline(piecesDeg: Float32Array): void {
    if (this.#outline) this.#remove(this.#outline);
    this.#outline = null;
    const count = piecesDeg.length / 4;
    if (count === 0) return;
    const lonLat = piecesDeg.map(value => (value * Math.PI) / 180);
    const unit = new Float32Array(count * 6);
    for (let i = 0; i < count * 2; i++) {
      const lon = lonLat[2 * i];
      const lat = lonLat[2 * i + 1];
      unit.set(
        [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)],
        3 * i,
      );
    }
    const geometry = ribbon(count);
    const pick = (from: Float32Array, width: number, end: 0 | 1): InstancedBufferAttribute => {
      const out = new Float32Array(count * width);
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < width; k++) out[i * width + k] = from[(2 * i + end) * width + k];
      }
      return new InstancedBufferAttribute(out, width);
    };
    geometry.setAttribute('lonLatA', pick(lonLat, 2, 0));
    geometry.setAttribute('lonLatB', pick(lonLat, 2, 1));
    geometry.setAttribute('unitA', pick(unit, 3, 0));
    geometry.setAttribute('unitB', pick(unit, 3, 1));
    this.#outline = new Mesh(geometry, this.#outlineMaterial);
    this.#add(this.#outline, 4);
  }

  setGateways(points: GatewayPoints): void {
    if (this.#gateways) this.#remove(this.#gateways);
    const geometry = new BufferGeometry();
    const unit = new Float32Array((points.lonLat.length / 2) * 3);
    for (let i = 0; i < points.lonLat.length / 2; i++) {
      const lon = points.lonLat[2 * i];
      const lat = points.lonLat[2 * i + 1];
      unit.set(
        [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)],
        3 * i,
      );
    }
    geometry.setAttribute('lonLat', new BufferAttribute(points.lonLat, 2));
    geometry.setAttribute('unit', new BufferAttribute(unit, 3));
    geometry.setAttribute('kind', new BufferAttribute(points.kind, 1));
    geometry.setDrawRange(0, points.kind.length);
    this.#gateways = new Points(geometry, this.#gatewayMaterial);
    this.#add(this.#gateways, 7);
  }

  /** Makes room for a fleet. `kind`: 0 operating, 2 gone, 3 nowhere, 4 chosen. */
  setFleet(count: number): void {
    if (this.#satellites) this.#remove(this.#satellites);
    const geometry = new BufferGeometry();
    for (const name of ['pA', 'vA', 'pB', 'vB']) {
      geometry.setAttribute(name, new BufferAttribute(new Float32Array(3 * count), 3));
    }
    geometry.setAttribute('kind', new BufferAttribute(new Float32Array(count), 1));
    geometry.setDrawRange(0, 0);
    this.#satellites = new Points(geometry, this.#satelliteMaterial);
    this.#frames = null;
    this.#add(this.#satellites, 8);
  }

  setSatelliteKinds(kinds: Float32Array): void {
    const attribute = this.#satellites?.geometry.getAttribute('kind') as
      | BufferAttribute
      | undefined;
    if (attribute === undefined || attribute.array.length !== kinds.length) return;
    attribute.array.set(kinds);
    attribute.needsUpdate = true;
  }

  /** Key frames around the clock. When time moves on by one, only one of them is sent to the card. */
  setFrames(pair: FramePair): void {
    const geometry = this.#satellites?.geometry;
    if (geometry === undefined) return;
    const write = (set: 'A' | 'B', frame: FramePair['from']): void => {
      const position = geometry.getAttribute(`p${set}`) as BufferAttribute;
      const velocity = geometry.getAttribute(`v${set}`) as BufferAttribute;
      position.array.set(frame.positionEcefKm);
      velocity.array.set(frame.velocityEcefKmS);
      position.needsUpdate = true;
      velocity.needsUpdate = true;
    };
    const had = this.#frames;
    const [first, second] = this.#isFlipped ? (['B', 'A'] as const) : (['A', 'B'] as const);
    if (had?.to.t0Ms === pair.from.t0Ms) {
      this.#isFlipped = !this.#isFlipped;
      write(first, pair.to);
    } else if (had?.from.t0Ms === pair.to.t0Ms) {
      this.#isFlipped = !this.#isFlipped;
      write(second, pair.from);
    } else {
      if (had?.from.t0Ms !== pair.from.t0Ms) write(first, pair.from);
      write(second, pair.to);
    }
    this.#frames = pair;
    geometry.setDrawRange(0, geometry.getAttribute('kind').count);
  }

  /** Laser links as pairs of satellites; an empty list takes them away. */
  setLinks(pairs: Uint32Array): void {
    if (this.#links) this.#scene.remove(this.#links);
    this.#links = null;
    const fleet = this.#satellites?.geometry;
    if (fleet === undefined || pairs.length === 0) return;
    // The same attributes as the satellites: what moves them moves the links.
    const geometry = new BufferGeometry();
    for (const name of ['pA', 'vA', 'pB', 'vB', 'kind']) {
      geometry.setAttribute(name, fleet.getAttribute(name));
    }
    geometry.setIndex(new BufferAttribute(pairs, 1));
    this.#links = new LineSegments(geometry, this.#linkMaterial);
    this.#add(this.#links, 4);
  }

  /** Lines in px, drawn above everything on the ground. */
  setLines(lines: readonly ScreenLine[], palette: MapPalette): void {
    while (this.#paths.length < lines.length * 2) {
      const mesh = new Mesh(ribbon(0), this.#pathMaterialOf());
      this.#add(mesh, 5);
      this.#paths.push(mesh);
    }
    this.#pathCount = lines.length * 2;
    lines.forEach((line, l) => {
      const colour = palette[line.colour];
      for (const layer of [0, 1]) {
        const mesh = this.#paths[2 * l + layer];
        const geometry = mesh.geometry as InstancedBufferGeometry;
        const old = geometry.getAttribute('piece') as InstancedBufferAttribute | undefined;
        if (old === undefined || old.array.length < line.pieces.length) {
          const fresh = ribbon(line.count);
          fresh.setAttribute('piece', new InstancedBufferAttribute(line.pieces.slice(), 4));
          fresh.setAttribute(
            'start',
            new InstancedBufferAttribute(new Float32Array(line.pieces.length / 4), 1),
          );
          geometry.dispose();
          mesh.geometry = fresh;
        }
        const now = mesh.geometry as InstancedBufferGeometry;
        const pieces = now.getAttribute('piece') as InstancedBufferAttribute;
        const start = now.getAttribute('start') as InstancedBufferAttribute;
        for (let i = 0; i < line.count; i++) {
          for (let k = 0; k < 4; k++) pieces.array[4 * i + k] = line.pieces[5 * i + k];
          start.array[i] = line.pieces[5 * i + 4];
        }
        pieces.needsUpdate = true;
        start.needsUpdate = true;
        now.instanceCount = line.count;
        const { uniforms } = mesh.material as RawShaderMaterial;
        // Below, a casing in the colour of the ground; above, the line itself.
        uniforms['colour'].value = layer === 0 ? palette.bg : colour;
        uniforms['widthPx'].value = layer === 0 ? line.widthPx + 2.8 : line.widthPx;
        uniforms['dashPx'].value = layer === 0 ? 0 : line.dashPx;
        uniforms['alpha'].value = layer === 0 ? 0.65 : 1;
        mesh.renderOrder = 5 + layer;
      }
    });
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.#gl.setPixelRatio(pixelRatio);
    this.#gl.setSize(width, height, false);
  }

  /** One picture. */
  draw(projection: Projection, look: MapLook, clockMs: number): void {
    const { camera } = projection;
    const { palette } = look;
    const shared = this.#shared;
    shared['M'].value = projection.matrix;
    shared['flatScale'].value = projection.flatScale;
    shared['flatCentre'].value = [camera.lonRad, camera.latRad];
    shared['morph'].value = camera.morph;
    shared['eye'].value = projection.eye;
    shared['viewport'].value = [camera.width, camera.height];
    shared['pixelRatio'].value = look.pixelRatio;
    const { uniforms: sky } = this.#background;
    sky['bg'].value = palette.bg;
    sky['sea'].value = palette.sea;
    sky['glow'].value = palette.isDark ? [0.16, 0.42, 0.72] : [0.62, 0.74, 0.86];
    sky['isDark'].value = palette.isDark ? 1 : 0;
    sky['disc'].value = Math.tan(Math.asin(1 / camera.distance)) / Math.tan(FIELD_OF_VIEW_RAD / 2);
    this.#landMaterial.uniforms['colour'].value = palette.land;
    this.#lineMaterial.uniforms['colour'].value = palette.border;
    this.#outlineMaterial.uniforms['colour'].value = palette.isDark
      ? [0.95, 0.55, 0.62]
      : palette.off;
    const { uniforms: cell } = this.#cellMaterial;
    cell['ramp'].value = flat(palette.ramp);
    cell['change'].value = flat(CHANGE_COLOURS);
    cell['states'].value = flat(palette.states);
    cell['mode'].value = look.mode === 'ramp' ? 0 : look.mode === 'change' ? 1 : 2;
    cell['isBaseline'].value = look.isBaseline ? 1 : 0;
    cell['isDark'].value = palette.isDark ? 1 : 0;
    const { uniforms: gateway } = this.#gatewayMaterial;
    gateway['use'].value = palette.good;
    gateway['off'].value = palette.off;
    gateway['ground'].value = palette.bg;
    const { uniforms: satellite } = this.#satelliteMaterial;
    satellite['share'].value = this.#frames ? shareOf(this.#frames, clockMs) : 0;
    satellite['isFlipped'].value = this.#isFlipped ? 1 : 0;
    const { uniforms: link } = this.#linkMaterial;
    link['share'].value = satellite['share'].value;
    link['isFlipped'].value = satellite['isFlipped'].value;
    link['colour'].value = palette.accent;
    satellite['grey'].value = palette.satellite;
    satellite['chosen'].value = palette.accent;
    satellite['gone'].value = palette.off;

    const isFine = camera.distance < FINE_DISTANCE;
    const fineLand = this.#lands.get('50m');
    const shownLand = (isFine && fineLand) || this.#lands.get('110m');
    const fineCells = this.#cells.get(4);
    const shownCells = isFine && fineCells?.hasTexels ? fineCells : this.#cells.get(3);
    for (const entry of this.#lands.values()) {
      entry.fill.visible = entry.lines.visible = entry === shownLand;
    }
    for (const entry of this.#cells.values()) {
      entry.mesh.visible = entry === shownCells && entry.hasTexels;
    }
    if (this.#gateways) this.#gateways.visible = look.showsGateways;
    if (this.#satellites) this.#satellites.visible = look.showsSatellites && this.#frames !== null;
    this.#paths.forEach((mesh, i) => {
      mesh.visible = i < this.#pathCount;
    });

    const copies = copiesOf(projection);
    copies.forEach((turn, i) => {
      shared['lonShift'].value = 2 * Math.PI * turn;
      if (shownLand) {
        showChunks(shownLand.fill, shownLand.land.triangleChunks, projection, turn);
        showChunks(shownLand.lines, shownLand.land.segmentChunks, projection, turn);
      }
      if (shownCells) {
        const { rangeStart, rangeCentre } = shownCells.shapes;
        showChunks(shownCells.mesh, { start: rangeStart, bound: rangeCentre }, projection, turn);
      }
      // What is placed in px, and the sky behind it all, is drawn once.
      this.#scene.children[0].visible = i === 0;
      for (const mesh of this.#paths) if (i < copies.length - 1) mesh.visible = false;
      if (i === copies.length - 1) {
        this.#paths.forEach((mesh, p) => {
          mesh.visible = p < this.#pathCount;
        });
      }
      for (const material of this.#materials) material.uniformsNeedUpdate = true;
      this.#gl.render(this.#scene, this.#eye);
    });
  }

  dispose(): void {
    for (const child of [...this.#scene.children]) this.#remove(child as Mesh);
    for (const material of this.#materials) material.dispose();
    for (const { texture } of this.#cells.values()) texture.dispose();
    this.#gl.dispose();
  }

  #material(own: Record<string, IUniform>, vertex: string, fragment: string): RawShaderMaterial {
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      uniforms: { ...this.#shared, ...own },
      vertexShader: HEADER + vertex,
      fragmentShader: HEADER + fragment,
      depthTest: false,
      depthWrite: false,
      transparent: true,
      blending: CustomBlending,
      blendSrc: OneFactor,
      blendDst: OneMinusSrcAlphaFactor,
      blendSrcAlpha: OneFactor,
      blendDstAlpha: OneMinusSrcAlphaFactor,
    });
    // Each side of a triangle: the flat map is seen from above, the globe from outside.
    material.side = 2;
    this.#materials.add(material);
    return material;
  }

  #pathMaterialOf(): RawShaderMaterial {
    return this.#material(
      {
        colour: { value: [0, 0, 0] },
        widthPx: { value: 2.2 },
        dashPx: { value: 0 },
        alpha: { value: 1 },
      },
      `uniform vec2 viewport; uniform float widthPx;
       in vec2 corner; in vec4 piece; in float start; out float along;
       void main() {
         vec2 way = piece.zw - piece.xy; float l = max(length(way), 1e-4); vec2 dir = way / l;
         vec2 across = vec2(-dir.y, dir.x);
         vec2 p = mix(piece.xy, piece.zw, corner.x) + across * corner.y * widthPx * .5;
         along = start + corner.x * l;
         gl_Position = vec4(p.x / viewport.x * 2. - 1., 1. - p.y / viewport.y * 2., 0., 1.);
       }`,
      `in float along; uniform vec3 colour; uniform float dashPx; uniform float alpha; out vec4 drawn;
       void main() {
         if (dashPx > 0. && mod(along, 2. * dashPx) > dashPx) discard;
         drawn = vec4(colour * alpha, alpha);
       }`,
    );
  }

  #add(object: Mesh | LineSegments | Points, order: number): void {
    object.frustumCulled = false;
    object.renderOrder = order;
    object.matrixAutoUpdate = false;
    this.#scene.add(object);
  }

  #remove(object: Mesh | LineSegments | Points): void {
    this.#scene.remove(object);
    object.geometry.dispose();
  }
}

/** A quad for each piece of a line: corners run along it (x 0…1) and across it (y −1…1). */
function ribbon(count: number): InstancedBufferGeometry {
  const geometry = new InstancedBufferGeometry();
  geometry.setAttribute(
    'corner',
    new BufferAttribute(Float32Array.of(0, -1, 1, -1, 1, 1, 0, -1, 1, 1, 0, 1), 2),
  );
  geometry.setDrawRange(0, 6);
  geometry.instanceCount = count;
  return geometry;
}

/** Leaves out the chunks of a layer that the view does not show. Neighbours are drawn in one go. */
function showChunks(
  object: Mesh | LineSegments,
  { start, bound }: Chunks,
  projection: Projection,
  turn: number,
): void {
  const { geometry } = object as { geometry: BufferGeometry };
  geometry.clearGroups();
  const { camera, pxPerRad, eye } = projection;
  const isFlat = camera.morph > 0;
  const sight = sightRad(projection);
  const halfLon = camera.width / 2 / pxPerRad;
  const halfLat = camera.height / 2 / pxPerRad;
  let from = -1;
  let to = -1;
  for (let c = 0; c + 1 < start.length; c++) {
    if (start[c] === start[c + 1]) continue;
    const x = bound[4 * c];
    const y = bound[4 * c + 1];
    const z = bound[4 * c + 2];
    const radius = bound[4 * c + 3];
    let isShown = true;
    if (camera.morph > 0.999) {
      const lat = Math.asin(Math.max(-1, Math.min(1, z)));
      // Near a pole a chunk may be anywhere along the parallel.
      const reach = radius / Math.max(0.05, Math.cos(Math.min(1.5, Math.abs(lat) + radius)));
      const lon = Math.atan2(y, x) + 2 * Math.PI * turn;
      isShown =
        Math.abs(lat - camera.latRad) < halfLat + radius &&
        Math.abs(lon - camera.lonRad) < halfLon + reach;
    } else if (!isFlat) {
      const cosine = (x * eye[0] + y * eye[1] + z * eye[2]) / camera.distance;
      isShown = Math.acos(Math.max(-1, Math.min(1, cosine))) < sight + radius;
    }
    if (!isShown) continue;
    if (to !== start[c]) {
      if (from >= 0) geometry.addGroup(from, to - from, 0);
      from = start[c];
    }
    to = start[c + 1];
  }
  if (from >= 0) geometry.addGroup(from, to - from, 0);
}

function flat(colours: readonly string[]): Float32Array {
  return Float32Array.from(colours.flatMap(colour => [...rgbOf(colour)]));
}
