/** Where a scanned code leads, and a keyboard scanner that leads there from any screen that shows doors. */
import { tell } from "../../ui/parts";
import { go } from "../../ui/route";
import { t } from "../../words";
import { meaning, type Meaning } from "./resolve";
import { useWedge } from "./wedge";

/** null: it says nothing that one could go to. */
export function leads(what: Meaning): string | null {
  switch (what.is) {
    case "door": return `/door/${what.id}`;
    case "tube": return `/tube/${what.id}`;
    case "new_tube": return `/tubes?open=${encodeURIComponent(what.code)}`;
    case "box": return `/take?box=${what.id}&device=${what.device}&code=${encodeURIComponent(what.code)}`;
    case "device": return `/give/${what.box}?device=${what.device}`;
    default: return null;
  }
}

export function useScanGo(): void {
  useWedge((text) => void meaning(text).then((what) => {
    const path = leads(what);
    if (path !== null) go(path);
    else tell(t(what.is === "bad_card" ? `field.card.${what.state}` : "field.card.unknown"));
  }));
}
