import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { GroupCommit } from '@savepoint/local/embedded/group-commit.ts';
import fastify, { type FastifyInstance } from 'fastify';
import { withTestAws } from '../../support/aws.ts';
import { withDirectory } from '../../support/directory.ts';

type Written = {
  app: FastifyInstance;
  database: DatabaseSync;
  insert: StatementSync;
  events: string[];
  read(): unknown[];
};

/** An app that writes as fauxqs does, at `/name/parent`; `events` has its commits and answers in their order. */
const withApp = (use: (written: Written) => Promise<void>) =>
  withDirectory(async (directory) => {
    const path = join(directory, 'a.db');
    const events: string[] = [];
    const commits = new GroupCommit();
    const { database, insert } = commits.adopt(true, () => {
      const database = new DatabaseSync(path, { enableForeignKeyConstraints: true });
      database.exec('PRAGMA journal_mode = WAL');
      database.exec(`CREATE TABLE names (
        name TEXT PRIMARY KEY, parent TEXT REFERENCES names (name) DEFERRABLE INITIALLY DEFERRED)`);
      return { database, insert: database.prepare('INSERT INTO names VALUES (?, ?)') };
    });
    const { exec } = database;
    database.exec = (sql) => {
      events.push(sql);
      exec(sql);
    };
    const app = fastify();
    commits.holdAnswers(app);
    app.get<{ Params: { name: string; parent: string } }>('/:name/:parent', (request) => {
      insert.run(request.params.name, request.params.parent);
      return {};
    });
    app.get('/nothing', () => ({}));
    app.get<{ Params: { parent: string } }>('/both/:parent', (request) => {
      insert.run('before', request.params.parent);
      database.exec('BEGIN');
      insert.run('within', null);
      database.exec('ROLLBACK');
      return {};
    });
    app.addHook('onResponse', async () => void events.push('answer'));
    const others = new DatabaseSync(path, { readOnly: true });
    const read = () =>
      others
        .prepare('SELECT name FROM names ORDER BY name')
        .all()
        .map(({ name }) => name);
    try {
      await use({ app, database, insert, events, read });
    } finally {
      others.close();
      await app.close();
      if (database.isOpen) database.close();
    }
  });

const get = async (app: FastifyInstance, path: string) => (await app.inject(path)).statusCode;

test('what is written in one turn is one commit, and no answer leaves before it', () =>
  withApp(async ({ app, events, read }) => {
    expect(await Promise.all([get(app, '/a/a'), get(app, '/b/a')])).toEqual([200, 200]);
    expect(events).toEqual(['BEGIN', 'COMMIT', 'answer', 'answer']);
    expect(read()).toEqual(['a', 'b']);
  }));

test('a commit that fails is a failure of all that it held, and of nothing later', () =>
  withApp(async ({ app, read }) => {
    expect(await Promise.all([get(app, '/a/a'), get(app, '/b/unknown')])).toEqual([500, 500]);
    expect(read()).toEqual([]);
    expect(await get(app, '/nothing')).toBe(200);
    expect(await get(app, '/c/c')).toBe(200);
    expect(read()).toEqual(['c']);
  }));

test('a transaction of its own takes nothing back of what was written before it', () =>
  withApp(async ({ app, read }) => {
    expect(await get(app, '/both/before')).toBe(200);
    expect(read()).toEqual(['before']);
  }));

test('a transaction of its own does not begin when what was written before it cannot be kept', () =>
  withApp(async ({ app, read }) => {
    expect(await get(app, '/both/unknown')).toBe(500);
    expect(read()).toEqual([]);
  }));

test('closing commits what is written', () =>
  withApp(async ({ app, database, insert, read }) => {
    app.addHook('preClose', async () => database.close());
    await app.ready();
    insert.run('a', null);
    await app.close();
    expect(read()).toEqual(['a']);
  }));

test.each([
  [true, 'FULL', 2],
  [false, 'OFF', 0],
])('durable %s is synchronous %s', (durable, _name, synchronous) =>
  withDirectory(async (directory) => {
    const database = new GroupCommit().adopt(durable, () => {
      const opened = new DatabaseSync(join(directory, 'a.db'));
      opened.prepare('SELECT 1');
      return opened;
    });
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous });
    database.close();
  }),
);

test('ten messages are received with one commit', () =>
  withDirectory(async (dataDir) => {
    const { exec } = DatabaseSync.prototype;
    let commits = 0;
    DatabaseSync.prototype.exec = function (sql) {
      if (sql === 'COMMIT') commits += 1;
      return exec.call(this, sql);
    };
    try {
      await withTestAws(
        async ({ sqs }) => {
          const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'ten' }));
          const Entries = Array.from({ length: 10 }, (_, index) => ({
            Id: String(index),
            MessageBody: String(index),
          }));
          await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
          commits = 0;
          const { Messages } = await sqs.send(
            new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
          );
          expect(Messages).toHaveLength(10);
          expect(commits).toBe(1);
        },
        { dataDir },
      );
    } finally {
      DatabaseSync.prototype.exec = exec;
    }
  }));
