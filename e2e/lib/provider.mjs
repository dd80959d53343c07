// A real OpenID Connect provider (the certified oidc-provider) on a free port, with the people of a company.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

export const CLIENT = { id: "sila", secret: "sirr-al-muwazzi-2026-sirr-al-muwazzi" };

/** Starts it with Sila registered. `people`: login → claims; `redirect`, `home`: Sila's addresses. */
export async function provider({ people, redirect, home }) {
  const holder = createServer();
  await new Promise((r) => holder.listen(0, "127.0.0.1", r));
  const url = `http://127.0.0.1:${holder.address().port}`;
  const jwk = (type, options, extra) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }), use: "sig", ...extra });
  const op = new Provider(url, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirect], post_logout_redirect_uris: [home] }],
    jwks: { keys: [jwk("rsa", { modulusLength: 2048 }, { kid: "r1", alg: "RS256" }), jwk("ec", { namedCurve: "P-256" }, { kid: "e1", alg: "ES256" })] },
    cookies: { keys: ["e2e"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    pkce: { required: () => true },
    findAccount: (_, id) => (people[id] ? { accountId: id, claims: () => ({ sub: id, ...people[id] }) } : undefined),
    ttl: { Session: 3600, Interaction: 600, Grant: 3600, IdToken: 600, AccessToken: 600 },
  });
  holder.on("request", op.callback());
  return {
    url,
    stop: () => new Promise((r) => {
      holder.closeAllConnections();
      holder.close(r);
    }),
  };
}

/** Signs in on the provider's own pages, as `login`, and agrees. */
export async function signInThere(page, login) {
  await page.waitForSelector("input[name=login]");
  await page.fill("input[name=login]", login);
  await page.fill("input[name=password]", "any");
  await page.click("button[type=submit]");
  await page.waitForSelector("input[name=prompt][value=consent]", { state: "attached" });
  await page.click("button[type=submit]");
}
