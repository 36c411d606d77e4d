import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { FastifyInstance } from 'fastify';

/**
 * One commit for all that is written in a turn of the event loop. fauxqs commits each object, each message and each change
 * of a message by itself, and the whole server waits for the disk meanwhile: ten times to hand out ten messages. No answer
 * leaves before what it tells is on the disk, so that a power cut takes nothing of which somebody was told.
 */
export class GroupCommit {
  /** Of the commit that is to come, or of the last one. */
  #committed: Promise<void> = Promise.resolve();
  /** While something is written and not committed. @returns why that failed */
  #commit: (() => unknown) | undefined;

  /**
   * Takes over the database that `start` opens before its first `await`. fauxqs shows it to nobody, so it is met where it
   * makes its statements. @param durable whether commits wait for the disk
   */
  adopt<T>(durable: boolean, start: () => T): T {
    const { prepare } = DatabaseSync.prototype;
    const takeOver = (database: DatabaseSync) => {
      this.#takeOver(database, prepare);
      if (!durable) database.exec('PRAGMA synchronous = OFF');
    };
    DatabaseSync.prototype.prepare = function (sql) {
      takeOver(this);
      return this.prepare(sql);
    };
    try {
      return start();
    } finally {
      DatabaseSync.prototype.prepare = prepare;
    }
  }

  /** Holds answers back until what was written is committed; a commit that fails is their failure. */
  holdAnswers(app: FastifyInstance): void {
    app.addHook('onSend', async (_request, reply) => {
      if (reply.statusCode < 500) await this.#committed;
    });
    app.addHook('preClose', async () => void this.#commit?.());
  }

  #takeOver(database: DatabaseSync, prepare: DatabaseSync['prepare']): void {
    const exec = database.exec.bind(database);
    database.prepare = (sql) => {
      const statement = prepare.call(database, sql);
      const run = statement.run.bind(statement) as (...values: unknown[]) => ReturnType<StatementSync['run']>;
      statement.run = (...values: unknown[]) => {
        if (!database.isTransaction) this.#begin(database);
        return run(...values);
      };
      return statement;
    };
    // What fauxqs itself makes a transaction stays one.
    database.exec = (sql) => {
      const failure = sql === 'BEGIN' && this.#commit?.();
      if (failure) throw failure;
      exec(sql);
    };
  }

  #begin(database: DatabaseSync): void {
    database.exec('BEGIN');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => undefined);
    this.#committed = promise;
    this.#commit = () => {
      clearImmediate(turn);
      this.#commit = undefined;
      try {
        database.exec('COMMIT');
        resolve();
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        reject(error);
        // Whoever asks later wrote nothing that is lost.
        this.#committed = Promise.resolve();
        return error;
      }
      return undefined;
    };
    const turn = setImmediate(this.#commit);
  }
}
