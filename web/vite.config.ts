import { defineConfig } from "vite";

// The server reads dist/manifest.json, serves dist/assets under /assets/ with a year of cache,
// and puts the names into the page: nothing here knows of a host.
export default defineConfig({
  base: "/",
  publicDir: "public",
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["chrome125", "firefox128", "safari18"],
    cssTarget: ["chrome125", "firefox128", "safari18"],
    rolldownOptions: { input: "src/main.ts" },
  },
});
