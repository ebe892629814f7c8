/** Where one is: the part behind #, as it stands there. Works from any file server, with no network, and the back key goes back. */
import { signal } from "@preact/signals";

const now = () => globalThis.location?.hash.slice(1) || "/";
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

/** What somebody typed may not be what an address may hold. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The values of {names} in a pattern such as "/door/{id}"; null: another place. */
export function matches(pattern: string, path = route.value): Record<string, string> | null {
  const want = pattern.split("/");
  const have = path.split("?")[0]!.split("/").map(decoded);
  if (want.length !== have.length) return null;
  const found: Record<string, string> = {};
  for (const [at, part] of want.entries()) {
    if (part.startsWith("{")) found[part.slice(1, -1)] = have[at]!;
    else if (part !== have[at]) return null;
  }
  return found;
}

/** What stands behind the ?, each value taken apart before it is read: a plus in it is a plus. */
export const query = (path = route.value): URLSearchParams => new URLSearchParams(path.slice(`${path}?`.indexOf("?") + 1).replaceAll("+", "%2B"));

/** The same place with these words behind the ?; only what would be misread is escaped, so that a person can read the address. */
export function withQuery(path: string, asked: Iterable<[string, string]>): string {
  const plain = (text: string) => text.replace(/[%&=#+?\s]/g, encodeURIComponent);
  const words = [...asked].map(([name, value]) => `${plain(name)}=${plain(value)}`).join("&");
  return path.split("?")[0]! + (words === "" ? "" : `?${words}`);
}
