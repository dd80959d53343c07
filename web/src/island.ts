// An island is a piece of behaviour for elements that match a selector, whenever they come into the page.

type Start = (element: HTMLElement) => void;

const islands: Array<[selector: string, start: Start, started: WeakSet<HTMLElement>]> = [];

export function island(selector: string, start: Start): void {
  const entry: [string, Start, WeakSet<HTMLElement>] = [selector, start, new WeakSet()];
  islands.push(entry);
  if (document.readyState !== "loading") run(document.body, entry);
}

function run(root: HTMLElement, [selector, start, started]: (typeof islands)[number]): void {
  const found = [...root.querySelectorAll<HTMLElement>(selector)];
  if (root.matches(selector)) found.unshift(root);
  for (const element of found) {
    if (started.has(element)) continue;
    started.add(element);
    start(element);
  }
}

/** Starts all islands in the page and in whatever is swapped into it later. */
export function startIslands(): void {
  for (const entry of islands) run(document.body, entry);
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const node of change.addedNodes)
        if (node instanceof HTMLElement) for (const entry of islands) run(node, entry);
  }).observe(document.body, { childList: true, subtree: true });
}

/** Listens on the document for events inside elements that match the selector. */
export function on<K extends keyof DocumentEventMap>(
  type: K,
  selector: string,
  handle: (event: DocumentEventMap[K], element: HTMLElement) => void,
  options?: AddEventListenerOptions,
): void {
  document.addEventListener(
    type,
    (event) => {
      const at = event.target;
      const element = at instanceof Element ? at.closest<HTMLElement>(selector) : null;
      if (element) handle(event, element);
    },
    options,
  );
}
