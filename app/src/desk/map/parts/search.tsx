/** Find a building by its code, address or keeper: type, arrow down, Enter. */
import { useId, useState } from "preact/hooks";
import { coded, t } from "../../../words";
import { find, nameOf, type AreaShape, type Shapes } from "../shapes";

export function Search({ shapes, onFound }: { shapes: Shapes; onFound: (one: AreaShape) => void }) {
  const [typed, type] = useState("");
  const [open, turn] = useState(false);
  const [at, move] = useState(0);
  const id = useId();
  const found = open ? find(shapes, typed, 8) : [];
  const take = (one: AreaShape | undefined) => {
    if (one === undefined) return;
    turn(false);
    type(nameOf(one));
    onFound(one);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      turn(true);
      move(Math.max(0, Math.min(found.length - 1, at + (event.key === "ArrowDown" ? 1 : -1))));
    } else if (event.key === "Enter") take(found[at]);
    else if (event.key === "Escape") turn(false);
  };
  return (
    <div class="map-search">
      <input
        type="search" class="main-search" role="combobox" list={undefined} aria-label={t("map.search")} placeholder={t("map.search")} aria-expanded={found.length > 0} aria-controls={`${id}list`} aria-autocomplete="list" autocomplete="off"
        aria-activedescendant={found.length > 0 ? `${id}${at}` : undefined} value={typed} onKeyDown={key} onBlur={() => turn(false)} onFocus={(event) => event.currentTarget.select()}
        onInput={(event) => { type(event.currentTarget.value); turn(true); move(0); }}
      />
      <ul id={`${id}list`} role="listbox" aria-label={t("map.found")} hidden={found.length === 0}>
        {found.map((one, n) => (
          <li key={one.n} id={`${id}${n}`} role="option" aria-selected={n === at} onMouseDown={(event) => { event.preventDefault(); take(one); }}>
            <span class="grow">{nameOf(one)}</span>
            <span class="soft small">{coded("kind", one.kind)}</span>
          </li>
        ))}
      </ul>
      {open && typed.trim() !== "" && found.length === 0 && <p class="map-nothing" role="status">{t("map.not_found")}</p>}
    </div>
  );
}
