/** Which calls this server knows: an app may be newer than its server, and shows then what there is. */
import { signal } from "@preact/signals";
import { openapiShow } from "../../api/api";
import { api, me } from "../session/session";

const paths = signal<ReadonlySet<string> | null>(null);
let asked = false;

me.subscribe((who) => {
  if (!who) {
    asked = false;
    return;
  }
  if (asked) return;
  asked = true;
  openapiShow(api()).then(
    (page) => {
      paths.value = new Set(Object.keys((page as { paths?: Record<string, unknown> }).paths ?? {}).map((path) => path.replace(/^\/api\/v1/, "").replace(/\{\w+\}/g, "{}")));
    },
    () => {
      asked = false;
    },
  );
});

/** null: not known yet. */
export const offers = (path: string): boolean | null => (paths.value === null ? null : paths.value.has(path.replace(/\{\w+\}/g, "{}")));
