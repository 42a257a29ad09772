import type { Page } from "@playwright/test";

/** Everything that the page's realm holds, as a snapshot's text; garbage is collected first. */
export async function heapOf(page: Page): Promise<string> {
  const inspector = await page.context().newCDPSession(page);
  const parts: string[] = [];
  inspector.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => parts.push(chunk));
  await inspector.send("HeapProfiler.collectGarbage");
  await inspector.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  await inspector.detach();
  return parts.join("");
}
