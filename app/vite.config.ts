import { defineConfig } from "vite";

/* For tools and tests: which sources each file of the build was made of, beside Vite's own manifest. */
const parts = () => ({
  name: "doorward-parts",
  generateBundle(this: { emitFile: (file: { type: "asset"; fileName: string; source: string }) => void }, _options: unknown, bundle: Record<string, { type: string; moduleIds?: string[] }>) {
    const made = Object.entries(bundle).filter(([, one]) => one.type === "chunk").map(([file, one]) => [file, one.moduleIds!.map((id) => id.replace(`${import.meta.dirname}/`, ""))]);
    this.emitFile({ type: "asset", fileName: ".vite/parts.json", source: JSON.stringify(Object.fromEntries(made)) });
  },
});

/* The server to talk to while one works on the app: npm run dev, beside `doorward demo --serve`. */
const server = process.env["DOORWARD"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/",
  plugins: [parts()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    sourcemap: false,
    manifest: true, // for tools/pack.mjs and the test of what a phone loads; the server gives nothing of a folder whose name begins with a dot
    assetsInlineLimit: 0, // the server's content security policy lets nothing in line
    chunkSizeWarningLimit: 1500,
    rollupOptions: { input: { index: "index.html" }, output: { hashCharacters: "base36" } }, // no sign of its own in a name: the server tells by it what never changes
  },
  server: { proxy: { "/api": { target: server, changeOrigin: true } } },
  test: { environment: "node", include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"], fileParallelism: false, testTimeout: 180000, hookTimeout: 180000, expect: { poll: { timeout: 20000 } } },
} as Parameters<typeof defineConfig>[0]);
