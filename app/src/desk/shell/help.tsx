/** All keys, in a window. */
import { Dialog } from "../../ui/parts";
import { t, type Word } from "../../words";
import { help } from "./keys";
import { all, allowed } from "./places";

const fixed: [string, Word][] = [
  ["/", "keys.search"],
  ["?", "keys.help"],
  ["↑ ↓ j k", "keys.rows"],
  ["Enter", "keys.open"],
  ["Esc", "keys.close"],
];

export function Help() {
  if (!help.value) return null;
  return (
    <Dialog title={t("keys.title")} onClose={() => (help.value = false)}>
      <dl class="keys">
        {fixed.map(([key, word]) => (
          <div key={key}>
            <dt><kbd>{key}</kbd></dt>
            <dd>{t(word)}</dd>
          </div>
        ))}
        {all
          .filter((place) => place.key !== undefined && allowed(place))
          .map((place) => (
            <div key={place.path}>
              <dt><kbd>g</kbd> <kbd>{place.key}</kbd></dt>
              <dd>{t(place.title)}</dd>
            </div>
          ))}
      </dl>
    </Dialog>
  );
}
