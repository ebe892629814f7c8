/** What is chosen and filtered stands in the address: a link leads to it, and the back key comes back to it. #/map?door=ID, ?area=CODE, ?mark=ID. */
import { effect, untracked } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { query, route } from "../../ui/route";
import { t } from "../../words";
import { trouble } from "../base/asked";
import { goWith } from "../tables/filter";
import type { MapModel } from "./model";
import type { AreaShape, MarkShape } from "./shapes";

export type Thing = AreaShape | MarkShape;

const isHere = (): boolean => route.value.split("?")[0] === "/map";

/** What an address names; null: nothing, undefined: what is not on the map. */
async function named(model: MapModel, has: URLSearchParams): Promise<Thing | null | undefined> {
  const door = has.get("door"), area = has.get("area"), mark = has.get("mark");
  if (door !== null) return (await model.chooseDoor(door)) ?? undefined;
  if (area !== null) return model.shapes.value.byCode.get(area);
  return mark === null ? null : model.shapes.value.byId.get(mark);
}

/** As the map stands now. */
function told(model: MapModel, has: URLSearchParams): URLSearchParams {
  const one = model.thing.value;
  const door = one !== null && model.door.value?.area === one.id ? model.door.value.id : null;
  const says: Record<string, string | null> = {
    door, area: one !== null && door === null && "address" in one ? one.code : null, mark: one !== null && !("address" in one) ? one.id : null,
    in: model.area.value || null, left: model.unfinished.value ? "1" : null,
  };
  for (const [name, value] of Object.entries(says)) {
    if (value === null) has.delete(name);
    else has.set(name, value);
  }
  return has;
}

/** found: told of what an address named, for the map to go there. */
export function useAddress(model: MapModel, found: (one: Thing) => void, fail: (what: string | null) => void): void {
  const loaded = model.loaded.value;
  const at = route.value;
  const written = useRef<string | null>(null);
  useEffect(() => {
    if (!loaded || !isHere() || at === written.current) return;
    let gone = false;
    fail(null);
    named(model, query(at)).then(
      (one) => {
        if (gone) return;
        written.current = at;
        if (one === undefined) fail(t("map.door_lost"));
        else model.chosen.value = one?.n ?? null;
        if (one) found(one);
      },
      (error: unknown) => !gone && fail(trouble(error).what),
    );
    return () => { gone = true; };
  }, [model, loaded, at]);
  useEffect(() => effect(() => {
    const has = told(model, untracked(() => query()));
    untracked(() => {
      if (written.current === null || written.current !== route.value || !isHere()) return; // what the address says was not looked at yet
      if (has.toString() === query().toString()) return;
      goWith(has);
      written.current = route.value;
    });
  }), [model]);
}
