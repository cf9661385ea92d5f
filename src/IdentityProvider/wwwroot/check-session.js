// OpenID Connect Session Management 1.0 §3.2: an application's page sends "client_id session_state" and hears whether that is still so.
// The answer is one of three words; the cookie itself never leaves this frame.
(() => {
  const { cookie, origins } = document.currentScript.dataset;
  const known = origins.split(" ");
  const message = /^(.+) ([^ .]+)\.([^ .]+)$/s;

  const browserState = () =>
    document.cookie.split("; ").find((pair) => pair.startsWith(cookie + "="))?.slice(cookie.length + 1) ?? "";

  // Where the browser keeps our cookies from this frame, "changed" would be wrong, and would send the application in circles.
  const seesCookies = async () => !document.hasStorageAccess || await document.hasStorageAccess();

  const sha256 = async (text) =>
    [...new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)))]
      .map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const answer = async (data, origin) => {
    const parts = typeof data === "string" && data.length <= 2048 ? message.exec(data) : null;
    if (!parts || !known.includes(origin) || !globalThis.crypto?.subtle || !await seesCookies()) {
      return "error";
    }

    const [, clientId, hash, salt] = parts;
    return await sha256(`${clientId} ${origin} ${browserState()} ${salt}`) === hash ? "unchanged" : "changed";
  };

  addEventListener("message", async ({ data, origin, source }) => {
    // A page without an origin, or one that is gone, cannot be answered.
    if (source && origin !== "null") {
      source.postMessage(await answer(data, origin).catch(() => "error"), origin);
    }
  });
})();
