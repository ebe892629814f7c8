import { defineConfig } from "vite";

/* The server to talk to while one works on the app: npm run dev, beside `doorward demo --serve`. */
const server = process.env["DOORWARD"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    sourcemap: false,
    manifest: true, // for tools/pack.mjs
    assetsInlineLimit: 0, // the server's content security policy lets nothing in line
    chunkSizeWarningLimit: 1500,
    rollupOptions: { input: { index: "index.html" }, output: { hashCharacters: "base36" } }, // no sign of its own in a name: the server tells by it what never changes
  },
  server: { proxy: { "/api": { target: server, changeOrigin: true } } },
  test: { environment: "node", include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"], fileParallelism: false, testTimeout: 180000, hookTimeout: 180000 },
} as Parameters<typeof defineConfig>[0]);
