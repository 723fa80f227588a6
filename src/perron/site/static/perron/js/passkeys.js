// Passkeys and security keys: a form marked data-passkey asks the browser for a credential before it
// is sent. Without script, or in a browser that knows none, the form stays hidden.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const decoded = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

// What the server wrote in JSON, with the bytes that the browser wants.
function options({ publicKey }) {
  const made = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (made.user) made.user = { ...made.user, id: bytes(made.user.id) };
  if (made.excludeCredentials) made.excludeCredentials = decoded(made.excludeCredentials);
  if (made.allowCredentials) made.allowCredentials = decoded(made.allowCredentials);
  return { publicKey: made };
}

// What the browser answers, as JSON for the server.
function written(credential) {
  const given = credential.response;
  const response = { clientDataJSON: text(given.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (given[name]) response[name] = text(given[name]);
  }
  if (given.getTransports) response.transports = given.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function asked(form) {
  if (form.dataset.passkey === "login") {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return navigator.credentials.get(options((await answer.json()).request_options));
  }
  const said = options(JSON.parse(document.getElementById(form.dataset.options).textContent));
  if (form.dataset.passkey === "get") return navigator.credentials.get(said);
  // A key that signs in alone must know its owner, by a code or a finger.
  const alone = form.elements.namedItem("passwordless")?.checked ?? false;
  said.publicKey.authenticatorSelection = {
    ...said.publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone ? { userVerification: "required" } : {}),
  };
  return navigator.credentials.create(said);
}

// A key belongs to a name: a site reached by the number of its machine has none.
const named = !/^[\d.]+$|^\[/.test(window.location.hostname);

if (window.PublicKeyCredential && named) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const problem = form.querySelector("[data-passkey-problem]");
      problem.hidden = true;
      try {
        form.elements.namedItem("credential").value = written(await asked(form));
        form.submit();
      } catch {
        problem.hidden = false;
      }
    });
  }
}
