/** A list that may hold a village: a handful is drawn at once, more as one comes near its end; the button is for who moves by keys. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../words";

const HANDFUL = 40;

export function Long<T>({ all, children }: { all: readonly T[]; children: (one: T) => ComponentChildren }) {
  const [shown, setShown] = useState(HANDFUL);
  const end = useRef<HTMLButtonElement>(null);
  const more = () => setShown((now) => now + HANDFUL);
  useEffect(() => {
    if (end.current === null || typeof IntersectionObserver === "undefined") return;
    const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && more(), { rootMargin: "0px 0px 800px" });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [shown, all.length]);
  return (
    <>
      {all.slice(0, shown).map(children)}
      {shown < all.length && <button ref={end} class="button wide" onClick={more}>{t("do.more")}</button>}
    </>
  );
}
