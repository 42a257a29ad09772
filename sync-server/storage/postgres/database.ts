/**
 * The connection to PostgreSQL: how it is opened, what a transaction is, and what its errors mean to us.
 *
 * An acknowledgement is only worth something when the database flushes: `fsync` and `synchronous_commit` are read back.
 * Everything that a node could hold up for the others ends by itself: a statement, a wait for a row, a transaction whose
 * node is gone.
 *
 * Statements are tagged templates; what stands in `${}` travels apart from the text, as a parameter. Each text is
 * prepared once per connection. Results come as text: pg's binary mode reads bytes as UTF-8 and so destroys them.
 */
import pg from "pg";
import type { Row } from "../columns.ts";
import { StorageError } from "../port.ts";

/** What came back, and how many rows a statement read or changed. */
export interface Rows extends ReadonlyArray<Row> {
  readonly count: number;
}

export type Queries = (text: TemplateStringsArray, ...values: readonly unknown[]) => Promise<Rows>;
/** The statements of one transaction, on one connection. */
export type Transaction = Queries & {
  /** Several statements in one text, without parameters; for migrations. */
  run(text: string): Promise<void>;
};
export type Database = Queries & {
  readonly pool: pg.Pool;
  /** Waits for what is under way. */
  close(): Promise<void>;
};

/** A piece of a statement's text: a table or a column, never anything that came from outside. */
export class Part {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Connections of one node; a transaction holds one for some milliseconds. */
const DEFAULT_CONNECTIONS = 10;
/** For a new connection, and for one to become free. */
const CONNECT_MS = 10_000;
/** An operator's move of the database to another host is noticed within this time. */
const LIFETIME_SECONDS = 30 * 60;
const STATEMENT_MS = 30_000;
const LOCK_MS = 10_000;

export interface ConnectOptions {
  readonly connections?: number;
  /** How the database lists us. */
  readonly name?: string;
  /** Statements over everything, as the operator's are, take as long as they take: 0. */
  readonly statementMs?: number;
}

/** Nothing is connected before the first statement. */
export function connect(url: string, options: ConnectOptions = {}): Database {
  const { connections = DEFAULT_CONNECTIONS, name = "lomme", statementMs = STATEMENT_MS } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_MS,
    maxLifetimeSeconds: LIFETIME_SECONDS,
    keepAlive: true,
    application_name: name,
    statement_timeout: statementMs,
    lock_timeout: LOCK_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
    options: "-c synchronous_commit=on",
    types: { getTypeParser: parserFor },
  });
  // A connection that breaks is told to whoever uses it, and forgotten by the pool; nobody else needs to hear of it.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return Object.assign(
    queriesOn((query) => pool.query(query)),
    { pool, close: () => pool.end() },
  );
}

const BOOL = 16;
const BYTEA = 17;
const BIGINT = 20;
const SMALLINT = 21;
const INTEGER = 23;

/** Sequence numbers, sizes and epochs stay far below 2^53; bytes come as hexadecimal digits after `\\x`. */
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [BOOL]: (text) => text === "t",
  [BYTEA]: (text) => new Uint8Array(Buffer.from(text.slice(2), "hex")),
  [BIGINT]: Number,
  [SMALLINT]: Number,
  [INTEGER]: Number,
};

const asText = (text: string): string => text;
const parserFor = (type: number): ((text: string) => unknown) => PARSERS[type] ?? asText;

/** Texts of statements → the name under which they are prepared. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? `lomme${names.size}`;
  names.set(text, name);
  return name;
}

function queriesOn(run: (query: pg.QueryConfig) => Promise<pg.QueryResult>): Queries {
  return async (strings, ...parts) => {
    const values: unknown[] = [];
    let text = strings[0] as string;
    for (const [index, part] of parts.entries()) {
      text += part instanceof Part ? part.text : `$${values.push(part)}`;
      text += strings[index + 1];
    }
    const { rows, rowCount } = await run({ text, values, name: nameOf(text) });
    return Object.assign(rows as Row[], { count: rowCount ?? 0 });
  };
}

/** @throws Error when the server was set up to lose what it acknowledged */
export async function requireDurable(db: Database): Promise<void> {
  const [row] = await db`SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`;
  if (row?.fsync !== "on" || row.commit !== "on") {
    throw new Error(`the database can't be made durable (fsync ${row?.fsync}, synchronous_commit ${row?.commit})`);
  }
}

const UNIQUE_VIOLATION = "23505";
/**
 * Serialization failure, deadlock, a key that was taken after we looked: nothing is wrong with the work, another
 * transaction came in between, and the next try sees what it did.
 */
const COLLISIONS = new Set(["40001", "40P01", UNIQUE_VIOLATION]);
/** Connection, resources, operator: says nothing about the statement. */
const CIRCUMSTANCES = /^(08|53|57)/;
/** Times a colliding transaction is tried. */
const TRIES = 5;

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? "";

/** PostgreSQL itself refused a statement, so that another might do. */
export const isStatementError = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && !CIRCUMSTANCES.test(codeOf(error));

export const isTaken = (error: unknown): boolean => codeOf(error) === UNIQUE_VIOLATION;

/**
 * One transaction; `work` may run several times. @throws what `work` throws, and the database's errors as they are
 */
export async function transact<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transactOnce(db, work);
    } catch (error) {
      if (attempt === TRIES || !COLLISIONS.has(codeOf(error))) throw error;
    }
  }
}

async function transactOnce<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await db.pool.connect();
  const run = async (text: string): Promise<void> => void (await client.query(text));
  const tx: Transaction = Object.assign(
    queriesOn((query) => client.query(query)),
    { run },
  );
  try {
    await run("BEGIN");
    const value = await work(tx);
    const { command } = await client.query("COMMIT");
    if (command !== "COMMIT") throw new Error(`the transaction ended with ${command}`); // a failed statement was ignored
    client.release();
    return value;
  } catch (error) {
    // A connection that can't even roll back is closed, not given to the next.
    await run("ROLLBACK").then(
      () => client.release(),
      () => client.release(true),
    );
    throw error;
  }
}

/** What the caller of the store sees: refusals as they are, everything else as a failure to store. */
export function asStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  return new StorageError("storage-failed", codeOf(error) || (error instanceof Error ? error.name : undefined));
}
