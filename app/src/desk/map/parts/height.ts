/** The page takes what the frame around it leaves of the window, so that the map is large and nothing scrolls behind it. */
import { useEffect, useRef } from "preact/hooks";

export function useHeight() {
  const page = useRef<HTMLElement>(null);
  useEffect(() => {
    const fit = () => {
      const top = page.current!.getBoundingClientRect().top + window.scrollY;
      page.current!.style.setProperty("--map-top", `${Math.round(top)}px`);
    };
    fit();
    const watch = new ResizeObserver(fit);
    watch.observe(document.body);
    return () => watch.disconnect();
  }, []);
  return page;
}
