/**
 * One person in a test: a browser of their own on a profile directory of their own, so that two people never share a
 * store, and a profile can be closed, killed, opened again and scanned as files.
 */
import { cpSync, mkdtempSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type LaunchOptions, type Page } from "@playwright/test";
import { type Allowance, type Complaint, Complaints, networkLines } from "./complaints.ts";

export interface PersonOptions {
  readonly locale?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
  /** A phone: fingers, and the page's own width. */
  readonly hasTouch?: boolean;
  readonly isMobile?: boolean;
  readonly permissions?: readonly string[];
  /** Further Chromium flags, e.g. a fake camera. */
  readonly args?: readonly string[];
  /** Chromium's own proxy setting, for tests that record or change what travels. */
  readonly proxy?: string;
}

export interface Person {
  readonly name: string;
  /** The profile directory; it stays until the test has ended. */
  readonly profile: string;
  readonly page: Page;
  readonly context: BrowserContext;
  /** Names an exception from "no complaints" (why, and which lines). */
  readonly allow: (reason: string, allowance: Allowance) => () => void;
  /** The lines that came and were allowed. */
  readonly allowed: () => readonly Complaint[];
  /** Cuts this browser off (page, workers, service worker), or lets it back. Allows Chromium's lines about it. */
  readonly flightMode: (on: boolean) => Promise<void>;
  /** Closes the browser, keeps the profile. */
  readonly close: () => Promise<void>;
  /** Ends the browser as a crash would: SIGKILL, nothing is flushed. */
  readonly kill: () => Promise<void>;
  /** Starts the browser again on the same profile, and goes to the start page. */
  readonly open: () => Promise<void>;
}

export class People {
  readonly #origin: string;
  readonly #launch: LaunchOptions;
  readonly #fresh: string | undefined;
  readonly #people: PersonInBrowser[] = [];

  /** @param fresh the profile that a new person gets a copy of; without it an empty one */
  constructor(origin: string, launch: LaunchOptions, fresh?: string) {
    this.#origin = origin;
    this.#launch = launch;
    this.#fresh = fresh;
  }

  /** A new person at the start page, with a copy of `profile`. `before` runs ahead of the first load. */
  async come(
    name: string,
    options: PersonOptions = {},
    before?: (person: Person) => void,
    profile = this.#fresh,
  ): Promise<Person> {
    const person = new PersonInBrowser(name, this.#origin, this.#launch, options);
    this.#people.push(person);
    if (profile !== undefined) cpSync(profile, person.profile, { recursive: true });
    before?.(person);
    await person.open();
    return person;
  }

  /** Closes every browser and removes the profiles. Returns what they complained about, one line each. */
  async leave(): Promise<readonly string[]> {
    const lines: string[] = [];
    for (const person of this.#people.splice(0)) {
      await person.close();
      for (const { source, text, url } of person.complaints.unexpected()) {
        lines.push(`${person.name} (${source}): ${text}${url ? ` [${url}]` : ""}`);
      }
      rmSync(person.profile, { recursive: true, force: true, maxRetries: 5 });
    }
    return lines;
  }
}

class PersonInBrowser implements Person {
  readonly name: string;
  readonly profile: string;
  readonly complaints = new Complaints();
  readonly #origin: string;
  readonly #launch: LaunchOptions;
  readonly #options: PersonOptions;
  #context: BrowserContext | null = null;
  #inFlight: (() => void) | null = null;

  constructor(name: string, origin: string, launch: LaunchOptions, options: PersonOptions) {
    this.name = name;
    this.profile = mkdtempSync(join(tmpdir(), "lomme-profile-"));
    this.#origin = origin;
    this.#launch = launch;
    this.#options = options;
  }

  get context(): BrowserContext {
    if (!this.#context) throw new Error(`${this.name}'s browser is closed`);
    return this.#context;
  }

  get page(): Page {
    const page = this.context.pages()[0];
    if (!page) throw new Error(`${this.name} has no page open`);
    return page;
  }

  allow = (reason: string, allowance: Allowance): (() => void) => this.complaints.allow(reason, allowance);

  allowed = (): readonly Complaint[] => this.complaints.expected();

  flightMode = async (on: boolean): Promise<void> => {
    if (on) this.#inFlight ??= this.allow("flight mode is on", networkLines(this.#origin));
    await this.context.setOffline(on);
    if (!on) {
      this.#inFlight?.();
      this.#inFlight = null;
    }
  };

  open = async (): Promise<void> => {
    if (this.#context) throw new Error(`${this.name}'s browser is open already`);
    const { args, proxy, permissions, ...rest } = this.#options;
    this.#context = await chromium.launchPersistentContext(this.profile, {
      ...this.#launch,
      args: [...(this.#launch.args ?? []), ...(args ?? []), ...(proxy ? PROXY_ON_LOOPBACK : [])],
      ...(proxy ? { proxy: { server: proxy } } : {}),
      ...(permissions ? { permissions: [...permissions] } : {}),
      locale: "da-DK",
      timezoneId: "Europe/Copenhagen",
      viewport: { width: 360, height: 740 },
      ...rest,
    });
    await this.complaints.watch(this.#context);
    if (this.#inFlight) await this.#context.setOffline(true);
    await this.page.goto(this.#origin);
  };

  close = async (): Promise<void> => {
    const context = this.#context;
    this.#context = null;
    await context?.close();
  };

  kill = async (): Promise<void> => {
    const context = this.context;
    // Chromium names itself in its lock: a link to `host-pid`.
    const pid = Number(readlinkSync(join(this.profile, "SingletonLock")).split("-").at(-1));
    const gone = new Promise<void>((done) => context.once("close", () => done()));
    this.#context = null;
    process.kill(pid, "SIGKILL");
    await gone;
    for (const name of ["SingletonLock", "SingletonSocket", "SingletonCookie"]) {
      rmSync(join(this.profile, name), { force: true });
    }
  };
}

/** Chromium never sends localhost through a proxy unless told to. */
const PROXY_ON_LOOPBACK = ["--proxy-bypass-list=<-loopback>"];
