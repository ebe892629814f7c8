/** Whether somebody goes by keys just now: only then a page that comes takes the keyboard, and shows that it has it. */
let keys = false;
document.addEventListener("keydown", () => (keys = true), true);
document.addEventListener("pointerdown", () => (keys = false), true);
export const byKeys = (): boolean => keys;
