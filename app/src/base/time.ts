/** A moment as entries write it: RFC 3339 with milliseconds and the clock's own offset. */
export function timeText(ms = Date.now()): string {
  const offset = -new Date(ms).getTimezoneOffset();
  const local = new Date(ms + offset * 60000).toISOString().slice(0, 23);
  const size = Math.abs(offset);
  return `${local}${offset < 0 ? "-" : "+"}${String(Math.floor(size / 60)).padStart(2, "0")}:${String(size % 60).padStart(2, "0")}`;
}

export const timeMs = (text: string): number => Date.parse(text);
