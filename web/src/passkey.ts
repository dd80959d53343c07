// Passkeys: the server's options go to the browser's own dialog, its answer goes back as a form.
import { island } from "./island";
import { post } from "./request";

type Kind = "create" | "get";

const decode = (text: string): Uint8Array<ArrayBuffer> => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
};
const encode = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

type Raw = { publicKey: Record<string, any> };

/** The binary parts of the options, which JSON carries as text. */
function options<T>(raw: Raw): T {
  const key = raw.publicKey;
  key["challenge"] = decode(key["challenge"]);
  if (key["user"]) key["user"].id = decode(key["user"].id);
  for (const list of ["excludeCredentials", "allowCredentials"]) for (const c of key[list] ?? []) c.id = decode(c.id);
  return raw as T;
}

function answer(credential: PublicKeyCredential): string {
  const r = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const response: Record<string, unknown> = { clientDataJSON: encode(r.clientDataJSON) };
  if (r.attestationObject) {
    response["attestationObject"] = encode(r.attestationObject);
    response["transports"] = r.getTransports?.() ?? [];
  } else {
    response["authenticatorData"] = encode(r.authenticatorData);
    response["signature"] = encode(r.signature);
    response["userHandle"] = r.userHandle ? encode(r.userHandle) : null;
  }
  return JSON.stringify({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    response,
    extensions: credential.getClientExtensionResults(),
  });
}

function put(form: HTMLFormElement, name: string, value: string): void {
  const input = form.querySelector<HTMLInputElement>(`input[name="${name}"]`) ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
  input.value = value;
}

async function run(form: HTMLFormElement, kind: Kind): Promise<void> {
  const sent = (await (await post(`${form.getAttribute("action")}/options`, {})).json()) as { options: Raw; token: string };
  const made = kind === "create" ? await navigator.credentials.create(options<CredentialCreationOptions>(sent.options)) : await navigator.credentials.get(options<CredentialRequestOptions>(sent.options));
  if (!(made instanceof PublicKeyCredential)) throw new Error("no passkey");
  put(form, "token", sent.token);
  put(form, "answer", answer(made));
  form.submit();
}

island("form[data-passkey]", (element) => {
  const form = element as HTMLFormElement;
  if (!("PublicKeyCredential" in window)) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const failed = form.querySelector<HTMLElement>("[data-passkey-error]");
    if (failed) failed.hidden = true;
    form.setAttribute("aria-busy", "true");
    run(form, form.dataset["passkey"] as Kind)
      .catch(() => failed && (failed.hidden = false))
      .finally(() => form.removeAttribute("aria-busy"));
  });
});
