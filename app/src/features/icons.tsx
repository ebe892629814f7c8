/** Line pictures, 24 by 24. They stand beside words, never in place of them. */
const paths = {
  home: "M3 11l9-7 9 7v9a1 1 0 0 1-1 1h-5v-6H9v6H4a1 1 0 0 1-1-1z",
  scan: "M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M4 12h16",
  tube: "M9 3h6M10 3v14a2 2 0 0 0 4 0V3M10 11h4",
  again: "M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5",
  me: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6",
  hand: "M7 12V6a1.5 1.5 0 0 1 3 0v5V4.500a1.500 1.500 0 0 1 3 0V11V6a1.500 1.500 0 0 1 3 0v6V9a1.500 1.500 0 0 1 3 0v6c0 4-3 6-6.500 6S8 19 6.500 16.500L4 12.500c1-1.200 2.200-.800 3-.500z",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  gear: "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
  plus: "M12 5v14M5 12h14",
  check: "M4 13l5 5L20 6",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  away: "M13 5h6v14h-6M15 12H3M7 8l-4 4 4 4",
  stop: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12",
  nobody: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6M3 3l18 18",
  empty: "M4 21V9l8-6 8 6v12zM9 14l6 4M15 14l-6 4",
  moved: "M2 7h11v9H2zM13 10h4l4 3v3h-8zM6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  what: "M9 9a3 3 0 1 1 4 3c-1 .500-1 1-1 2M12 18h.01M12 22a10 10 0 1 0 0-20 10 10 0 0 0 0 20z",
  excused: "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM8 12l3 3 5-6",
  phone: "M7 2h10a1 1 0 0 1 1 1v18a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zM11 18h2",
  sent: "M7 18a4 4 0 0 1 0-8 6 6 0 0 1 11-1 4 4 0 0 1 0 9zM9 13l2 2 4-4",
  held: "M12 3l10 18H2zM12 10v5M12 18h.01",
  undo: "M4 9h10a6 6 0 0 1 0 12H8M4 9l5-5M4 9l5 5",
  torch: "M8 2h8v5l-2 3v11a1 1 0 0 1-1 1h-2a1 1 0 0 1-1-1V10L8 7zM12 13v2",
  keys: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10",
  photo: "M4 7h4l2-3h4l2 3h4v13H4zM12 17a4 4 0 1 0 0-8 4 4 0 0 0 0 8z",
  box: "M3 8l9-5 9 5v9l-9 5-9-5zM3 8l9 5 9-5M12 13v9",
  give: "M4 12h13M13 7l5 5-5 5M21 4v16",
  place: "M12 21c4-5 7-8 7-12a7 7 0 0 0-14 0c0 4 3 7 7 12zM12 11a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  heart: "M12 20C5 15 3 12 3 8.500A4.500 4.500 0 0 1 12 7a4.500 4.500 0 0 1 9 1.500c0 3.500-2 6.500-9 11.500z",
  lock: "M6 11h12v10H6zM8 11V7a4 4 0 0 1 8 0v4",
  door: "M6 21V3h12v18M3 21h18M14 12h.01",
  shop: "M4 9l2-5h12l2 5M4 9v11h16V9M4 9h16M9 20v-6h6v6",
  bed: "M3 19V6M3 16h18v3M21 16v-3a3 3 0 0 0-3-3h-8v6M6.500 12.500h.01",
  factory: "M3 21V10l6 4v-4l6 4V4h4v17zM8 17h.01M13 17h.01",
  street: "M8 3L4 21M16 3l4 18M12 4v3M12 10v4M12 17v4",
  food: "M4 11h16a8 8 0 0 1-5 7v2H9v-2a8 8 0 0 1-5-7zM9 7c0-2 2-2 2-4M14 7c0-2 2-2 2-4",
  medicine: "M5 13a4 4 0 0 1 0-6l2-2a4 4 0 0 1 6 0l6 6a4 4 0 0 1 0 6l-2 2a4 4 0 0 1-6 0zM9 15l6-6",
  illness: "M12 3v9M12 21a9 9 0 1 0 0-18M8 12h8M12 8v8",
  childcare: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM7 21c0-5 2-8 5-8s5 3 5 8M10.500 6.500h.01M13.500 6.500h.01",
  elder_care: "M10 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM7 21l1-11h4l2 5h2M17 13v8M11 15l1 6",
  repair: "M14 6a4 4 0 0 1 6-2l-3 3 1 2 2 .500 2-3a4 4 0 0 1-6 5L8 20a2 2 0 0 1-3-3l8-8a4 4 0 0 1 1-3z",
  noise: "M4 9h4l5-5v16l-5-5H4zM17 8a5 5 0 0 1 0 8M20 5a9 9 0 0 1 0 14",
  rubbish: "M5 7h14M9 7V4h6v3M7 7l1 14h8l1-14M10 11v6M14 11v6",
  pet: "M12 12c-3 0-5 3-5 5s2 3 5 2c3 1 5 0 5-2s-2-5-5-5zM6 11h.01M9 6h.01M15 6h.01M18 11h.01",
  other: "M5 12h.01M12 12h.01M19 12h.01",
} as const;

export type Picture = keyof typeof paths;
export const isPicture = (name: string): name is Picture => name in paths;

export const Icon = ({ name, size = 24 }: { name: Picture; size?: number }) => (
  <svg class={`icon i-${name}`} width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
);
