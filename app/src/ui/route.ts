/** Where one is: the part behind #. Works from any file server, with no network, and the back key goes back. */
import { signal } from "@preact/signals";

const now = () => decodeURIComponent(globalThis.location?.hash.slice(1) || "/");
export const route = signal(now());
if (typeof window !== "undefined") window.addEventListener("hashchange", () => { route.value = now(); window.scrollTo(0, 0); });

export const go = (path: string, replace = false): void => {
  const hash = `#${path}`;
  if (replace) {
    history.replaceState(null, "", hash);
    route.value = now();
  } else location.hash = hash;
};

export const back = (): void => (history.length > 1 ? history.back() : go("/"));

/** The values of {names} in a pattern such as "/door/{id}"; null: another place. */
export function matches(pattern: string, path = route.value): Record<string, string> | null {
  const want = pattern.split("/");
  const have = path.split("?")[0]!.split("/");
  if (want.length !== have.length) return null;
  const found: Record<string, string> = {};
  for (const [at, part] of want.entries()) {
    if (part.startsWith("{")) found[part.slice(1, -1)] = have[at]!;
    else if (part !== have[at]) return null;
  }
  return found;
}

export const query = (path = route.value): URLSearchParams => new URLSearchParams(path.split("?")[1] ?? "");
