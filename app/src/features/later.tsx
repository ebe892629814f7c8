/** A screen that is fetched when it is opened. Without the network it comes from what the service worker keeps. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Note } from "../ui/parts";
import { t } from "../words";

export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let known: ComponentType<P> | null = null;
  return function Later(props: P) {
    const [, setDone] = useState(false);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (known !== null) return;
      let here = true;
      load().then((part) => { known = part; if (here) setDone(true); }, () => here && setFailed(true));
      return () => void (here = false);
    }, []);
    if (known !== null) {
      const Part = known;
      return <Part {...props} />;
    }
    return failed ? <Note tone="bad">{t("error.network")}</Note> : <p class="soft middle" role="status">{t("say.loading")}</p>;
  };
}
