import { setTimeout as delay } from 'node:timers/promises';
import type { Meet, NamedFault } from '../harness/named-fault.ts';
import type { World } from '../harness/world.ts';

/** What PostgreSQL does to whoever loads libraries. */

const endSessions = (world: World) =>
  world.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename = $1`, [
    world.databaseRole,
  ]);

/** Where the fault meets whoever comes. @returns ends the counting. */
const countAsked = ({ database }: World, met: Meet): (() => void) => database.watch(() => met());

/** Fails the first `times` loads, a sequence remembers how many: it does not go back with the transaction. */
const failing = (name: string, sqlState: string, times = 4): NamedFault => ({
  name: `postgres-${name}`,
  area: 'postgres',
  async begin({ sql }, _chance, met) {
    // Several of them may stand at once.
    const [seenBy, fail, trigger] = ['seen', 'fail', 'trigger'].map(
      (kind) => `chaos_${kind}_${sqlState.toLowerCase()}`,
    );
    await sql(`create sequence ${seenBy}`);
    await sql(`create function ${fail}() returns trigger language plpgsql security definer as $$
      begin
        if nextval('${seenBy}') <= ${times} then raise exception 'chaos' using errcode = '${sqlState}'; end if;
        return null;
      end $$`);
    await sql(
      `create trigger ${trigger} after insert or update on imports for each statement execute function ${fail}()`,
    );
    let counted = 0;
    const count = async () => {
      const [seen] = await sql<{ count: number }>(
        `select case when is_called then last_value else 0 end::int as count from ${seenBy}`,
      );
      const failed = Math.min(times, seen!.count);
      met(failed - counted);
      counted = failed;
    };
    const counting = setInterval(() => void count().catch(() => undefined), 500);
    return async () => {
      clearInterval(counting);
      await count();
      await sql(`drop trigger ${trigger} on imports`);
      await sql(`drop function ${fail}`);
      await sql(`drop sequence ${seenBy}`);
    };
  },
});

const setting = (
  name: string,
  set: (world: World) => string,
  unset: (world: World) => string,
): NamedFault => ({
  name: `postgres-${name}`,
  area: 'postgres',
  async begin(world, _chance, met) {
    await world.sql(set(world));
    await endSessions(world);
    const count = countAsked(world, met);
    return async () => {
      count();
      await world.sql(unset(world));
      await endSessions(world);
    };
  },
});

/** As a migration of the next version leaves it, which may only add. */
const schemaNewer = setting(
  'schema-newer',
  () => `insert into schema_migrations (name) values ('9999-chaos');
    alter table library_entries add column chaos integer; alter table games add column chaos text default 'new'`,
  () => 'alter table library_entries drop column chaos; alter table games drop column chaos',
);

export const postgresFaults: readonly NamedFault[] = [
  {
    name: 'postgres-sessions-killed',
    area: 'postgres',
    begin(world, _chance, met) {
      const end = () => endSessions(world).then((ended) => met(ended.length));
      const killing = setInterval(() => void end().catch(() => undefined), 150);
      return () => clearInterval(killing);
    },
  },
  {
    name: 'postgres-cut-at-commit',
    area: 'postgres',
    begin(world, _chance, met) {
      let left = 3;
      world.database.tap((bytes) => {
        const isCut = left > 0 && /commit/i.test(bytes.toString('latin1'));
        if (isCut) {
          left -= 1;
          met();
        }
        return !isCut;
      });
      return () => world.database.tap(null);
    },
  },
  {
    name: 'postgres-commit-answer-lost',
    area: 'postgres',
    begin(world, _chance, met) {
      let left = 3;
      world.database.tap((bytes) => {
        if (left > 0 && /commit/i.test(bytes.toString('latin1'))) {
          left -= 1;
          met();
          // Sent on first, and then the line breaks.
          setTimeout(() => {
            world.database.cut();
            world.database.mend();
          }, 5);
        }
        return true;
      });
      return () => world.database.tap(null);
    },
  },
  {
    name: 'postgres-away',
    area: 'postgres',
    begin(world, _chance, met) {
      world.database.cut();
      const count = countAsked(world, met);
      return () => {
        count();
        world.database.mend();
      };
    },
  },
  {
    name: 'postgres-flaps',
    area: 'postgres',
    begin(world, chance, met) {
      const count = countAsked(world, met);
      let isOver = false;
      const flapping = (async () => {
        while (!isOver) {
          world.database.cut();
          await delay(chance.between(50, 400));
          world.database.mend();
          await delay(chance.between(50, 400));
        }
      })();
      return async () => {
        count();
        isOver = true;
        await flapping;
      };
    },
  },
  {
    name: 'postgres-fails-over',
    area: 'postgres',
    async begin(world, _chance, met) {
      const count = countAsked(world, met);
      world.database.cut();
      await world.sql(`alter database ${world.databaseName} set default_transaction_read_only = on`);
      await endSessions(world);
      await delay(800);
      // The new one answers, and takes nothing yet.
      world.database.mend();
      return async () => {
        count();
        await world.sql(`alter database ${world.databaseName} reset default_transaction_read_only`);
        await endSessions(world);
      };
    },
  },
  failing('deadlock', '40P01'),
  failing('serialization', '40001'),
  failing('full', '53100'),
  failing('out-of-memory', '53200'),
  failing('too-many-connections', '53300'),
  failing('unforeseen', 'XX000'),
  setting(
    'read-only',
    ({ databaseName }) => `alter database ${databaseName} set default_transaction_read_only = on`,
    ({ databaseName }) => `alter database ${databaseName} reset default_transaction_read_only`,
  ),
  setting(
    'admits-nobody',
    ({ databaseName }) => `alter database ${databaseName} connection limit 0`,
    ({ databaseName }) => `alter database ${databaseName} connection limit -1`,
  ),
  setting(
    'password-rotated',
    ({ databaseRole }) => `alter role ${databaseRole} password 'second'`,
    ({ databaseRole }) => `alter role ${databaseRole} password 'first'`,
  ),
  setting(
    'schema-older',
    () => 'alter table library_entries rename to library_entries_before',
    () => 'alter table library_entries_before rename to library_entries',
  ),
  schemaNewer,
  {
    // The newer one has migrated; the older one starts as well, beside another, and all take from the same queues.
    name: 'two-versions',
    area: 'recovery',
    async begin(world, chance, met) {
      const end = await schemaNewer.begin(world, chance, met);
      const another = world.startStack();
      return async () => {
        await another;
        await end?.();
      };
    },
  },
  {
    name: 'postgres-table-locked',
    area: 'postgres',
    begin(world, _chance, met) {
      const count = countAsked(world, met);
      const held = world.sql(
        'do $$ begin lock table library_entries in access exclusive mode; perform pg_sleep(2.5); end $$',
      );
      return async () => {
        await held;
        count();
      };
    },
  },
];
