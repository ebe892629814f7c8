/** The map and the replay without the rest of the desk, for their tests. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ComponentType } from "preact";
import "../../src/ui/style.css";
import { route } from "../../src/ui/route";
import { language, speak } from "../../src/words";

speak(language.value);

function Page() {
  const replay = route.value.startsWith("/replay");
  const [page, set] = useState<{ of: ComponentType } | null>(null);
  useEffect(() => {
    set(null);
    void (replay ? import("../../src/desk/map/replay_page").then((module) => set({ of: module.ReplayPage })) : import("../../src/desk/map/map_page").then((module) => set({ of: module.MapPage })));
  }, [replay]);
  return page === null ? null : <page.of />;
}

render(<Page />, document.getElementById("app")!);
