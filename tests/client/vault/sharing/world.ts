/** A few people with a server between them, moved by hand: nothing happens but what a test lets happen. */
import * as Y from "yjs";
import { addPhotoTo, beginDocument, setTitle, textOf, toggleMood } from "../../../../client/documents/entry.ts";
import type { OwnKind } from "../../../../client/documents/kinds.ts";
import { addRecordingTo } from "../../../../client/documents/recordings.ts";
import { appendRichText, plainToRichText } from "../../../../client/documents/rich-text.ts";
import type { PersonId, Role } from "../../../../client/vault/api.ts";
import { createSharing, type Sharing } from "../../../../client/vault/sharing/sharing.ts";
import { randomId } from "../../../../crypto/ids.ts";
import { ready } from "../../../../crypto/sodium.ts";
import type { BlobId, DocumentTag, SpaceId } from "../../../../crypto/types.ts";
import { createDisk, type Disk, MemoryCore } from "./memory-core.ts";
import { MemoryServer } from "./memory-server.ts";

export class Actor {
  core: MemoryCore;
  sharing: Sharing;
  readonly #server: MemoryServer;
  #wasOnline = false;
  readonly disk: Disk;

  constructor(disk: Disk, server: MemoryServer) {
    this.disk = disk;
    this.#server = server;
    this.core = new MemoryCore(disk, server);
    this.sharing = createSharing(this.core);
  }

  /** Closes the app and opens it again: only the disk is left. */
  async restart(): Promise<void> {
    const { online } = this.core;
    this.core.writesLeft = 0;
    await this.sharing.idle();
    this.core = new MemoryCore(this.disk, this.#server);
    this.core.online = online;
    this.#wasOnline = false;
    this.sharing = createSharing(this.core);
    await this.sharing.start();
  }

  setOnline(online: boolean): void {
    this.core.online = online;
  }

  /** One round of what the engine does. */
  async sync(): Promise<void> {
    const { core, sharing } = this;
    core.ring();
    if (core.isOnline() && !this.#wasOnline) await sharing.online();
    this.#wasOnline = core.isOnline();
    if (core.isOnline()) {
      core.createSpaces();
      for (const [space, there] of core.disk.spaces) {
        if (there.ended) continue;
        const server = this.#server.spaces.get(space);
        if (server !== undefined && server.epoch > (there.keys.at(-1)?.epoch ?? 0)) {
          const answer = await sharing.rekey(space, there.keys.at(-1)?.epoch ?? 0);
          if (answer.state === "removed") {
            there.ended = true;
            await sharing.spaceEnded(space);
            continue;
          }
        }
        core.pull(space);
        core.push(space);
      }
      await this.#takeMail();
    }
    const dirty = [...core.dirty];
    core.dirty.clear();
    for (const space of dirty) await sharing.recordsChanged(space);
    await Promise.race([sharing.idle(), later()]);
  }

  async #takeMail(): Promise<void> {
    const { mailbox } = this.disk.self;
    const mail = this.#server.mail.get(mailbox) ?? [];
    for (let first = mail[0]; first !== undefined; first = mail[0]) {
      await this.sharing.dropped(first.key, first.bytes);
      // Only what was taken in is cleared.
      mail.shift();
    }
  }

  async person(name: string) {
    const found = (await this.sharing.people()).find((person) => person.name === name);
    if (found === undefined) throw new Error(`nobody called ${name}`);
    return found;
  }

  async personId(name: string): Promise<PersonId> {
    return (await this.person(name)).id;
  }

  async circle(name: string): Promise<SpaceId> {
    const { circle } = await this.person(name);
    if (circle === null) throw new Error(`no circle with ${name}`);
    return circle;
  }

  write(entry: {
    title?: string;
    text?: string;
    moods?: readonly string[];
    photos?: readonly string[];
    recordings?: readonly string[];
    kind?: OwnKind;
  }) {
    const doc = new Y.Doc();
    const document = randomId<DocumentTag>();
    beginDocument(doc, entry.kind ?? "entry", this.core.now());
    setTitle(doc, entry.title ?? "");
    appendRichText(textOf(doc), plainToRichText(entry.text ?? ""));
    for (const mood of entry.moods ?? []) toggleMood(doc, mood);
    const blobs = (entry.photos ?? []).map((content) => this.#addPhoto(doc, content));
    const recorded = (entry.recordings ?? []).map((content) => this.#addRecording(doc, content));
    this.disk.documents.set(document, doc);
    return { document, doc, blobs, recorded };
  }

  #addRecording(doc: Y.Doc, content: string): BlobId {
    const blob = randomId<BlobId>();
    const bytes = new TextEncoder().encode(content);
    this.disk.pocketBlobs.set(blob, bytes);
    const media = { space: this.disk.self.mailbox, blob };
    addRecordingTo(doc, { media, type: "audio/webm", bytes: bytes.length, durationMs: 1500, peaks: [0, 31] });
    return blob;
  }

  #addPhoto(doc: Y.Doc, content: string): BlobId {
    const keep = (text: string): BlobId => {
      const blob = randomId<BlobId>();
      this.disk.pocketBlobs.set(blob, new TextEncoder().encode(text));
      return blob;
    };
    const space = this.disk.self.mailbox;
    const [full, thumbnail] = [keep(content), keep(`small ${content}`)];
    addPhotoTo(doc, { full: { space, blob: full }, thumbnail: { space, blob: thumbnail }, width: 640, height: 480 });
    return full;
  }
}

export class World {
  readonly server = new MemoryServer();
  readonly #actors: Actor[] = [];
  time = Date.UTC(2026, 10, 21);

  static async create(): Promise<World> {
    await ready();
    return new World();
  }

  private constructor() {
    this.server.now = () => this.time;
  }

  async add(name: string, role: Role): Promise<Actor> {
    const actor = new Actor(createDisk(name, role), this.server);
    this.#actors.push(actor);
    await actor.sharing.start();
    await actor.sync();
    return actor;
  }

  /** Another device of the same person. Their rows are one map: what one writes is there for the other at once. */
  async addDevice(of: Actor): Promise<Actor> {
    const { disk } = of;
    const self = { ...disk.self, device: `0${this.#actors.length}`, hasOthers: true };
    const device = new Actor({ ...disk, self, spaces: new Map(), circleBlobs: new Map() }, this.server);
    this.#actors.push(device);
    await device.sharing.start();
    await device.sync();
    return device;
  }

  /** Lets everyone who is online do what they have to do, until nothing moves any more. */
  async settle(): Promise<void> {
    for (let round = 0; round < 40; round++) {
      this.time += 1000;
      const before = this.server.changes;
      for (const actor of this.#actors) await actor.sync();
      const quiet = this.#actors.every(({ core }) => core.dirty.size === 0);
      if (this.server.changes === before && quiet) return;
    }
    throw new Error("the world does not come to rest");
  }

  async pair(inviter: Actor, joiner: Actor): Promise<void> {
    const { payload } = await inviter.sharing.invite("scan");
    await joiner.sharing.join(payload, "scan");
    await this.settle();
  }

  /** A child and her caseworker, paired by scanning. */
  static async paired(): Promise<{ world: World; child: Actor; caseworker: Actor }> {
    const world = await World.create();
    const child = await world.add("Alma", "child");
    const caseworker = await world.add("Mette", "caseworker");
    await world.pair(child, caseworker);
    return { world, child, caseworker };
  }
}

/** Long enough for everything that runs in memory; an ask without net never ends. */
const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
