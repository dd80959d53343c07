// Words come from the page, in the reader's language; no script holds a sentence of its own.

let all: Record<string, string> | undefined;

export function word(key: string): string {
  all ??= JSON.parse(document.getElementById("words")?.textContent ?? "{}") as Record<string, string>;
  return all[key] ?? key;
}

export const rtl = (): boolean => document.documentElement.dir === "rtl";
export const language = (): string => document.documentElement.lang || "ar";

/** Digits in the shape this reader chose. */
export function digits(text: string | number): string {
  const shown = String(text);
  if (document.documentElement.dataset["digits"] !== "arab") return shown;
  return shown.replace(/\d/g, (d) => String.fromCharCode(0x0660 + Number(d)));
}

/** The drawing of an icon that is already somewhere in the page's templates is not needed: these three are tiny. */
const DRAWINGS = {
  good: '<path d="M20 6 9 17l-5-5"/>',
  bad: '<circle cx="12" cy="12" r="10"/><path d="M12 8v4M12 16h.01"/>',
  close: '<path d="M18 6 6 18M6 6l12 12"/>',
  left: '<path d="m15 18-6-6 6-6"/>',
  right: '<path d="m9 18 6-6-6-6"/>',
} as const;

export function drawing(name: keyof typeof DRAWINGS, small = false): string {
  const flow = name === "left" || name === "right" ? " icon-flow" : "";
  return `<svg class="icon${small ? " icon-sm" : ""}${flow}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${DRAWINGS[name]}</svg>`;
}
