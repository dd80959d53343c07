// One way to speak to the server from scripts: same origin, a clear failure.

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body: string,
  ) {
    super(`status ${status}`);
  }
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new Refused(response.status, await response.text());
}

const headers = { "HX-Request": "true", Accept: "text/html" };

export async function getText(url: string, signal?: AbortSignal): Promise<string> {
  const response = await fetch(url, { headers, credentials: "same-origin", ...(signal ? { signal } : {}) });
  return (await checked(response)).text();
}

export async function post(url: string, body: FormData | Record<string, string>): Promise<Response> {
  const sent = body instanceof FormData ? body : new URLSearchParams(body);
  return checked(await fetch(url, { method: "POST", body: sent, headers, credentials: "same-origin" }));
}

/** The sentence a refusal carries: a problem document, the error of a form, or nothing. */
export function reason(error: unknown): string {
  return error instanceof Refused ? reasonOf(error.body) : "";
}

/** As [`reason`], of the body of an answer. */
export function reasonOf(body: string): string {
  const text = body.trim();
  if (text.startsWith("{")) {
    try {
      const problem = JSON.parse(text) as { detail?: string; title?: string };
      return problem.detail ?? problem.title ?? "";
    } catch {
      return "";
    }
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const said = page.querySelector(".field-error, .form-errors, .flash, .toast-body, .empty p");
  // Sentences that stand below each other are told apart by a space.
  const lines = [...(said?.querySelectorAll("p, li") ?? [])].map((line) => line.textContent ?? "");
  return (lines.length ? lines.join(" ") : (said?.textContent ?? "")).trim().slice(0, 300);
}
