import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/** Modules that do nothing when loaded: what is not used of them is left out of the page. */
const treeshake = {
  moduleSideEffects: [
    { test: /[\\/](satellite\.js|h3-js)[\\/]|[\\/]src[\\/]/, sideEffects: false },
  ],
};

/** What stands in for parts of three.js that the page never uses: headsets, environments, lamps, stock materials, rays. */
const STAND_INS: Readonly<Record<string, string>> = {
  'webxr/WebXRManager.js': `import { EventDispatcher } from '../../core/EventDispatcher.js';
    export class WebXRManager extends EventDispatcher {
      enabled = false; isPresenting = false; cameraAutoUpdate = false;
      setAnimationLoop() {} dispose() {} hasDepthSensing() { return false; }
      getEnvironmentBlendMode() {} getDepthSensingMesh() { return null; }
    }`,
  'extras/PMREMGenerator.js': 'export class PMREMGenerator { dispose() {} }',
  'webgl/WebGLShadowMap.js':
    'export class WebGLShadowMap { enabled = false; autoUpdate = false; needsUpdate = false; render() {} }',
  'webgl/WebGLLights.js': `const none = Object.freeze([]);
    export class WebGLLights {
      state = new Proxy({ version: 0, numSpotLightShadowsWithMaps: 0, numLightProbes: 0 },
        { get: (at, name) => at[name] ?? none });
      setup() {} setupView() {}
    }`,
  'webgl/WebGLMaterials.js': `export class WebGLMaterials {
      refreshFogUniforms() {}
      refreshMaterialUniforms(_, material) { material.uniformsNeedUpdate = false; }
    }`,
  'webgl/WebGLUniformsGroups.js':
    'export class WebGLUniformsGroups { bind() {} update() {} dispose() {} }',
  'webgl/WebGLOutput.js': 'export class WebGLOutput {}',
  'math/Ray.js': 'export class Ray {}',
  'math/Triangle.js': 'export class Triangle {}',
  'shaders/DFGLUTData.js': 'export function getDFGLUT() { return null; }',
};

/**
 * three.js without its stock shaders (the page draws with its own only) and without the parts above:
 * a quarter of the library.
 */
const leanThree: Plugin = {
  name: 'lean-three',
  enforce: 'pre',
  transform(code, id) {
    const path = id.replaceAll('\\', '/');
    if (!path.includes('/three/src/')) return null;
    const stand = Object.keys(STAND_INS).find(end => path.endsWith(end));
    if (stand !== undefined) return STAND_INS[stand];
    return /\/renderers\/shaders\/.*\.glsl\.js$/.test(path) ? code.replace(/`[^`]*`/g, '``') : null;
  },
};

/** Writes sw.js with the list of what it keeps: the build without fonts of other scripts. */
const serviceWorker: Plugin = {
  name: 'service-worker',
  generateBundle(_, bundle) {
    const files = Object.keys(bundle)
      .filter(
        name =>
          !name.endsWith('.map') && !/(cyrillic|greek|vietnamese|latin-ext)|\.woff$/.test(name),
      )
      .map(name => `/${name}`)
      .sort();
    const source = readFileSync(new URL('web/serviceWorker.js', import.meta.url), 'utf8');
    const all = [
      '/index.html',
      '/icon.svg',
      '/manifest.webmanifest',
      ...files.filter(name => name !== '/index.html'),
    ];
    const version = createHash('sha256')
      .update(all.join())
      .update(source)
      .digest('hex')
      .slice(0, 12);
    this.emitFile({
      type: 'asset',
      fileName: 'sw.js',
      source: source
        .replace('__FILES__', JSON.stringify(all, null, 2))
        .replace('__VERSION__', JSON.stringify(version)),
    });
  },
};

/** The page: source in web/, built into dist/web, served by the server (or any static host). */
export default defineConfig({
  root: 'web',
  base: '/',
  publicDir: 'public',
  plugins: [leanThree, serviceWorker],
  resolve: {
    alias: [
      {
        find: /^satellite\.js$/,
        replacement: fileURLToPath(new URL('web/workers/satelliteJs.ts', import.meta.url)),
      },
      {
        find: /^three$/,
        replacement: fileURLToPath(new URL('node_modules/three/src/Three.js', import.meta.url)),
      },
    ],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es', rolldownOptions: { treeshake } },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing is inlined: the page's Content-Security-Policy knows only 'self'.
    assetsInlineLimit: 0,
    // three.js is one chunk of 500 kB before compression; the budget is kept by a test.
    chunkSizeWarningLimit: 800,
    reportCompressedSize: false,
    rolldownOptions: { treeshake },
  },
});
