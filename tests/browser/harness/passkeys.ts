import type { Page } from "@playwright/test";

/** Gives the device a finger: a platform authenticator that holds secrets (CTAP 2.1, hmac-secret through prf). */
export async function giveFinger(page: Page): Promise<{ takeAway(): Promise<void> }> {
  const inspector = await page.context().newCDPSession(page);
  await inspector.send("WebAuthn.enable");
  const { authenticatorId } = await inspector.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasUserVerification: true,
      isUserVerified: true,
      hasResidentKey: true,
      hasPrf: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    takeAway: async () => {
      await inspector.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
      await inspector.detach();
    },
  };
}
