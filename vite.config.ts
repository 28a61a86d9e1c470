import { defineConfig } from 'vite';

/** The page: source in web/, built into dist/web, served by the server (or any static host). */
export default defineConfig({
  root: 'web',
  base: '/',
  publicDir: 'public',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing is inlined: the page's Content-Security-Policy knows only 'self'.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
