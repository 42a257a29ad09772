/** A server that answers with garbage: nothing is lost, nothing breaks, and when it comes to its senses all goes out. */
import { goHome, press, text, writeEntry } from "./harness/meet.ts";
import { expect, networkLines, test } from "./harness.ts";
import { openPocket, settleIn, Taps } from "./steps.ts";

test("while the server talks nonsense, everything is saved here, and goes out later", async ({
  people,
  server,
  capture: proxy,
}) => {
  test.setTimeout(180_000);
  const alma = await people.come("Alma", { proxy: proxy.address });
  const taps = new Taps(alma.page);
  const secret = await settleIn(taps, { look: "middle" });
  alma.allow("the connection ends over the nonsense", networkLines(server.origin));

  proxy.setGarbage(true);
  proxy.setChange((url, answer) =>
    url.pathname.startsWith("/api/") ? { ...answer, status: 200, body: Buffer.from("<html>¿?</html>") } : answer,
  );
  await writeEntry(alma, "Midt i vrøvlet", "Det her skal stå her endnu, når serveren er rask igen.");
  await goHome(alma);
  // Locked and opened again, with the server still talking nonsense.
  await press(alma, "home.lock");
  await openPocket(taps, secret);
  await alma.page.getByRole("button", { name: /Midt i vrøvlet/ }).click();
  await expect(alma.page.getByRole("textbox", { name: text("entry.text") })).toContainText(
    "når serveren er rask igen.",
  );
  await goHome(alma);

  proxy.setGarbage(false);
  proxy.setChange(null);
  const tunnelsBefore = proxy.tunnels.length;
  // A fresh connection that ends well: what was written has gone out, and the server has answered in its own tongue.
  await press(alma, "home.lock");
  await openPocket(taps, secret);
  await expect
    .poll(() => proxy.tunnels.slice(tunnelsBefore).reduce((sum, { sent }) => sum + sent.length, 0), { timeout: 60_000 })
    .toBeGreaterThan(3);
  await alma.page.getByRole("button", { name: /Midt i vrøvlet/ }).click();
  await expect(alma.page.getByRole("textbox", { name: text("entry.text") })).toContainText(
    "når serveren er rask igen.",
  );
});
